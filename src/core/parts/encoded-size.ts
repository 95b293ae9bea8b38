/**
 * How large a message is on the wire. The project's own compact encoding, counted and not sent: slot and kind 2 bytes, receiver and
 * sender 4 each, origin 4, incarnation 2, step 7, value 6, sequence 4, hops 1, time 7, length of the body 4. IP and transport
 * headers are not counted: they are the network's.
 */
export const publicationHeadBytes = 2 + 4 + 4 + 4 + 2 + 7 + 6 + 4 + 1 + 7 + 4;

/** Of these, what damage on the way can hit, in bytes. */
export const wordBytes = { step: 7, value: 6, sequence: 4 } as const;
