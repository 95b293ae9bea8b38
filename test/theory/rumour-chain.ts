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
 * - *push-pull*: both at once, and the calls of the informed do not depend on those of the uninformed: the callers that pulled are
 *   a uniformly random set, so of u uninformed nodes k are taken away by pulls, and each pushed-to node is fresh if it did not pull.
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
  for (let k = peak; k < n; k++) out[k + 1] = (out[k] * (n - k) * odds) / (k + 1);
  for (let k = peak; k > 0; k--) out[k - 1] = (out[k] * k) / ((n - k + 1) * odds);
  const sum = out.reduce((total, value) => total + value, 0);
  return out.map((value) => value / sum);
}

/** How many distinct of `targets` nodes are hit by `calls` calls, each of which hits each of them with probability `each`. */
function occupancy(calls: number, targets: number, each: number): Float64Array {
  let now = new Float64Array(targets + 1);
  now[0] = 1;
  for (let call = 0; call < calls; call++) {
    const next = new Float64Array(targets + 1);
    for (let hit = 0; hit <= targets; hit++) {
      if (now[hit] === 0) continue;
      const fresh = each * (targets - hit);
      next[hit] += now[hit] * (1 - fresh);
      if (hit < targets) next[hit + 1] += now[hit] * fresh;
    }
    now = next;
  }
  return now;
}

/** ln k! for 0..n. */
function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) out[k] = out[k - 1] + Math.log(k);
  return out;
}

/** Probabilities of 0, 1, 2, ... newly informed nodes. */
function newlyInformed(setting: Required<ChainSetting>, informed: number, logs: Float64Array): Float64Array {
  const { nodes, mode, callSuccess, pullSuccess, silent } = setting;
  const uninformed = nodes - silent - informed;
  const each = callSuccess / (nodes - 1);
  if (mode === 'push') return occupancy(informed, uninformed, each);
  const pulls = binomial(uninformed, (pullSuccess / (nodes - 1)) * informed);
  if (mode === 'pull') return pulls;
  const pushes = occupancy(informed, uninformed, each);
  const out = new Float64Array(uninformed + 1);
  const choose = (n: number, k: number): number => logs[n] - logs[k] - logs[n - k];
  for (let hit = 0; hit <= uninformed; hit++) {
    if (pushes[hit] < 1e-18) continue;
    for (let pulled = 0; pulled <= uninformed; pulled++) {
      const weight = pushes[hit] * pulls[pulled];
      if (weight < 1e-20) continue;
      // Two random sets of sizes `hit` and `pulled` among the uninformed: their overlap is hypergeometric.
      for (let both = Math.max(0, hit + pulled - uninformed); both <= Math.min(hit, pulled); both++) {
        const overlap = Math.exp(
          choose(hit, both) + choose(uninformed - hit, pulled - both) - choose(uninformed, pulled),
        );
        out[hit + pulled - both] += weight * overlap;
      }
    }
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
  const logs = logFactorials(full.nodes);
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
      if (step === undefined) steps.set(informed, (step = newlyInformed(full, informed, logs)));
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
