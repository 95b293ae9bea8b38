/**
 * The first page of a trace: everything that a reader needs to put names to numbers, so that no registry and no version of mesh has to
 * be asked. It is JSON, because a header is read once and a stranger should be able to look at it. Reading trusts nothing.
 */
import { flagNames, reportKinds } from '../model/protocol.js';
import { worldChanges } from '../model/record.js';
import type { Experiment } from '../model/experiment.js';
import { DamageError } from './damage.js';
import { nodeCountMax } from './format.js';

/** A kind of message and the names of its words a, b, c, d. */
export interface TraceMessageKind {
  readonly name: string;
  readonly words: readonly string[];
}

/** A filled slot of every node; its position is the slot's number, the position of a message in it the kind's. */
export interface TraceSlot {
  readonly name: string;
  /** What fills it. */
  readonly protocol: string;
  readonly messages: readonly TraceMessageKind[];
}

/** A fault of the scenario; its position is its number. When it happens is told by events. */
export interface TraceFault {
  readonly id: string;
  readonly kind: string;
  /** True when it goes on until an event ends it; false when it happens in one moment. */
  readonly lasts: boolean;
}

/** An adversary of the scenario, and when it lies. */
export interface TraceAdversary {
  readonly id: string;
  readonly kind: string;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** A file that the scenario needs to run again. */
export interface TraceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TraceHeader {
  /** Version of mesh that wrote the trace. */
  readonly mesh: string;
  readonly name: string;
  readonly seed: number;
  /** The resolved scenario, as JSON text. */
  readonly scenario: string;
  readonly nodeCount: number;
  /** Virtual time at which the run was to stop, whole microseconds. */
  readonly stopTimeUs: number;
  readonly slots: readonly TraceSlot[];
  readonly faults: readonly TraceFault[];
  readonly adversaries: readonly TraceAdversary[];
  /** Names by number. */
  readonly reports: readonly string[];
  readonly flags: readonly string[];
  readonly changes: readonly string[];
  /** Why messages are dropped, when no fault did it: the name of reason -1-i. */
  readonly reasons: readonly string[];
}

/** Header, names by address, and files, as a reader hands them out. */
export interface TraceOpening extends TraceHeader {
  readonly nodeNames: readonly string[];
  readonly files: readonly TraceFile[];
}

/** The words in which traces speak of world changes, reports and reasons; the position is the number. */
export const traceNames = {
  changes: byNumber(worldChanges, {
    start: 'started',
    crash: 'crashed',
    restartKept: 'restarted-with-state',
    restartLost: 'restarted-without-state',
    faultBegins: 'fault-begins',
    faultEnds: 'fault-ends',
    leave: 'left',
  }),
  reports: ['none', ...Object.keys(reportKinds)],
  /** Reason -1-i stands at position i. */
  reasons: [
    'loss',
    'receiver-down',
    'guard',
    'adversary',
    'uplink-full',
    'downlink-full',
    'damaged',
    'inbox-full',
  ],
} as const;

function byNumber<K extends string>(numbers: Record<K, number>, words: Record<K, string>): string[] {
  const list: string[] = [];
  for (const key of Object.keys(numbers) as K[]) list[numbers[key]] = words[key];
  return list;
}

/**
 * The header of an experiment.
 * @param recipe the version of mesh, and the resolved scenario as JSON text
 */
export function headerOf(
  experiment: Experiment,
  recipe: { readonly mesh: string; readonly scenario: string },
): TraceHeader {
  return {
    mesh: recipe.mesh,
    name: experiment.name,
    seed: experiment.seed,
    scenario: recipe.scenario,
    nodeCount: experiment.nodeCount,
    stopTimeUs: experiment.stopTimeUs,
    slots: experiment.stack.map(({ protocol }) => ({
      name: protocol.slot,
      protocol: protocol.name,
      messages: protocol.messages.map(({ name, words }) => ({ name, words })),
    })),
    faults: experiment.faults.map(({ id, kind }) => ({ id, kind: kind.name, lasts: kind.lasts })),
    adversaries: experiment.adversaries.map(({ id, kind, fromUs, untilUs }) => ({
      id,
      kind: kind.name,
      fromUs,
      // JSON knows no infinity.
      untilUs: Math.min(untilUs, experiment.stopTimeUs),
    })),
    reports: traceNames.reports,
    flags: flagNames,
    changes: traceNames.changes,
    reasons: traceNames.reasons,
  };
}

/** @throws DamageError when the text is no header */
export function parseHeader(text: string): TraceHeader {
  const top = new Fields(parseJson(text), 'header');
  return {
    mesh: top.text('mesh'),
    name: top.text('name'),
    seed: top.whole('seed'),
    scenario: top.text('scenario'),
    nodeCount: top.whole('nodeCount', nodeCountMax),
    stopTimeUs: top.whole('stopTimeUs'),
    slots: top.list('slots').map((slot) => {
      const fields = new Fields(slot, 'slot');
      return {
        name: fields.text('name'),
        protocol: fields.text('protocol'),
        messages: fields.list('messages').map((message) => {
          const kind = new Fields(message, 'message kind');
          return { name: kind.text('name'), words: kind.texts('words') };
        }),
      };
    }),
    faults: top.list('faults').map((fault) => {
      const fields = new Fields(fault, 'fault');
      return { id: fields.text('id'), kind: fields.text('kind'), lasts: fields.flag('lasts') };
    }),
    adversaries: top.list('adversaries').map((adversary) => {
      const fields = new Fields(adversary, 'adversary');
      return {
        id: fields.text('id'),
        kind: fields.text('kind'),
        fromUs: fields.whole('fromUs'),
        untilUs: fields.whole('untilUs'),
      };
    }),
    reports: top.texts('reports'),
    flags: top.texts('flags'),
    changes: top.texts('changes'),
    reasons: top.texts('reasons'),
  };
}

/** JSON from a stranger. @throws DamageError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DamageError('a part that should be JSON is not');
  }
}

/** The fields of a parsed object, each checked as it is read. @throws DamageError */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly what: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DamageError(`the ${what} is not an object`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  text(name: string): string {
    const value = this.#get(name);
    return typeof value === 'string' ? value : this.#refuse(name);
  }

  whole(name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.#get(name);
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
    return fits ? value : this.#refuse(name);
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    return typeof value === 'boolean' ? value : this.#refuse(name);
  }

  list(name: string): readonly unknown[] {
    const value = this.#get(name);
    return Array.isArray(value) ? value : this.#refuse(name);
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((value) => (typeof value === 'string' ? value : this.#refuse(name)));
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  #refuse(name: string): never {
    throw new DamageError(`the ${this.what}'s ${name} is missing or of the wrong kind`);
  }
}
