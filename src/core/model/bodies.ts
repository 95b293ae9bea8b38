/**
 * What messages carry besides their words. Bodies live in a table beside the events, so that a message stays a handful of numbers; a
 * handle is counted, and what nobody refers to any more is forgotten, so that a long run needs no more memory than a short one.
 */

/** The content of one published message. Never changed after it was made: whoever alters a message makes a new body. */
export interface Body {
  /** Address that the message names as its sender. */
  readonly origin: number;
  /** How often the origin had lost its state before. */
  readonly incarnation: number;
  /** Step and number as the origin published it; what a copy claims is in its words. */
  readonly step: number;
  readonly sequence: number;
  /** Milliseconds since 1970 on the origin's clock. */
  readonly timestampMs: number;
  /** Any JSON value, frozen. */
  readonly data: unknown;
  /** Canonical JSON of `data`, RFC 8785. */
  readonly canonical: string;
  /** Size of the canonical JSON in UTF-8, in bytes. */
  readonly sizeBytes: number;
  /** Two 32-bit sums over origin, incarnation, time and canonical data: the body's part of a message's identity. */
  readonly digest0: number;
  readonly digest1: number;
  /** Over sender, incarnation, step, sequence, time and data, where authentication is on. */
  readonly signature?: Uint8Array;
}

/** The table. Handles are positive; 0 means no body. */
export interface Bodies {
  /** Stores a body with one reference. */
  add(body: Body): number;
  get(handle: number): Body;
  retain(handle: number): void;
  /** Gives a reference back; the last one forgets the body. */
  release(handle: number): void;
}
