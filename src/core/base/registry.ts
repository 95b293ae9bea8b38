/**
 * A shelf of interchangeable things. A protocol, topology, fault, adversary, pattern, check or output is one file and one
 * line in its registry; option lists, help, docs, JSON Schema and the law suites follow from that line.
 */
import { assert } from './assert.js';
import { UserError } from './errors.js';
import { quoteText } from './escape.js';
import { suggest } from './suggest.js';

/** What every registered thing can say about itself. */
export interface Registered {
  /** The word that users type, and the name of the file. */
  readonly name: string;
  /** One line for lists and help, without a full stop. */
  readonly summary: string;
}

export class Registry<Entry extends Registered> implements Iterable<Entry> {
  readonly #entries = new Map<string, Entry>();

  /**
   * @param kind what the entries are, in the singular, such as `topology`
   * @param entries in the order in which lists show them
   */
  constructor(
    readonly kind: string,
    entries: readonly Entry[],
  ) {
    for (const entry of entries) {
      assert(!this.#entries.has(entry.name), `${kind} names are unique (${entry.name})`);
      this.#entries.set(entry.name, entry);
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws UserError `unknown-kind` with the list of known names and the nearest one */
  get(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    const near = suggest(name, this.names);
    throw new UserError('unknown-kind', {
      what: `unknown ${this.kind} ${quoteText(name)}`,
      expected: `one of ${this.names.join(', ')}`,
      next: near === undefined ? undefined : `Did you mean ${near}?`,
    });
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.#entries.values();
  }
}
