/** What nodes that gossip send each other, and how large it is. The position is the number of the kind. */
import { publicationWords, type MessageKind } from '../model/envelope.js';
import { publicationHeadBytes } from './encoded-size.js';

export const gossipKinds = { publication: 0, request: 1, want: 2, feedback: 3 } as const;

/** Slot and kind, sender and receiver. */
const envelopeBytes = 2 + 4 + 4;

export const gossipMessages: readonly MessageKind[] = [
  { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  /** Give me what you have; the body is a digest of what I hold. */
  { name: 'request', words: ['ask'], headBytes: envelopeBytes + 1 + 2, publication: false },
  /** Of your digest I want these. */
  { name: 'want', words: ['count'], headBytes: envelopeBytes + 2, publication: false },
  /** I needed your copy, or not. */
  {
    name: 'feedback',
    words: ['identity0', 'identity1', 'needed'],
    headBytes: envelopeBytes + 8 + 1,
    publication: false,
  },
];
