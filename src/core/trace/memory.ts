/**
 * What writer and reader both remember, so that an event need not repeat it. Copies of one message carry the same words but for the
 * hops, so each body remembers the words and the kind that it was last seen with; messages without a body go by their kind instead.
 * Both sides must do exactly the same here: that is the whole contract.
 */

/** The memory of kind k is k; that of body slot b is kindTotal + b. */
export class WordMemory {
  words: Float64Array;
  kinds: Int32Array;

  constructor(readonly kindTotal: number) {
    const room = kindTotal + 64;
    this.words = new Float64Array(room * 4);
    this.kinds = new Int32Array(room);
    for (let kind = 0; kind < kindTotal; kind++) this.kinds[kind] = kind;
  }

  /** Makes room for a body slot and forgets what was there: kind 0, words 0. */
  forget(bodySlot: number): void {
    const at = this.kindTotal + bodySlot;
    if (at >= this.kinds.length) {
      const words = new Float64Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
      const kinds = new Int32Array(this.kinds.length * 2);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.kinds[at] = 0;
    this.words.fill(0, at * 4, at * 4 + 4);
  }
}
