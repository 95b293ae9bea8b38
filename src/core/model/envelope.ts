/**
 * A message under way, as everything outside the protocols sees it: who sends to whom, which slot and kind, up to four words and a
 * body. A kind's descriptor names the words, so that links, faults, adversaries and traces need no knowledge of any protocol.
 */

/** The words that the project knows by name; a protocol may name others. */
export type WordName = 'step' | 'value' | 'sequence' | 'hops' | (string & {});

/** What a protocol says about one of its messages. The position in the protocol's list is the kind's number. */
export interface MessageKind {
  readonly name: string;
  /** Names of the words a, b, c, d, in this order; at most four. */
  readonly words: readonly WordName[];
  /** Encoded size without the body, in bytes. */
  readonly headBytes: number;
  /**
   * True for messages that carry an application's message: words a..d are then step, value, sequence and hops, the body is its
   * content, and guards judge it.
   */
  readonly publication: boolean;
}

/** The words of every publication. */
export const publicationWords = ['step', 'value', 'sequence', 'hops'] as const;

/**
 * One message. The same object is used again for the next message: who wants to keep something copies it.
 */
export interface Envelope {
  slot: number;
  kind: number;
  /** Address of the node that sent it over the last link. */
  from: number;
  to: number;
  a: number;
  b: number;
  c: number;
  d: number;
  /** Handle of the content in `Bodies`, 0 for none. */
  body: number;
}
