/** What a network of this process can be told, and what it is when nobody says. */
import { UserError } from '../base/errors.js';
import { showValue } from '../base/escape.js';
import type { Signer } from '../model/signer.js';
import { spreads } from '../protocols/registry.js';
import type { MeshClock } from './clock.js';
import { realClock } from './real-clock.js';

export interface NetworkOptions {
  /** Nodes that the network holds at the most. Default 10,000. */
  readonly maxNodes?: number;
  /** `complete`: everybody is linked to everybody. `empty`: links are made with `connect`. Default `complete`. */
  readonly topology?: 'complete' | 'empty';
  /** How a message reaches everybody: `direct` to the neighbours, or a `flood` that neighbours pass on. Default `direct`. */
  readonly dissemination?: string;
  /** `immediate`: a broadcast returns when everybody has it. `manual`: messages wait until `deliver` is called. */
  readonly delivery?: 'immediate' | 'manual';
  /** The time of the network. Default: the machine's. */
  readonly clock?: MeshClock;
  /** Seed of the nodes' streams of chance, 0 to 2^53-1. Default 1. */
  readonly seed?: number;
  /** Messages that may wait at a time; more are dropped and counted. Default 1,000,000. */
  readonly queueCapacity?: number;
  /** The farthest that one message or call may move a node's step. Default: no bound. */
  readonly maxJump?: number;
  /** How many of the latest messages a node surely recognises as duplicates. Default 4096. */
  readonly seenCapacity?: number;
  /** How many events the log keeps. Default 1000. */
  readonly eventLogSize?: number;
  /** Signs and checks messages. Default: none, and then nothing protects the data. */
  readonly signer?: Signer;
}

export interface NetworkSettings {
  readonly maxNodes: number;
  readonly complete: boolean;
  readonly dissemination: string;
  readonly delivery: 'immediate' | 'manual';
  readonly clock: MeshClock;
  readonly chanceSeed: number;
  readonly queueCapacity: number;
  readonly maxJump: number;
  readonly seenCapacity: number;
  readonly eventLogSize: number;
  /** What the event log may weigh, in bytes. */
  readonly historyBytes: number;
  readonly signer: Signer | undefined;
}

const historyBytes = 16 * 2 ** 20;

function whole(value: number, name: string, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new UserError('invalid-value', {
    what: `${name} is ${showValue(value)}`,
    expected: `an integer from ${min} to ${max}`,
  });
}

function word<Word extends string>(value: Word, name: string, words: readonly Word[]): Word {
  if (words.includes(value)) return value;
  throw new UserError('invalid-value', {
    what: `${name} is ${showValue(value)}`,
    expected: `one of ${words.join(', ')}`,
  });
}

/** @throws UserError `invalid-value` or `unknown-kind` */
export function settingsOf(options: NetworkOptions = {}): NetworkSettings {
  const largest = Number.MAX_SAFE_INTEGER;
  return {
    maxNodes: whole(options.maxNodes ?? 10_000, 'maxNodes', 1, 1_000_000),
    complete: word(options.topology ?? 'complete', 'topology', ['complete', 'empty']) === 'complete',
    dissemination: spreads.get(options.dissemination ?? 'direct').name,
    delivery: word(options.delivery ?? 'immediate', 'delivery', ['immediate', 'manual']),
    clock: options.clock ?? realClock,
    chanceSeed: whole(options.seed ?? 1, 'seed', 0, largest),
    queueCapacity: whole(options.queueCapacity ?? 1_000_000, 'queueCapacity', 1, 100_000_000),
    maxJump: whole(options.maxJump ?? largest, 'maxJump', 1, largest),
    seenCapacity: whole(options.seenCapacity ?? 4096, 'seenCapacity', 1, 65_536),
    eventLogSize: whole(options.eventLogSize ?? 1000, 'eventLogSize', 0, 1_000_000),
    historyBytes,
    signer: options.signer,
  };
}
