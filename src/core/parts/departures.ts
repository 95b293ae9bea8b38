/**
 * How nodes go and come back by a fault that happens in one moment. Who is meant and up goes, as far as limits allow, and comes back
 * after a while unless it has lived again since: then this absence is over, and the next one is another fault's business.
 */
import type { Who } from '../base/who.js';
import type { Fault, FaultContext } from '../model/fault.js';
import { mayGoDown, type DownLimits } from './down-limits.js';

export interface Departure {
  readonly who: Who;
  readonly how: 'crash' | 'leave';
  /** Left out, nobody comes back by itself. */
  readonly backAfterUs: number | undefined;
  readonly state: 'keep' | 'lose';
  readonly limits: DownLimits;
}

/** An absence that is to end. */
interface Absence {
  readonly untilUs: number;
  /** The life that came before it; see `World.lifeOf`. */
  readonly after: number;
}

export function departures(context: FaultContext, departure: Departure): Fault {
  const { who, how, backAfterUs, state, limits } = departure;
  const absences = new Map<number, Absence>();
  return {
    begin(world, occurrence) {
      for (const node of context.select(who, occurrence)) {
        if (!world.isUp(node) || !mayGoDown(context, world, limits, node)) continue;
        if (how === 'crash') world.crash(node);
        else world.leave(node);
        context.touchNode(node);
        if (backAfterUs === undefined) continue;
        absences.set(node, { untilUs: world.nowUs + backAfterUs, after: world.lifeOf(node) });
        world.callLater(backAfterUs, node);
      }
    },
    later(world, node) {
      const absence = absences.get(node);
      if (absence === undefined || world.nowUs < absence.untilUs) return;
      absences.delete(node);
      if (world.lifeOf(node) === absence.after) world.restart(node, state);
    },
  };
}
