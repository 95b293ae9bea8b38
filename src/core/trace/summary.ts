/** A trace in a few figures: what happened how often, which faults lasted when, and what was held against messages. */
import { reportKinds } from '../model/protocol.js';
import { worldChanges } from '../model/record.js';
import type { TraceEnding } from './cursor.js';
import type { TraceEvent } from './event.js';
import { eventTypes } from './format.js';
import type { TraceOpening } from './header.js';
import { EventNames } from './printer.js';

/** A stretch of time; `untilUs` is null when it lasted to the end, and `fromUs` when it happened in one moment. */
export interface Period {
  readonly fromUs: number;
  readonly untilUs: number | null;
}

export interface FaultSummary {
  readonly id: string;
  readonly kind: string;
  /** How often it began. */
  readonly times: number;
  /** The first periods, at most `periodsMax`. */
  readonly periods: readonly Period[];
}

export interface TraceSummary {
  /** Name of the scenario, as it stands in the trace. */
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  readonly nodes: number;
  readonly events: number;
  /** Only what happened, in the order of the trace's own list. */
  readonly eventsByKind: Readonly<Record<string, number>>;
  /** Distinct contents of messages. */
  readonly bodies: number;
  readonly endUs: number;
  readonly stopTimeUs: number;
  readonly faults: readonly FaultSummary[];
  readonly adversaries: readonly { id: string; kind: string; fromUs: number; untilUs: number }[];
  /** Distinct messages found wrong, once for each node that did, by flag. */
  readonly flags: Readonly<Record<string, number>>;
  /** Null when the trace was cut. */
  readonly fingerprint: string | null;
  readonly complete: boolean;
  /** What is wrong with a trace that is not complete. */
  readonly problem: string | null;
  readonly interrupted: boolean;
  readonly bytes: number;
}

/** So many periods of one fault are kept. */
export const periodsMax = 100;

/** Takes in all events of a trace. */
export class Summary {
  readonly #counts = new Map<number, number>();
  readonly #periods: { times: number; list: { fromUs: number; untilUs: number | null }[] }[];
  readonly #flags: Float64Array;
  #bodies = 0;

  constructor(private readonly opening: TraceOpening) {
    this.#periods = opening.faults.map(() => ({ times: 0, list: [] }));
    this.#flags = new Float64Array(opening.flags.length);
  }

  take(event: TraceEvent): void {
    const detail =
      event.type === eventTypes.world ? event.change : event.type === eventTypes.report ? event.report : 0;
    const key = event.type + 8 * detail;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (event.body !== undefined && event.body.number > this.#bodies) this.#bodies = event.body.number;
    if (event.type === eventTypes.report && event.report === reportKinds.flagged) this.#flags[event.value]++;
    if (event.type !== eventTypes.world) return;
    if (event.change === worldChanges.faultBegins) {
      const periods = this.#periods[event.subject];
      periods.times++;
      const untilUs = this.opening.faults[event.subject].lasts ? null : event.timeUs;
      if (periods.list.length < periodsMax) periods.list.push({ fromUs: event.timeUs, untilUs });
    } else if (event.change === worldChanges.faultEnds) {
      const open = this.#periods[event.subject].list.find(({ untilUs }) => untilUs === null);
      if (open !== undefined) open.untilUs = event.timeUs;
    }
  }

  result(ending: TraceEnding): TraceSummary {
    const { opening } = this;
    const names = new EventNames(opening);
    const byKind: [string, number][] = [...this.#counts]
      .sort(([p], [q]) => (p % 8) - (q % 8) || p - q)
      .map(([key, count]) => [names.named(key % 8, Math.floor(key / 8)), count]);
    const flags: [string, number][] = [...this.#flags.entries()]
      .filter(([, count]) => count > 0)
      .map(([flag, count]) => [opening.flags[flag], count]);
    return {
      scenario: opening.name,
      seed: opening.seed,
      version: opening.mesh,
      nodes: opening.nodeCount,
      events: ending.events,
      // Names come from the file; fromEntries makes own properties whatever they are called.
      eventsByKind: Object.fromEntries(byKind),
      bodies: this.#bodies,
      endUs: ending.endUs,
      stopTimeUs: opening.stopTimeUs,
      faults: opening.faults.map(({ id, kind }, position) => {
        const { times, list } = this.#periods[position];
        return { id, kind, times, periods: list };
      }),
      adversaries: opening.adversaries,
      flags: Object.fromEntries(flags),
      fingerprint: ending.fingerprint ?? null,
      complete: ending.complete,
      problem: ending.problem ?? null,
      interrupted: ending.interrupted,
      bytes: ending.bytes,
    };
  }
}
