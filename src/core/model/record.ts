/**
 * What a run tells whoever listens: one call for each thing that happened, in the order in which it happened. The trace writer and the
 * message log listen; the engine does not know who they are. Nothing is built when nobody does.
 */
import type { Envelope } from './envelope.js';
import type { ReportKind } from './protocol.js';

/** Why a message did not arrive. `fault` is the position of the fault in the experiment, or one of the reasons below. */
export const dropReasons = {
  loss: -1,
  receiverDown: -2,
  guard: -3,
  adversary: -4,
  /** No room in the queue before the sender's uplink, or before the receiver's downlink. */
  uplinkFull: -5,
  downlinkFull: -6,
  /** Damaged on the way, and nothing in it that could be read. */
  damaged: -7,
  /** No room in the line before a receiver that has no time. */
  inboxFull: -8,
} as const;

/**
 * Changes of the world. `subject` is a node, or the position of a fault in the experiment. Every node starts once, at
 * time 0 or later; before that it is down.
 */
export const worldChanges = {
  start: 0,
  crash: 1,
  restartKept: 2,
  restartLost: 3,
  faultBegins: 4,
  faultEnds: 5,
  leave: 6,
} as const;
export type WorldChange = (typeof worldChanges)[keyof typeof worldChanges];

export interface RunListener {
  /** A message left; it arrives after `delayUs` unless its receiver is down then. */
  sent?(timeUs: number, envelope: Envelope, delayUs: number): void;
  delivered?(timeUs: number, envelope: Envelope, delayUs: number): void;
  dropped?(timeUs: number, envelope: Envelope, reason: number): void;
  timer?(timeUs: number, node: number, slot: number, kind: number, argument: number): void;
  world?(timeUs: number, change: WorldChange, subject: number): void;
  /**
   * What a protocol reported. `envelope` is the message that the node was handling, the one told by `delivered` just before; it means
   * nothing for reports from a timer. For `published` it holds step and value of the new message.
   */
  reported?(
    timeUs: number,
    node: number,
    kind: ReportKind,
    body: number,
    value: number,
    envelope: Envelope,
  ): void;
}
