/**
 * "I have these", "I want these": a list of message identities, eight bytes each on the wire, for gossip that names messages one by one.
 * It travels as a body that no application ever sees.
 */
import type { Bodies, Body } from '../model/bodies.js';

export const identityBytes = 8;

class IdentityList implements Body {
  readonly step = 0;
  readonly sequence = 0;
  readonly timestampMs = 0;
  readonly digest0 = 0;
  readonly digest1 = 0;

  constructor(
    readonly origin: number,
    readonly incarnation: number,
    /** Pairs of identity words, x then y. */
    readonly data: readonly number[],
  ) {}

  /** Made when a trace asks for it. */
  get canonical(): string {
    return `[${this.data.join(',')}]`;
  }

  get sizeBytes(): number {
    return (this.data.length / 2) * identityBytes;
  }
}

/** Stores a list as a body with one reference. */
export function addIdentities(
  bodies: Bodies,
  origin: number,
  incarnation: number,
  words: readonly number[],
): number {
  return bodies.add(new IdentityList(origin, incarnation, words));
}

/** The pairs of words in a body; none when somebody sent something else. */
export function identitiesIn(body: Body): readonly number[] {
  return body instanceof IdentityList ? body.data : [];
}
