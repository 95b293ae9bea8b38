/**
 * An instrument looks at one side of a run, such as failure detectors or trust, and comes up with a section of the result. It hears
 * what protocols report beyond deliveries, and what happens to nodes. One file each, and one line in `instruments.ts`; a run that has
 * nothing for an instrument to look at goes without.
 */
import type { Envelope } from '../model/envelope.js';
import type { ReportKind, StartReason } from '../model/protocol.js';
import type { ResultSections } from '../model/result.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

export interface Instrument {
  /** A report of `firstInstrumentReport` or above, of an honest node or not. `envelope` is the message at hand, if there is one. */
  reported?(node: number, kind: ReportKind, body: number, value: number, envelope: Envelope): void;
  /** An honest node's clock moved to this step because of a message. */
  adopted?(node: number, step: number): void;
  nodeUp?(node: number, reason: StartReason): void;
  /** @param left true when it went in good order, false when it crashed */
  nodeDown?(node: number, left: boolean): void;
  /** A fault is about to begin or to end: its place in the experiment. */
  faultBegan?(index: number): void;
  faultEnded?(index: number): void;
  /** The regular look at everything (`measureEvery`), before assertions are looked at. */
  tick?(): void;
  /** The current value of a metric; undefined for those that it does not know. */
  metric?(name: string): number | null | undefined;
  /** False while live honest nodes differ in what it looks at: `stopWhen: converged` waits for it. */
  isSettled?(): boolean;
  /** The run is over, or interrupted: what it comes to. May be called more than once. */
  sections(): Partial<ResultSections>;
}

/** @returns undefined when there is nothing to look at in this run */
export type InstrumentMaker = (simulation: Simulation, world: WorldChanges) => Instrument | undefined;
