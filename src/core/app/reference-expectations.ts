/**
 * What the reference scenarios must come to, from sources that share no line with the simulator: the exact Markov chain of rumours, closed
 * forms, a published table, or a second program. `bias` is half a unit of the last printed digit, or how far a limit law is off at
 * this size; the rest of the tolerance is 3.3 standard errors.
 */

export interface Expectation {
  /** Which variant of the sweep, as `RepetitionCell.set` has it; empty without one. */
  readonly set: readonly string[];
  /** A name in the summary, such as `convergenceRounds`. */
  readonly metric: string;
  readonly mean: number;
  readonly bias: number;
}

export interface Reference {
  /** The file is `reference/<name>.yaml`. */
  readonly name: string;
  readonly source: string;
  readonly expectations: readonly Expectation[];
}

const chain = 'exact Markov chain of informed nodes';

function rounds(name: string, mean: number, source = chain, bias = 0.00005): Reference {
  return { name, source, expectations: [{ set: [], metric: 'convergenceRounds', mean, bias }] };
}

/** A. Demers et al. 1987, table 1: k, residue, traffic, t_last, as printed. */
const demersTable1 = [
  [1, 0.18, 1.7, 16.8],
  [2, 0.037, 3.3, 16.9],
  [3, 0.011, 4.5, 17.4],
  [4, 0.0036, 5.6, 17.5],
  [5, 0.0012, 6.7, 17.7],
] as const;
const residueBias = [0.005, 0.0005, 0.0005, 0.00005, 0.00005] as const;

function demers(): Expectation[] {
  return demersTable1.flatMap(([k, residue, traffic, lastRound], index) => {
    const set = [`dissemination.stop.k=${k}`];
    return [
      { set, metric: 'residue', mean: residue, bias: residueBias[index] },
      { set, metric: 'payloadsPerNode', mean: traffic, bias: 0.05 },
      { set, metric: 'lastDelivery', mean: lastRound * 1000, bias: 50 },
    ];
  });
}

/** exp(-f r) with r = 1 - exp(-f r), for f = 2, 3, 4; a limit law, off by less than 0.0005 at 10,000 nodes. */
const neverReached = [0.203188, 0.05952, 0.019827] as const;

/** S^2 with S = 1 - u^5, u = (1-q) + q u^4, for 20, 40 and 60 % damage; cycles of finite graphs are worth less than 0.01. */
const giantSquared = [
  [0.2, 0.999339],
  [0.4, 0.974525],
  [0.6, 0.708943],
] as const;

/** S^2 with S = 1 - u^8, u = 1 - q + q u^7, q = 60/80 up: both ends in the giant component of those who are up. */
const bothConnected = 0.999969;

/** 1000 ((1-(1-p)^1000) / (1000 p)) / (1-(1-p)^999) with p = 1/999, and a period, less the way of a probe; see the file. */
const firstSuspicionMs = 1989.582;
/** 24 judged probes of 999 members and 4 of the one that crashes, each a false suspicion with probability (1-q^2)(1-q^4)^3, q = 0.95. */
const falseSuspicions = 14.907;

/**
 * Share of liars; honest nodes with more than two liars among their neighbours, by counting; nodes misled after six seconds, the mean of
 * 100 runs of test/theory/dominoes.ts. After each the standard deviation of one run of that program: one run here may be 3.3 of them off.
 */
const dominoes = [
  [0.01, 5.581, 3.3, 110.73, 61.13],
  [0.02, 42.456, 9.45, 861.98, 179.32],
  [0.05, 569.434, 34.87, 13_419.89, 683.54],
  [0.1, 3512.539, 61.99, 73_379.65, 520.37],
] as const;

/**
 * Mean and 99th percentile of the latency of gossip without meshes, ms: the mean of 30 runs of test/theory/whispers.ts for 1,000 nodes that
 * pick 20 contacts, have 400 deaf ones and tell a quarter of all three times. A limit law for meshes full of Sybils: of 440 contacts of a
 * node one in eleven is honest, so that news may be faster by a tenth.
 */
