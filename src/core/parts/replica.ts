/**
 * What all replicated data of this project has in common: a table of entries, each under a key, and for any two versions of an entry one
 * rule that says what comes of both. The rule does not care about order, grouping or repetition, so replicas that have heard the same end
 * up the same, whichever way the news took: M. Shapiro, N. Preguica, C. Baquero, M. Zawirski, "Conflict-free replicated data types",
 * SSS 2011.
 *
 * A version vector says which writes the replica has taken in, so that another can be sent just the entries that are new to it
 * (P. S. Almeida, A. Shoker, C. Baquero, "Delta state replicated data types", JPDC 111, 2018); a Merkle tree finds differences without one.
 */
import { canonicalJson } from '../base/canonical-json.js';
import { textDigest } from '../base/digest.js';
import { UserError } from '../base/errors.js';
import { leafHash } from './merkle.js';
import { MerkleTrie, positionOf, type Filed } from './merkle-trie.js';
import { listBytes, utf8Bytes } from './json-size.js';
import { VersionVector } from './version-vector.js';

const encoder = new TextEncoder();

/** One entry of a replica. Never changed: a write makes a new one, and replicas that agree may share it. */
export class Entry implements Filed {
  /** Canonical JSON, and its size in UTF-8: what travels. */
  readonly text: string;
  readonly sizeBytes: number;
  /** Two 32-bit sums of the text. */
  readonly digest0: number;
  readonly digest1: number;
  #leaf: Uint8Array | undefined;
  #position = -1;

  /** @param json what `toJSON` gives and the replica's `readEntry` reads: a list */
  constructor(
    readonly key: string,
    private readonly json: readonly unknown[],
  ) {
    this.text = canonicalJson(json);
    this.sizeBytes = utf8Bytes(this.text);
    [this.digest0, this.digest1] = textDigest(this.text);
  }

  leaf(): Uint8Array {
    this.#leaf ??= leafHash(encoder.encode(this.text));
    return this.#leaf;
  }

  get position(): number {
    if (this.#position < 0) this.#position = positionOf(this.key);
    return this.#position;
  }

  toJSON(): readonly unknown[] {
    return this.json;
  }
}

/** What one replica has and another lacks. */
export interface Delta<E extends Entry = Entry> {
  /** What the receiver must have taken in already for the delta to be complete. */
  readonly since: VersionVector;
  /** What it has taken in afterwards. */
  readonly version: VersionVector;
  /** Sorted by key. */
  readonly entries: readonly E[];
}

const high = 2 ** 21;

export abstract class Replica<E extends Entry = Entry> {
  readonly #entries = new Map<string, E>();
  #version = VersionVector.empty;
  #digest0 = 0;
  #digest1 = 0;
  #sizeBytes = 0;
  /** By key. Once handed out it is never changed: the next change makes a copy. */
  #sorted: E[] = [];
  #isLent = false;
  #trie: MerkleTrie<E> | undefined;

  /**
   * @param id the writer's name: of this replica alone, in this life alone. One that lost its state writes under a new id, or others will
   *   take its new writes for old ones.
   */
  constructor(readonly id: string) {}

  /** What comes of two entries of one key: one of the two themselves wherever it covers the other. */
  protected abstract join(a: E, b: E): E;
  /** Has who took in these writes everything that this entry says? */
  protected abstract isKnown(entry: E, version: VersionVector): boolean;
  /** From JSON of a stranger; undefined when it is no such entry. */
  abstract readEntry(json: unknown): E | undefined;

  /** The writes that this replica has surely taken in. */
  get version(): VersionVector {
    return this.#version;
  }

  /** Entries, deleted ones included. */
  get entryCount(): number {
    return this.#entries.size;
  }

