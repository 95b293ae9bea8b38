/**
 * Chance that can be repeated. All randomness comes from one counter-based function, Threefry-2x32 with 20 rounds: put in a key
 * and a counter, get 64 bits that look drawn at random, the same on every machine. So a draw needs no state: "does fault 3
 * lose message 17 of node 5?" is a question with one answer, whoever asks first, and a fault that is taken out shifts no other.
 *
 * Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.2 and
 * table 2 (Threefry-2x32, crush-resistant from 13 rounds on; 20 is the authors' default with a margin).
 */
import { assert } from './assert.js';

const word = 4294967296;
const parity = 0x1bd11bda;

/** Threefry-2x32-20 under one key. The two output words are left in `x` and `y` as signed 32-bit integers. */
export class Threefry {
  x = 0;
  y = 0;
  readonly #key2: number;

  constructor(
    private readonly key0: number,
    private readonly key1: number,
  ) {
    this.#key2 = parity ^ key0 ^ key1;
  }

  /** Encrypts the counter (two 32-bit words) into `x` and `y`. */
  block(counter0: number, counter1: number): void {
    const k0 = this.key0 | 0;
    const k1 = this.key1 | 0;
    const k2 = this.#key2 | 0;
    let x = (counter0 + k0) | 0;
    let y = (counter1 + k1) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k1) | 0;
    y = (y + k2 + 1) | 0;

    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k2) | 0;
    y = (y + k0 + 2) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k0) | 0;
    y = (y + k1 + 3) | 0;

    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k1) | 0;
    y = (y + k2 + 4) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    this.x = (x + k2) | 0;
    this.y = (y + k0 + 5) | 0;
  }

  /**
   * Many draws at once: the very rounds of `block`, in one loop so that everything stays in registers.
   * @param limits on entry counts up to 2^31 - 1, on return whole numbers below them
   */
  belowEach(ids: Int32Array, numbers: Int32Array, length: number, limits: Int32Array): void {
    const k0 = this.key0 | 0;
    const k1 = this.key1 | 0;
    const k2 = this.#key2 | 0;
    for (let i = 0; i < length; i++) {
      let x = (ids[i] + k0) | 0;
      let y = (numbers[i] + k1) | 0;

      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      x = (x + k1) | 0;
      y = (y + k2 + 1) | 0;

      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
      x = (x + k2) | 0;
      y = (y + k0 + 2) | 0;

      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      x = (x + k0) | 0;
      y = (y + k1 + 3) | 0;

      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
      x = (x + k1) | 0;
      y = (y + k2 + 4) | 0;

      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
      x = (x + k2) | 0;
      y = (y + k0 + 5) | 0;
      limits[i] = Math.floor((((x >>> 5) * 67108864 + (y >>> 6)) / 9007199254740992) * limits[i]);
    }
  }

  /** The last block as a number in [0, 1), a multiple of 2^-53. */
  ratio(): number {
    return ((this.x >>> 5) * 67108864 + (this.y >>> 6)) / 9007199254740992;
  }
}

/** Spreads a text over 64 bits: two differently seeded 32-bit FNV-1a sums over its UTF-16 code units, each finalised. */
function textBits(text: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a ^ (a >>> 13) ^ text.length, b ^ (b >>> 13)];
}

/** The key of one purpose under one seed: every purpose has a stream space of its own. */
function purposeKey(seed: number, purpose: string): Threefry {
  assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is an integer from 0 to 2^53-1');
  const root = new Threefry(seed | 0, Math.floor(seed / word) | 0);
  const [a, b] = textBits(purpose);
  root.block(a, b);
  return new Threefry(root.x, root.y);
}

/**
 * Draws that depend on nothing but (seed, purpose, id, number): for links, messages and faults.
 * `id` and `number` count modulo 2^32.
 */
export class KeyedDraws {
  first = 0;
  second = 0;
  readonly #cipher: Threefry;

  constructor(seed: number, purpose: string) {
    this.#cipher = purposeKey(seed, purpose);
  }

  /** A number in [0, 1). */
  ratio(id: number, number: number): number {
    this.#cipher.block(id, number);
    return this.#cipher.ratio();
  }

