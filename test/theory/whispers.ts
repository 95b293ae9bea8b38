/**
 * A second program for gossip without a mesh: a publisher tells all its neighbours; once a second, at a moment of its own, each node tells
 * a share of its neighbours what it got in the last seconds, and who lacked it asks and is given it, which takes three ways. Neighbours
 * who are deaf are told as well, and tell nobody. It knows no simulator and draws its own network.
 */

export interface WhisperSetting {
  readonly nodes: number;
  /** Neighbours that each node picks at random. */
  readonly links: number;
  /** Further neighbours of each node that are deaf. */
  readonly deaf: number;
  /** The share of its neighbours that a node tells at a time, rounded down to whole ones. */
  readonly share: number;
  /** How often it tells of each message. */
  readonly beats: number;
  /** One way, in seconds. */
  readonly latency: number;
  readonly messages: number;
}

/** Mean and 99th percentile of the time to first receipt, in milliseconds, and the share of the nodes that got a message. */
export interface WhisperFigures {
  readonly mean: number;
  readonly p99: number;
  readonly reached: number;
}

/** The minimal standard generator: S. K. Park and K. W. Miller, CACM 31(10), 1988. */
function chanceFrom(seed: number): () => number {
  let state = (seed * 7919) % 2147483647;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function network(nodes: number, links: number, below: (limit: number) => number): number[][] {
  const neighbours = Array.from({ length: nodes }, () => new Set<number>());
  for (let node = 0; node < nodes; node++) {
    const picked = new Set<number>();
    while (picked.size < links) {
      const other = below(nodes);
      if (other !== node) picked.add(other);
    }
    for (const other of picked) {
      neighbours[node].add(other);
      neighbours[other].add(node);
    }
  }
  return neighbours.map((set) => [...set]);
}

/** What happens, and when: a node receives the message, or tells of it. */
interface Moment {
  readonly at: number;
  readonly node: number;
  readonly tells: boolean;
}

export function whispers(setting: WhisperSetting, seed: number): WhisperFigures {
  const { nodes, links, deaf, share, beats, latency, messages } = setting;
  const chance = chanceFrom(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const neighbours = network(nodes, links, below);
  const phase = Array.from({ length: nodes }, chance);
  const delays: number[] = [];
  for (let message = 0; message < messages; message++) {
    const source = below(nodes);
    const published = chance();
    const got = new Map<number, number>();
    /** Latest first. */
    const plan: Moment[] = [];
    const add = (moment: Moment): void => {
      let [from, to] = [0, plan.length];
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (plan[middle].at > moment.at) from = middle + 1;
        else to = middle;
      }
      plan.splice(from, 0, moment);
    };
    const receive = (node: number, at: number): void => {
      if (got.has(node)) return;
      got.set(node, at);
      const first = Math.floor(at - phase[node]) + 1 + phase[node];
      for (let beat = 0; beat < beats; beat++) add({ at: first + beat, node, tells: true });
    };
    receive(source, published);
    for (const node of neighbours[source]) add({ at: published + latency, node, tells: false });
    for (let next = plan.pop(); next !== undefined; next = plan.pop()) {
      const { at, node } = next;
      if (!next.tells) {
        receive(node, at);
        continue;
      }
      const hat = [...neighbours[node], ...new Array<number>(deaf).fill(-1)];
      for (let left = Math.floor(share * hat.length); left > 0; left--) {
        const drawn = below(hat.length);
        const other = hat[drawn];
        hat[drawn] = hat[hat.length - 1];
        hat.pop();
        if (other >= 0 && (got.get(other) ?? Infinity) > at + latency)
          add({ at: at + 3 * latency, node: other, tells: false });
      }
    }
    for (const [node, at] of got) if (node !== source) delays.push(1000 * (at - published));
  }
  delays.sort((a, b) => a - b);
  return {
    mean: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    p99: delays[Math.floor(0.99 * delays.length)],
    reached: delays.length / (messages * (nodes - 1)),
  };
}
