/**
 * The exact law of a rumour on a complete network, in rounds: how many nodes know after each round is a Markov chain, and its transition
 * probabilities can be summed up without approximation. Everybody who calls picks one of the other n - 1 nodes; what is learned counts
 * from the next round on; each call succeeds with probability p; silent nodes neither call nor answer but can be picked.
 *
 * With i informed and u uninformed honest nodes, and s silent ones (n = i + u + s):
 *
 * - *push*: i independent calls each hit one certain uninformed node with probability p/(n-1). The number of distinct nodes that are hit
 *   is an occupancy problem, walked through caller by caller: with j hit already, a call hits a new one with p (u-j)/(n-1).
 * - *pull*: each uninformed node hits an informed one with probability p i/(n-1), independently: a binomial.
 * - *push-pull*: both at once, and the calls of the informed do not depend on those of the uninformed: h nodes are pushed to, and of the
 *   u - h others each pulls with the probability above.
 */

export type ChainMode = 'push' | 'pull' | 'push-pull';

export interface ChainSetting {
  readonly nodes: number;
  readonly mode: ChainMode;
  readonly callSuccess?: number;
  /** Where answers are lost apart from requests: the probability that both get through. Default: `callSuccess`. */
  readonly pullSuccess?: number;
  readonly silent?: number;
  /** Informed nodes at the start. */
  readonly informed?: number;
}

/** Binomial probabilities 0..n, by recurrence from the mode outwards, so that nothing underflows on the way. */
function binomial(n: number, p: number): Float64Array {
  const out = new Float64Array(n + 1);
  if (p <= 0 || p >= 1) {
    out[p <= 0 ? 0 : n] = 1;
    return out;
  }
  const peak = Math.min(n, Math.floor((n + 1) * p));
  out[peak] = 1;
  const odds = p / (1 - p);
  // Outwards until it is as good as impossible.
  let sum = 1;
  let above = peak;
  for (; above < n && out[above] > 1e-20; above++)
    sum += out[above + 1] = (out[above] * (n - above) * odds) / (above + 1);
  let below = peak;
  for (; below > 0 && out[below] > 1e-20; below--)
    sum += out[below - 1] = (out[below] * below) / ((n - below + 1) * odds);
  for (let k = below; k <= above; k++) out[k] /= sum;
  return out;
}

/** How many distinct of `targets` nodes are hit by `calls` calls, each of which hits each of them with probability `each`. */
function occupancy(calls: number, targets: number, each: number): Float64Array {
  const law = new Float64Array(targets + 1);
  law[0] = 1;
  let most = 0;
  let least = 0;
  for (let call = 0; call < calls; call++) {
    most = Math.min(targets, most + 1);
    // From above, so that a call is counted once.
    for (let hit = most; hit >= least; hit--) {
      law[hit] *= 1 - each * (targets - hit);
      if (hit > 0) law[hit] += law[hit - 1] * each * (targets - hit + 1);
    }
    // What is as good as impossible stays so.
    while (law[least] < 1e-30) law[least++] = 0;
  }
  return law;
}

/** Probabilities of 0, 1, 2, ... newly informed nodes. */
function newlyInformed(setting: Required<ChainSetting>, informed: number): Float64Array {
  const { nodes, mode, callSuccess, pullSuccess, silent } = setting;
  const uninformed = nodes - silent - informed;
  const each = callSuccess / (nodes - 1);
  if (mode === 'push') return occupancy(informed, uninformed, each);
  const pulled = (pullSuccess / (nodes - 1)) * informed;
  if (mode === 'pull') return binomial(uninformed, pulled);
  const pushes = occupancy(informed, uninformed, each);
  const out = new Float64Array(uninformed + 1);
  for (let hit = 0; hit <= uninformed; hit++) {
    if (pushes[hit] < 1e-18) continue;
    const pulls = binomial(uninformed - hit, pulled);
    for (let own = 0; own < pulls.length; own++)
      if (pulls[own] > 0) out[hit + own] += pushes[hit] * pulls[own];
  }
  return out;
}

/** P(T = t) for t = 0, 1, 2, ...: rounds until every honest node knows. Ends where less than 1e-12 is left. */
export function roundsDistribution(setting: ChainSetting): number[] {
  const full = {
    callSuccess: 1,
    pullSuccess: setting.callSuccess ?? 1,
    silent: 0,
    informed: 1,
    ...setting,
  };
  const honest = full.nodes - full.silent;
  const steps = new Map<number, Float64Array>();
  let state = new Float64Array(honest + 1);
  state[full.informed] = 1;
  const result = [state[honest]];
  let left = 1 - state[honest];
  while (left > 1e-12 && result.length < 10_000) {
    const next = new Float64Array(honest + 1);
    for (let informed = 1; informed < honest; informed++) {
      if (state[informed] < 1e-16) continue;
      let step = steps.get(informed);
      if (step === undefined) steps.set(informed, (step = newlyInformed(full, informed)));
      for (let fresh = 0; fresh < step.length; fresh++)
        next[informed + fresh] += state[informed] * step[fresh];
    }
    result.push(next[honest]);
    next[honest] = 0;
    left = next.reduce((sum, value) => sum + value, 0);
    state = next;
  }
  return result;
}

/** Mean and standard deviation of a distribution over 0, 1, 2, ... */
export function moments(distribution: readonly number[]): { readonly mean: number; readonly sd: number } {
  const total = distribution.reduce((sum, p) => sum + p, 0);
  const mean = distribution.reduce((sum, p, t) => sum + p * t, 0) / total;
  const variance = distribution.reduce((sum, p, t) => sum + p * (t - mean) ** 2, 0) / total;
  return { mean, sd: Math.sqrt(variance) };
}