  /** A whole number in [0, count), count <= 2^32; the bias is below count / 2^53. */
  below(count: number, id: number, number: number): number {
    return Math.floor(this.ratio(id, number) * count);
  }

  /** Two independent draws from one block: leaves numbers in [0, 1), multiples of 2^-32, in `first` and `second`. */
  pair(id: number, number: number): void {
    const cipher = this.#cipher;
    cipher.block(id, number);
    this.first = (cipher.x >>> 0) / word;
    this.second = (cipher.y >>> 0) / word;
  }

  /** A stream of draws for (id, number), for samplers that need more than one. */
  stream(id: number, number: number): RandomStream {
    this.#cipher.block(id, number);
    return new RandomStream(new Threefry(this.#cipher.x, this.#cipher.y), 0);
  }
}

/** Draws one after another: what a protocol, a generator of topologies or a sampler of distributions is handed. */
export interface Chance {
  /** A number in [0, 1), a multiple of 2^-53. */
  ratio(): number;
  /** A whole number in [0, count), count <= 2^32. */
  below(count: number): number;
}

/** A named stream: the n-th draw is a function of (seed, purpose, id, n). Its whole state is one counter. */
export class RandomStream implements Chance {
  #count = 0;

  constructor(
    private readonly cipher: Threefry,
    private readonly id: number,
  ) {}

  static named(seed: number, purpose: string, id = 0): RandomStream {
    return new RandomStream(purposeKey(seed, purpose), id);
  }

  ratio(): number {
    this.cipher.block(this.id, this.#count++);
    return this.cipher.ratio();
  }

  below(count: number): number {
    return Math.floor(this.ratio() * count);
  }
}

/** Where a word of each row lies, in an array that several owners may share: row * stride + offset. */
export interface RowWords<A extends Int32Array | Uint32Array | Float64Array> {
  readonly words: A;
  readonly stride: number;
  readonly offset: number;
}

/** The streams of many nodes, four bytes each: `node` is set before the draws. */
export class NodeStreams implements Chance {
  /** Whose stream the next draw comes from. */
  node = 0;
  readonly #cipher: Threefry;
  readonly #counts: Uint32Array;
  readonly #stride: number;
  readonly #offset: number;

  /**
   * @param firstNode the address of row 0, so that a population of one draws from its own node's stream
   * @param place where the counters lie; left out, in an array of their own
   */
  constructor(
    seed: number,
    purpose: string,
    nodeCount: number,
    readonly firstNode = 0,
    place: RowWords<Uint32Array> = { words: new Uint32Array(nodeCount), stride: 1, offset: 0 },
  ) {
    this.#cipher = purposeKey(seed, purpose);
    this.#counts = place.words;
    this.#stride = place.stride;
    this.#offset = place.offset - firstNode * place.stride;
  }

  ratio(): number {
    const { node } = this;
    this.#cipher.block(node, this.#counts[node * this.#stride + this.#offset]++);
    return this.#cipher.ratio();
  }

  below(count: number): number {
    return Math.floor(this.ratio() * count);
  }

  /**
   * `below` for many nodes at once, one draw each.
   * @param numbers room for as many
   * @param limits on entry the counts, at least 1, on return the numbers drawn; a count of 1 takes no draw and becomes 0
   */
  belowEach(nodes: Int32Array, numbers: Int32Array, length: number, limits: Int32Array): void {
    const counts = this.#counts;
    const stride = this.#stride;
    const offset = this.#offset;
    for (let i = 0; i < length; i++) {
      const at = nodes[i] * stride + offset;
      numbers[i] = counts[at];
      if (limits[i] > 1) counts[at] = numbers[i] + 1;
    }
    this.#cipher.belowEach(nodes, numbers, length, limits);
  }
}

/** The seed of repetition `index`: hash(seed, index), a safe integer of 53 bits; repetition 0 is not the seed itself. */
export function repetitionSeed(seed: number, index: number): number {
  const cipher = purposeKey(seed, 'repetition');
  cipher.block(index | 0, 0);
  return (cipher.x >>> 5) * 67108864 + (cipher.y >>> 6);
}
