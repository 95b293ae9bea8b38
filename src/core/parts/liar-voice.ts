/**
 * How a liar speaks up on its own account: it tells all its neighbours one thing, which they will take for something that it passes on.
 * Ground truth hears of it first, so that whoever sees through it is counted.
 */
import type { AdversaryContext, KeyHolding } from '../model/fault.js';

/** What a message that the liar makes up says. */
export interface Invention {
  readonly origin: number;
  readonly step: number;
  readonly sequence: number;
  readonly data: unknown;
}

/** The words of a publication, and its body by handle. */
export interface Words {
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: number;
}

/** Publishes a message that never was: of this moment, with the right value for its step. */
export function publishInvention(
  context: AdversaryContext,
  liar: number,
  { origin, step, sequence, data }: Invention,
  keys: KeyHolding,
): void {
  const timestampMs = context.epochMs + Math.floor(context.nowUs / 1000);
  const body = context.lend(context.invent(liar, { origin, step, sequence, timestampMs, data }, keys));
  tellNeighbours(context, liar, { step, value: context.pattern.value(step), sequence, body });
}

/** @param isReplay the message as such is an honest one, and only its return is the lie */
export function tellNeighbours(
  context: AdversaryContext,
  liar: number,
  { step, value, sequence, body }: Words,
  isReplay = false,
): void {
  const envelope = { slot: 0, kind: 0, from: liar, to: liar, a: step, b: value, c: sequence, d: 1, body };
  context.recordAct(envelope, isReplay);
  for (const peer of context.neighboursOf(liar)) {
    context.send(liar, peer, step, value, sequence, 1, body);
    context.touchMessage();
  }
  context.touchNode(liar);
}
