/**
 * The numbers of the trace format, version 1, in one place; docs/trace-format.md tells the same to strangers, and a test holds a
 * tiny trace byte for byte. A trace is a letter in numbered envelopes: first who and what (header, names, files), then what happened
 * (events), then a signature line (footer). Each envelope is sealed over everything before it, so none can be lost, doubled or swapped.
 */

/** Starts with a byte that is no text, and holds both kinds of line end, so that a transfer "as text" shows at once (the idea of PNG). */
export const magic = Uint8Array.of(0x89, 0x4d, 0x45, 0x53, 0x48, 0x0d, 0x0a, 0x1a);

/** Readers refuse other versions. 4 bytes, lowest first, after the magic. */
export const formatVersion = 1;

/** Magic and version. */
export const prefaceBytes = 12;

/** Type and length before a frame's content, checksum after it. */
export const frameHeadBytes = 5;
export const frameTailBytes = 4;

export const frameTypes = { header: 1, names: 2, file: 3, events: 4, footer: 5 } as const;

/** The writer closes a frame of events at this size: what a cut can cost at most. */
export const eventFrameBytes = 32_768;

/** A reader refuses longer frames, and never allocates more than twice what has really arrived. */
export const frameBytesMax = 64 * 1024 * 1024;

export const nodeCountMax = 16_777_216;

/** The low three bits of an event's first byte. */
export const eventTypes = {
  sent: 0,
  arrived: 1,
  dropped: 2,
  timer: 3,
  world: 4,
  report: 5,
  body: 6,
} as const;

/** The high five bits of an event's first byte: what need not be said because it is as expected. */
export const marks = {
  /** Every event but `body`: same time as the event before. */
  sameTime: 8,
  /** sent, arrived, dropped, timer, report: same node as the last of these. */
  sameNode: 16,
  /** sent, arrived, dropped: same body as the last of these. */
  sameBody: 32,
  /** The four words are those remembered. */
  sameWords: 64,
  /** Slot and kind are those remembered. */
  sameKind: 128,
  /** report: it is about the message that arrived last. */
  atHand: 32,
  /** report without message: a body follows. */
  ownBody: 64,
  /** timer: the argument is eight bytes. */
  wideArgument: 32,
  /** body: a signature follows. */
  signature: 8,
} as const;

/** How a word that is not as remembered is written: two bits each, a in the lowest. */
export const wordForms = { same: 0, difference: 1, wide: 2 } as const;