const whispered = [
  ['disseminationLatency.mean', 565.7],
  ['disseminationLatency.p99', 1102.6],
] as const;

const liarsAre = (count: number): string => `adversaries[0].step-inflate.nodes.count=${count}`;

export const references: readonly Reference[] = [
  rounds('rumour-1k', 9.1511),
  rounds('rumour-1k-push', 18.0383),
  rounds('rumour-1k-pull', 13.7671),
  rounds('rumour-1k-loss', 10.2115),
  rounds('rumour-1k-silent', 10.0758),
  rounds('rumour-10k', 11.613, 'bench/engine/rumour-mean.c, 4,000 runs', 0.025),
  rounds('rumour-1m', 16.3, 'bench/engine/rumour-mean.c, 60 runs', 0.18),
  {
    name: 'rumour-poisson-1k',
    source: '2 (n-1)/n H(n-1) seconds',
    expectations: [{ set: [], metric: 'lastDelivery', mean: 14_953.97, bias: 0.5 }],
  },
  { name: 'demers-1987', source: 'Demers et al. 1987, table 1', expectations: demers() },
  {
    name: 'one-shot-10k',
    source: 'r = 1 - exp(-f r)',
    expectations: neverReached.map((mean, index) => ({
      set: [`dissemination.fanout=${index + 2}`],
      metric: 'residue',
      mean,
      bias: 0.0005,
    })),
  },
  rounds('split-heal-1k', 3.0351, `${chain}, from 500 of 1,000`),
  {
    name: 'overlay-damage-10k',
    source: 'S = 1 - u^5, u = 1 - q + q u^4',
    expectations: giantSquared.map(([share, mean]) => ({
      set: [`faults[0].crash.nodes.share=${share}`],
      metric: 'reach',
      mean,
      bias: 0.01,
    })),
  },
  {
    name: 'churn-gossip-10k',
    source: 'renewal theory; S = 1 - u^8, u = 1 - q + q u^7',
    expectations: [
      { set: [], metric: 'nodesUp', mean: 7500, bias: 0.5 },
      { set: [], metric: 'deliveryRatio', mean: bothConnected, bias: 0.0001 },
    ],
  },
  {
    name: 'swim-1k',
    source: 'first of 999 probes; (1-q^2)(1-q^4)^3',
    expectations: [
      { set: ['network.loss=0'], metric: 'detector.suspicionTime.mean', mean: firstSuspicionMs, bias: 0.5 },
      { set: ['network.loss=0.05'], metric: 'detector.falseSuspicions', mean: falseSuspicions, bias: 0.1 },
    ],
  },
  {
    name: 'liar-steps',
    source: 'f + 1 voices decide',
    expectations: [
      { set: [liarsAre(33)], metric: 'unsafeAdoptions', mean: 0, bias: 0 },
      { set: [liarsAre(33)], metric: 'sync.misled', mean: 0, bias: 0 },
      { set: [liarsAre(34)], metric: 'sync.misled', mean: 66, bias: 0 },
    ],
  },
  {
    name: 'liar-steps-100k',
    source: 'binomial neighbourhoods; test/theory/dominoes.ts, 100 runs',
    expectations: dominoes.flatMap(([share, overBudget, overBudgetSd, misled, misledSd]) => {
      const set = [`adversaries[0].step-inflate.nodes.share=${share}`];
      return [
        { set, metric: 'sync.overBudget', mean: overBudget, bias: 3.3 * overBudgetSd },
        { set, metric: 'sync.misled', mean: misled, bias: 3.3 * misledSd },
      ];
    }),
  },
  {
    name: 'sybil-5k',
    source: 'all within 6 s, as Vyzovitis et al. 2020 found; test/theory/whispers.ts, 30 runs',
    expectations: [
      ...[20, 100].map((links) => ({
        set: [`topology.links=${links}`],
        metric: 'deliveryRatio',
        mean: 1,
        bias: 0,
      })),
      ...whispered.map(([metric, mean]) => ({
        set: ['topology.links=100'],
        metric,
        mean,
        bias: mean / 10,
      })),
    ],
  },
];
