/**
 * The cloakroom: hand in a name, get a small number, and the same number for the same name ever after. Everything that is
 * remembered about a sender lives in columns under its number. Names are kept as bytes in one long array, so a million
 * senders are a few large arrays and no objects, and a sender called `__proto__` is a sender like any other. When the room
 * is full, newcomers are turned away with -1 and whoever asked counts them.
 */
import { grown } from './columns.js';
import { paddingBytes, textOf } from './log-text.js';

const tailMask = new Int32Array([0, 0xff, 0xffff, 0xffffff]);

export interface NameLimits {
  /** Most names that are kept. */
  readonly namesMax: number;
  /** Most bytes that all names together may take. */
  readonly bytesMax: number;
}

export const defaultNameLimits: NameLimits = { namesMax: 8_388_608, bytesMax: 268_435_456 };

export class NameTable {
  /** How many different names were handed in. */
  count = 0;
  /** Pairs of hash and number plus one; side by side, so that a look costs one line of the cache. */
  #slots = new Int32Array(2048);
  #hashes = new Int32Array(512);
  #starts = new Uint32Array(513);
  #letters = new Uint8Array(8192);
  #lettersView = new DataView(this.#letters.buffer);

  constructor(private readonly limits: NameLimits = defaultNameLimits) {}

  /**
   * The number of a name; a new one for a new name.
   * @param view the bytes in which the name stands, with padding behind
   * @param hash any hash of the name; equal names must bring equal hashes
   * @returns -1 when the table is full and the name is new
   */
  intern(bytes: Uint8Array, view: DataView, at: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (;;) {
      const id = slots[slot + 1] - 1;
      if (id < 0) break;
      if (slots[slot] === hash && this.#isName(id, view, at, end)) return id;
      slot = (slot + 2) & mask;
    }
    return this.#add(bytes, at, end, hash, slot);
  }

  /** Forgets all names and counts from zero again. */
  clear(): void {
    this.count = 0;
    this.#slots.fill(0);
  }

  /** The name under a number, as text. */
  name(id: number): string {
    return textOf(this.#letters, this.#starts[id], this.#starts[id + 1]);
  }

  /** The bytes of the names from `first` on, and where each ends; for sending them to another table. */
  since(first: number): { letters: Uint8Array; lengths: Int32Array; hashes: Int32Array } {
    const lengths = new Int32Array(this.count - first);
    for (let id = first; id < this.count; id++) {
      lengths[id - first] = this.#starts[id + 1] - this.#starts[id];
    }
    return {
      letters: this.#letters.slice(this.#starts[first], this.#starts[this.count]),
      lengths,
      hashes: this.#hashes.slice(first, this.count),
    };
  }

  #isName(id: number, view: DataView, at: number, end: number): boolean {
    let mine = this.#starts[id];
    if (this.#starts[id + 1] - mine !== end - at) return false;
    const letters = this.#lettersView;
    let i = at;
    for (; i + 4 <= end; i += 4, mine += 4) {
      if (letters.getInt32(mine, true) !== view.getInt32(i, true)) return false;
    }
    if (i === end) return true;
    return ((letters.getInt32(mine, true) ^ view.getInt32(i, true)) & tailMask[end - i]) === 0;
  }

  #add(bytes: Uint8Array, at: number, end: number, hash: number, slot: number): number {
    const id = this.count;
    const start = this.#starts[id];
    const stop = start + end - at;
    if (id >= this.limits.namesMax || stop > this.limits.bytesMax) return -1;
    if (id === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, id * 2);
      this.#starts = grown(this.#starts, id * 2 + 1);
    }
    if (stop + paddingBytes > this.#letters.length) {
      this.#letters = grown(this.#letters, 2 * (stop + paddingBytes));
      this.#lettersView = new DataView(this.#letters.buffer);
    }
    for (let i = at; i < end; i++) this.#letters[start + i - at] = bytes[i];
    this.#hashes[id] = hash;
    this.#starts[id + 1] = stop;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = id + 1;
    this.count = id + 1;
    if (this.count * 4 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = (this.#hashes[id] << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = this.#hashes[id];
      slots[slot + 1] = id + 1;
    }
    this.#slots = slots;
  }
}
