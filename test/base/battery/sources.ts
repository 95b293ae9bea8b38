/**
 * The generator as the simulator asks it, in the orders that would hurt a weak one. A counter-based function is used with keys that
 * hardly differ: the next message, the next node, the next seed, the next fault. Each source walks along one of those and hands out
 * 32-bit words; if neighbours resembled each other anywhere, it would show here.
 */
import { KeyedDraws, NodeStreams, RandomStream, repetitionSeed } from '../../../src/core/base/random.js';

/** Hands out whole numbers in [0, 2^32), one after another. */
export type Words = () => number;

export interface Source {
  readonly name: string;
  readonly about: string;
  /** From its beginning; `seed` gives sequences that have nothing to do with each other. */
  readonly open: (seed: number) => Words;
}

const word = 2 ** 32;

/** Both words of the block at each (id, number) that `walk` leads to. */
function pairs(draws: KeyedDraws, walk: (step: number) => readonly [id: number, number: number]): Words {
  let step = 0;
  let isSecond = false;
  return () => {
    isSecond = !isSecond;
    if (!isSecond) return draws.second * word;
    const [id, number] = walk(step++);
    draws.pair(id, number);
    return draws.first * word;
  };
}

/** 32-bit numbers with few bits set, fewest first: 0, then all with one bit, with two, and so on. */
function sparse(): () => number {
  let now = 0;
  let next = 1;
  return () => {
    const given = now;
    now = next;
    // The next larger number with as many bits (R. W. Gosper, HAKMEM item 175); beyond 32 bits, the smallest with one more.
    const low = next & -next;
    const ripple = (next >>> 0) + (low >>> 0);
    if (ripple >= word) {
      let bits = 1;
      for (let rest = next; (rest &= rest - 1) !== 0;) bits++;
      next = bits === 32 ? 0 : 2 ** (bits + 1) - 1;
    } else {
      next = (ripple | (Math.floor(((next ^ ripple) >>> 0) / (low >>> 0)) >>> 2)) >>> 0;
    }
    return given;
  };
}

/** Draws of 53 bits give their upper 32 and, put together from two, their lower 21. */
function upper(ratio: () => number): Words {
  return () => Math.floor(ratio() * word);
}

function lower(ratio: () => number): Words {
  const low = (bits: number): number => (ratio() * 2 ** 53) % 2 ** bits;
  return () => low(16) * 65536 + low(16);
}

export const sources: readonly Source[] = [
  {
    name: 'one node',
    about: 'the stream of one node, draw after draw: upper 32 bits of each ratio',
    open(seed) {
      const streams = new NodeStreams(seed, 'node', 1);
      return upper(() => streams.ratio());
    },
  },
  {
    name: 'low bits',
    about: 'the same, lower 16 bits of each ratio',
    open(seed) {
      const streams = new NodeStreams(seed, 'node', 1);
      return lower(() => streams.ratio());
    },
  },
  {
    name: 'messages',
    about: 'keyed draws about the messages of one sender: the number counts up',
    open: (seed) => pairs(new KeyedDraws(seed, 'network'), (step) => [0, step]),
  },
  {
    name: 'nodes',
    about: 'keyed draws about the first message of every sender: the id counts up',
    open: (seed) => pairs(new KeyedDraws(seed, 'network'), (step) => [step, 0]),
  },
  {
    name: 'turns',
    about: 'a thousand nodes draw in turn, each from its stream',
    open(seed) {
      const streams = new NodeStreams(seed, 'node', 1000);
      let turn = 0;
      return upper(() => {
        streams.node = turn++ % 1000;
        return streams.ratio();
      });
    },
  },
  {
    name: 'links',
    about: 'keyed draws about pairs of nodes: (0,1), (0,2), (1,2), (0,3), ...',
    open(seed) {
      let low = -1;
      let high = 1;
      return pairs(new KeyedDraws(seed, 'latency'), () => {
        if (++low === high) {
          low = 0;
          high++;
        }
        return [low, high];
      });
    },
  },
  {
    name: 'high halves',
    about: 'ids and numbers of which only the upper 16 bits change',
    open: (seed) =>
      pairs(new KeyedDraws(seed, 'high'), (step) => [(step & 0xffff) << 16, (step >>> 16) << 16]),
  },
  {
    name: 'sparse keys',
    about: 'numbers with few bits set, fewest first',
    open(seed) {
      const next = sparse();
      return pairs(new KeyedDraws(seed, 'sparse'), () => [0, next()]);
    },
  },
  {
    name: 'seeds',
    about: 'the first block of every seed, counting up',
    open(seed) {
      let step = seed * 2 ** 24;
      let draws: KeyedDraws;
      let isSecond = false;
      return () => {
        isSecond = !isSecond;
        if (!isSecond) return draws.second * word;
        draws = new KeyedDraws(step++, 'node');
        draws.pair(0, 0);
        return draws.first * word;
      };
    },
  },
  {
    name: 'purposes',
    about: 'the first block of the faults number 0, 1, 2, ...',
    open(seed) {
      let step = 0;
      return upper(() => new KeyedDraws(seed, `fault:loss-${step++}`).ratio(0, 0));
    },
  },
  {
    name: 'repetitions',
    about: 'the seeds of repetition 0, 1, 2, ... themselves, upper 32 of 53 bits',
    open(seed) {
      let step = 0;
      return () => Math.floor(repetitionSeed(seed, step++) / 2 ** 21);
    },
  },
  {
    name: 'runs',
    about: 'the first draw of node 0 in repetition 0, 1, 2, ...',
    open(seed) {
      let step = 0;
      return upper(() => RandomStream.named(repetitionSeed(seed, step++), 'node').ratio());
    },
  },
  {
    name: 'samplers',
    about: 'the first draw of the stream that belongs to message 0, 1, 2, ...',
    open(seed) {
      const draws = new KeyedDraws(seed, 'sampler');
      let step = 0;
      return upper(() => draws.stream(3, step++).ratio());
    },
  },
];
