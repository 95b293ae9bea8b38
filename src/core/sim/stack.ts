/** Builds the stack of slots: one population a layer, wired to the others, for all nodes at once or for one node alone. */
import type { Host, Population } from '../model/protocol.js';
import type { StackLayer } from '../model/experiment.js';
import type { Wiring } from '../model/stack.js';
import type { MessageKind } from '../model/envelope.js';

export interface Stack {
  /** By slot number, which is the layer's place in the experiment. */
  readonly populations: readonly Population[];
  readonly wiring: Wiring;
}

/**
 * @param hostOf makes the host of a slot number
 * @param inRounds builds the form for `timing: rounds` of those protocols that have one
 */
export function buildStack(
  layers: readonly StackLayer[],
  rows: number,
  wiring: Wiring,
  hostOf: (slot: number) => Host,
  inRounds = false,
): Stack {
  const populations = layers.map(({ protocol, parameters }, slot) => {
    const host = hostOf(slot);
    return inRounds && protocol.createForRounds !== undefined
      ? protocol.createForRounds(host, rows, parameters as never, wiring)
      : protocol.create(host, rows, parameters as never, wiring);
  });
  return { populations, wiring };
}

/** How many words the messages of these layers carry at the most. */
export function wordsOf(layers: readonly StackLayer[]): 0 | 1 | 2 | 3 | 4 {
  let words = 0;
  for (const layer of layers) {
    for (const kind of layer.protocol.messages) words = Math.max(words, kind.words.length);
  }
  return Math.min(4, words) as 0 | 1 | 2 | 3 | 4;
}

/** Message kinds by slot number and kind number. */
export function messageKindsOf(layers: readonly StackLayer[]): readonly (readonly MessageKind[])[] {
  return layers.map((layer) => layer.protocol.messages);
}
