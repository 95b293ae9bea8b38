/**
 * Everybody who hears calls f distinct others, once, and falls silent: the exact law of how many hear of it in the end. With a nodes that
 * heard in the last round and u that did not hear yet, the calls are gone through one by one; of f distinct others out of n - 1, the
 * number of those that are fresh is hypergeometric. (M. Lefevre, P. Picard, "The final size distribution of epidemics", 1990, have
 * it as collective Reed-Frost processes.)
 */

/** Probabilities that 0, 1, ..., f of f distinct picks out of `others` fall on the `wanted` ones. */
function hypergeometric(others: number, wanted: number, picks: number): number[] {
  let law = [1];
  for (let pick = 0; pick < picks; pick++) {
    const next = new Array<number>(law.length + 1).fill(0);
    law.forEach((p, hits) => {
      const share = (wanted - hits) / (others - pick);
      next[hits] += p * (1 - share);
      next[hits + 1] += p * share;
    });
    law = next;
  }
  return law;
}

/** P(so many have heard when all is quiet), by number, the first one included. */
export function fireOnceLaw(nodes: number, fanout: number): number[] {
  const picks = Array.from({ length: nodes }, (_, fresh) => hypergeometric(nodes - 1, fresh, fanout));
  const law = new Array<number>(nodes + 1).fill(0);
  // By nodes that did not hear, and among those who did, how many are still to call.
  let states = new Map([[(nodes - 1) * nodes + 1, 1]]);
  while (states.size > 0) {
    const next = new Map<number, number>();
    for (const [state, p] of states) {
      const callers = state % nodes;
      const unheard = (state - callers) / nodes;
      let hits = new Float64Array(unheard + 1);
      hits[0] = 1;
      for (let call = 0; call < callers; call++) {
        const after = new Float64Array(unheard + 1);
        hits.forEach((q, hit) => {
          if (q === 0) return;
          picks[unheard - hit].forEach((r, more) => {
            if (hit + more <= unheard) after[hit + more] += q * r;
          });
        });
        hits = after;
      }
      hits.forEach((q, hit) => {
        if (q * p < 1e-18) return;
        if (hit === 0) law[nodes - unheard] += q * p;
        else next.set((unheard - hit) * nodes + hit, (next.get((unheard - hit) * nodes + hit) ?? 0) + q * p);
      });
    }
    states = next;
  }
  return law;
}