  /** Size of `entries()` as canonical JSON, in bytes. */
  get sizeBytes(): number {
    return listBytes(this.#entries.size, this.#sizeBytes);
  }

  /** A number that two replicas share when they hold the same, and else hardly ever: quick, and no match for a forger, as the root is. */
  get digest(): number {
    return this.#digest0 * high + (this.#digest1 >>> 11);
  }

  /** The Merkle root over all entries, 32 bytes. */
  root(): Uint8Array {
    return this.trie.root();
  }

  /** The Merkle tree over all entries. Made when it is asked for, and kept up to date from then on. */
  get trie(): MerkleTrie<E> {
    if (this.#trie === undefined) {
      this.#trie = new MerkleTrie();
      for (const entry of this.#entries.values()) this.#trie.put(entry);
    }
    return this.#trie;
  }

  /** All entries, sorted by key. */
  entries(): readonly E[] {
    this.#isLent = true;
    return this.#sorted;
  }

  /** Takes in everything that the other holds. @returns true when there was something new in it */
  merge(other: Replica<E>): boolean {
    const news = this.absorb(other.#entries.values());
    this.#version = this.#version.merge(other.#version);
    return news > 0;
  }

  /** What somebody lacks who took in the writes of `since`, and no others for certain. */
  delta(since: VersionVector): Delta<E> {
    const entries = since.covers(this.#version)
      ? []
      : this.#sorted.filter((entry) => !this.isKnown(entry, since));
    return { since, version: this.#version, entries };
  }

  /**
   * Takes in a delta, unless it builds on writes that this replica has not taken in (it is late, or meant for somebody else): then nothing
   * changes.
   * @returns how many entries brought news; undefined when the delta does not fit
   */
  apply(delta: Delta<E>): number | undefined {
    if (!this.#version.covers(delta.since)) return undefined;
    const news = this.absorb(delta.entries);
    this.#version = this.#version.merge(delta.version);
    return news;
  }

  /** Takes in single entries, which may be some of many: the version does not grow. @returns how many brought news */
  absorb(entries: Iterable<E>): number {
    let news = 0;
    for (const entry of entries) {
      const own = this.#entries.get(entry.key);
      const joined = own === undefined ? entry : own === entry ? own : this.join(own, entry);
      if (joined === own || joined.text === own?.text) continue;
      this.#put(joined, own);
      news++;
    }
    return news;
  }

  /** Those of my own entries under these keys, or all, that tell somebody with `theirs` something new. */
  beyond(theirs: readonly E[], own: readonly E[] = this.entries()): E[] {
    const byKey = new Map(theirs.map((entry) => [entry.key, entry]));
    return own.filter((entry) => {
      const other = byKey.get(entry.key);
      return other === undefined || (other !== entry && this.join(other, entry).text !== other.text);
    });
  }

  toJSON(): { readonly version: readonly unknown[]; readonly entries: readonly unknown[] } {
    return { version: this.#version.toJSON(), entries: this.entries().map((entry) => entry.toJSON()) };
  }

  /**
   * Takes in what another replica of the same kind wrote down with `toJSON`.
   * @returns true when there was something new in it
   * @throws UserError `invalid-value` when it is nothing of the kind; nothing has changed then
   */
  mergeJson(value: unknown): boolean {
    const { version, entries } = (value ?? {}) as { readonly version?: unknown; readonly entries?: unknown };
    const read = Array.isArray(entries) ? entries.map((entry) => this.readEntry(entry)) : [undefined];
    if (read.includes(undefined))
      throw new UserError('invalid-value', { what: 'these are no entries of a replica of this kind' });
    const taken = VersionVector.fromJson(version);
    const news = this.absorb(read as E[]);
    this.#version = this.#version.merge(taken);
    return news > 0;
  }

  protected entryAt(key: string): E | undefined {
    return this.#entries.get(key);
  }

  /** The number of this replica's next write. */
  protected get nextWrite(): number {
    return this.#version.of(this.id) + 1;
  }

  /** The replica's own write, numbered `nextWrite`. */
  protected write(entry: E): void {
    this.#version = this.#version.with(this.id, this.nextWrite);
    this.#put(entry, this.#entries.get(entry.key));
  }

  /** A replica whose value is quick to update keeps it here. */
  protected replaced?(before: E | undefined, after: E): void;

  #sort(entry: E, isReplaced: boolean): void {
    if (this.#isLent) this.#sorted = this.#sorted.slice();
    this.#isLent = false;
    const sorted = this.#sorted;
    let from = 0;
    let to = sorted.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (sorted[middle].key < entry.key) from = middle + 1;
      else to = middle;
    }
    if (isReplaced) sorted[from] = entry;
    else sorted.splice(from, 0, entry);
  }

  #put(entry: E, before: E | undefined): void {
    this.#entries.set(entry.key, entry);
    this.#digest0 = (this.#digest0 + entry.digest0 - (before?.digest0 ?? 0)) >>> 0;
    this.#digest1 = (this.#digest1 + entry.digest1 - (before?.digest1 ?? 0)) >>> 0;
    this.#sizeBytes += entry.sizeBytes - (before?.sizeBytes ?? 0);
    this.#sort(entry, before !== undefined);
    this.#trie?.put(entry);
    this.replaced?.(before, entry);
  }
}

/** Whole numbers from `min` to 2^53 - 1. */
export function isWhole(value: unknown, min: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
}
