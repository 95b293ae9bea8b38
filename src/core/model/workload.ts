/** What nodes publish, and when: the scenario's `workload`, resolved. */
import type { Chance } from '../base/random.js';

/** Makes the data of one message. Draws come from the node's own stream. */
export type PayloadMaker = (chance: Chance, step: number, sequence: number) => unknown;

/** One line of the workload for one node. */
export interface Duty {
  /** First publication, and last moment for one, in virtual time. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Distance between publications; 0 for a single one at `fromUs`. */
  readonly everyUs: number;
  readonly makePayload: PayloadMaker;
}

export interface Duties {
  /** The duties of a node; often empty. */
  of(address: number): readonly Duty[];
}
