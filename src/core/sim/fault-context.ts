/**
 * What every fault and every liar is handed: its own draws, a way to find those it is about, and the book in which it writes what it
 * touched. Nothing else of the world is in its reach.
 */
import type { KeyedDraws } from '../base/random.js';
import type { Who } from '../base/who.js';
import type { FaultContext } from '../model/fault.js';
import type { Touched } from '../model/result.js';
import type { Simulation } from './simulation.js';

export type TouchBook = { -readonly [K in keyof Touched]: Touched[K] };

export function newTouchBook(id: string, kind: string): TouchBook {
  return { id, kind, fired: 0, affectedMessages: 0, affectedNodes: 0 };
}

/** @param alsoTouch told of each node that is touched, each time */
export function faultContext(
  simulation: Simulation,
  book: TouchBook,
  draws: KeyedDraws,
  alsoTouch?: (node: number) => void,
): FaultContext {
  const { graph, experiment } = simulation;
  const nodes = new Set<number>();
  return {
    id: book.id,
    nodeCount: experiment.nodeCount,
    get nowUs() {
      return simulation.nowUs;
    },
    draws,
    select: (who: Who, occurrence: number) => simulation.directory.select(who, draws, occurrence),
    *neighboursOf(node: number) {
      for (let i = 0; i < graph.neighbourCount(node); i++) yield graph.neighbourAt(node, i);
    },
    touchMessage: () => {
      book.affectedMessages++;
    },
    touchNode: (node: number) => {
      nodes.add(node);
      book.affectedNodes = nodes.size;
      alsoTouch?.(node);
    },
    leaveOut: () => {
      book.leftOut = (book.leftOut ?? 0) + 1;
    },
  };
}
