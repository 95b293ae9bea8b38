/**
 * A count and a sum in one number: the count above, the sum in the lower 32 bits. Adding two tallies adds both, so a whole region is summed up
 * with one addition each, one word of a message and one number of an array. Exact below 2^21 nodes and a sum of 2^32, because every
 * such number is a whole number below 2^53.
 */

const sumLimit = 2 ** 32;

export function tallyOf(count: number, sum: number): number {
  return count * sumLimit + sum;
}

export function countIn(tally: number): number {
  return Math.floor(tally / sumLimit);
}

export function sumIn(tally: number): number {
  return tally % sumLimit;
}

/** What the nodes have that is added up. */
export const ownValues = ['readings', 'ones', 'bits'] as const;
export type OwnValues = (typeof ownValues)[number];

/** Nodes that have a bit of their own with `bits`. */
export const bitNodes = 32;

/** What a node has: a reading of 12 bits that follows from its address alone, or a one, or its own bit. */
export function ownValue(values: OwnValues, address: number): number {
  switch (values) {
    case 'ones':
      return 1;
    case 'bits':
      return address < bitNodes ? (1 << address) >>> 0 : 0;
    case 'readings': {
      // Multiplicative hashing (Knuth, TAOCP 3, section 6.4): the upper bits of address * 2^32 / golden ratio.
      const mixed = Math.imul(address + 1, 0x9e3779b1);
      return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 20;
    }
  }
}
