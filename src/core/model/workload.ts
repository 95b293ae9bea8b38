/** What nodes publish, and when: the scenario's `workload`, resolved. */
import type { Chance } from '../base/random.js';

/** Makes the data of one message. Draws come from the node's own stream. */
export type PayloadMaker = (chance: Chance, step: number, sequence: number) => unknown;

/** What a line of the workload can ask of data that all hold in common; its payload is a section with what each verb needs. */
export const writeVerbs = ['increment', 'write', 'erase', 'add', 'remove'] as const;
export type WriteVerb = (typeof writeVerbs)[number];

/** `increment`: by; `write`: key, value; `erase`: key; `add` and `remove`: element. */
export interface WriteOperand {
  readonly by?: unknown;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly element?: unknown;
}

/** One line of the workload for one node. */
export interface Duty {
  /** First publication, and last moment for one, in virtual time. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Distance between publications; 0 for a single one at `fromUs`. */
  readonly everyUs: number;
  readonly makePayload: PayloadMaker;
  /** Present: nothing is published, and the payload is what the verb needs. */
  readonly write?: WriteVerb;
}

export interface Duties {
  /** The duties of a node; often empty. */
  of(address: number): readonly Duty[];
}
