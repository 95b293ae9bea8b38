/** Which events somebody wants to see: of one node, of some kinds, in a stretch of time. */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import type { TraceEvent } from './event.js';
import { eventTypes } from './format.js';
import type { TraceOpening } from './header.js';
import { EventNames } from './printer.js';

/** As a user says it; everything left out means "any". */
export interface EventWish {
  /** Name of a node: what it did and got, and what was lost on the way to it. */
  readonly node?: string;
  /** Names of kinds, such as `sent` or `flagged`. */
  readonly kinds?: readonly string[];
  readonly fromUs?: number;
  readonly untilUs?: number;
}

export class EventFilter {
  /** Address of the wished node. */
  readonly node: number | undefined;
  /** After this moment nothing is wished any more. */
  readonly untilUs: number;
  readonly #fromUs: number;
  readonly #kinds: ReadonlySet<string> | undefined;
  readonly #names: EventNames;

  /** @throws UserError `unknown-node` or `unknown-kind` */
  constructor(opening: TraceOpening, wish: EventWish) {
    this.#names = new EventNames(opening);
    this.node = wish.node === undefined ? undefined : addressOf(opening, wish.node);
    this.#fromUs = wish.fromUs ?? 0;
    this.untilUs = wish.untilUs ?? Infinity;
    if (wish.kinds === undefined || wish.kinds.length === 0) return;
    const known = this.#names.all;
    for (const kind of wish.kinds) if (!known.includes(kind)) throw unknownKind(kind, known);
    this.#kinds = new Set(wish.kinds);
  }

  matches(event: TraceEvent): boolean {
    if (event.timeUs < this.#fromUs || event.timeUs > this.untilUs) return false;
    const { node } = this;
    if (node !== undefined && event.node !== node) {
      // What was lost on the way to it is part of its story, though it never knew.
      if (event.type !== eventTypes.dropped || event.to !== node) return false;
    }
    return this.#kinds === undefined || this.#kinds.has(this.#names.of(event));
  }
}

/**
 * The address of a node by its name.
 * @throws UserError `unknown-node` with the nearest name; a bare number stands near the first name that ends in it
 */
export function addressOf(opening: TraceOpening, name: string): number {
  const address = opening.nodeNames.indexOf(name);
  if (address >= 0) return address;
  const numbered = /^[0-9]{1,15}$/.test(name)
    ? opening.nodeNames.find((known) => Number(/([0-9]{1,15})$/.exec(known)?.[1] ?? NaN) === Number(name))
    : undefined;
  const near = numbered ?? suggest(name, opening.nodeNames.slice(0, 10_000));
  throw new UserError('unknown-node', {
    place: '--node',
    what: `the trace has no node ${quoteText(name)}`,
    next: near === undefined ? 'List the nodes with --at 0s' : `Did you mean ${showText(near)}?`,
  });
}

function unknownKind(kind: string, known: readonly string[]): UserError {
  const near = suggest(kind, known);
  return new UserError('unknown-kind', {
    place: '--kind',
    what: `unknown kind of event ${quoteText(kind)}`,
    expected: `one of ${known.join(', ')}`,
    next: near === undefined ? undefined : `Did you mean ${near}?`,
  });
}
