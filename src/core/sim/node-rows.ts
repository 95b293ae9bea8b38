/**
 * What nearly every event touches of a node, side by side: its digest, its counters, its traffic. In a large network a node that has its
 * turn is never in the processor's cache, and memory hands out lines of 64 bytes: eight columns would be eight waits, a row is one.
 * Each column still belongs to the class that gives it its meaning; this file only says where it lies.
 */
import type { RowWords } from '../base/random.js';

const wordsInRow = 8;
const incarnationWord = 5;
/** Large arrays begin 16 bytes behind a page, where the allocator keeps its own; so much further on, no row lies across two lines. */
const alignmentBytes = 48;

export class NodeRows {
  /** Two lanes; see `NodeDigests`. */
  readonly digests: RowWords<Int32Array>;
  /** How many messages and timers a node has numbered. */
  readonly counters: RowWords<Uint32Array>;
  /** How many draws a node has taken; see `NodeStreams`. */
  readonly draws: RowWords<Uint32Array>;
  /** Messages that a node sent; see `Traffic`. */
  readonly messages: RowWords<Uint32Array>;
  /** Bytes that it sent. */
  readonly bytes: RowWords<Float64Array>;

  constructor(nodeCount: number) {
    const buffer = new ArrayBuffer(alignmentBytes + nodeCount * wordsInRow * 4);
    const signed = new Int32Array(buffer, alignmentBytes);
    const words = new Uint32Array(buffer, alignmentBytes);
    const doubles = new Float64Array(buffer, alignmentBytes);
    this.digests = { words: signed, stride: wordsInRow, offset: 0 };
    this.counters = { words, stride: wordsInRow, offset: 2 };
    this.draws = { words, stride: wordsInRow, offset: 3 };
    this.messages = { words, stride: wordsInRow, offset: 4 };
    this.bytes = { words: doubles, stride: wordsInRow / 2, offset: 3 };
  }

  /** How often a node has lost its state. */
  incarnation(node: number): number {
    return this.counters.words[node * wordsInRow + incarnationWord];
  }

  reborn(node: number): void {
    this.counters.words[node * wordsInRow + incarnationWord]++;
  }

  /** Reads the rows of these nodes, so that memory has them at hand. */
  touch(nodes: Int32Array, count: number): number {
    const { words } = this.digests;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= words[nodes[i] * wordsInRow];
    return sum;
  }
}
