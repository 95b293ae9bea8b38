/**
 * A second program for liars among neighbours: bootstrap percolation on a small world, as fast as people talk. Everybody says once a
 * second, at a moment of its own, whether it is ill; who has heard more than `f` ill neighbours is ill. It knows no clocks, no messages and
 * no simulator, and draws its network, its liars and its moments itself.
 *
 * D. Watts and S. Strogatz, Nature 393, 1998 (the network); J. Chalupa, P. L. Leath, G. R. Reich, J. Phys. C 12, 1979 (the percolation).
 */

export interface DominoSetting {
  readonly nodes: number;
  /** Neighbours before rewiring, an even number. */
  readonly k: number;
  readonly beta: number;
  readonly liars: number;
  readonly f: number;
  /** How long people talk, and how long a word is under way, in seconds. */
  readonly seconds: number;
  readonly latency: number;
}

export interface Dominoes {
  /** Honest nodes with more than `f` liars among their neighbours. */
  readonly overBudget: number;
  /** Honest nodes that are ill in the end. */
  readonly misled: number;
}

/** The minimal standard generator: S. K. Park and K. W. Miller, CACM 31(10), 1988. */
function chanceFrom(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function smallWorld(nodes: number, k: number, beta: number, chance: () => number): number[][] {
  const isTaken = new Set<number>();
  const key = (a: number, b: number): number => Math.min(a, b) * nodes + Math.max(a, b);
  const ends: [number, number][] = [];
  for (let far = 1; far <= k / 2; far++) {
    for (let node = 0; node < nodes; node++) {
      ends.push([node, (node + far) % nodes]);
      isTaken.add(key(node, (node + far) % nodes));
    }
  }
  for (const edge of ends) {
    if (chance() >= beta) continue;
    let to = Math.floor(chance() * nodes);
    while (to === edge[0] || isTaken.has(key(edge[0], to))) to = Math.floor(chance() * nodes);
    isTaken.delete(key(...edge));
    isTaken.add(key(edge[0], to));
    edge[1] = to;
  }
  const neighbours: number[][] = Array.from({ length: nodes }, () => []);
  for (const [a, b] of ends) {
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  return neighbours;
}

export function dominoes(setting: DominoSetting, seed: number): Dominoes {
  const { nodes, k, beta, liars, f, seconds, latency } = setting;
  const chance = chanceFrom(seed);
  const neighbours = smallWorld(nodes, k, beta, chance);
  const isLiar = new Uint8Array(nodes);
  for (let left = liars; left > 0;) {
    const node = Math.floor(chance() * nodes);
    left -= 1 - isLiar[node];
    isLiar[node] = 1;
  }
  const illSince = Float64Array.from(isLiar, (liar) => (liar === 1 ? -1 : Infinity));
  const moments = Array.from({ length: nodes }, (_, node) => ({ node, at: chance() }));
  moments.sort((a, b) => a.at - b.at);
  const heard = new Uint8Array(nodes);
  const hasSpoken = new Uint8Array(nodes);
  for (let second = 0; second < seconds; second++) {
    for (const { node, at } of moments) {
      if (hasSpoken[node] === 1 || illSince[node] > second + at) continue;
      hasSpoken[node] = 1;
      for (const other of neighbours[node])
        if (++heard[other] === f + 1 && isLiar[other] === 0) illSince[other] = second + at + latency;
    }
  }
  let overBudget = 0;
  let misled = 0;
  for (let node = 0; node < nodes; node++) {
    if (isLiar[node] === 1) continue;
    if (neighbours[node].filter((other) => isLiar[other] === 1).length > f) overBudget++;
    if (illSince[node] <= seconds) misled++;
  }
  return { overBudget, misled };
}
