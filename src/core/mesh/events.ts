/**
 * Everything that nodes, networks and observers tell their handlers, as discriminated unions: look at `type` and the compiler knows
 * the rest. Times are milliseconds since 1970 by the injected clock. Messages in them are frozen; `reason` is safe to print.
 */
import type { MalformedKind } from '../parts/log-block.js';
import type { MeshMessage } from './message.js';

interface Told {
  /** The node that noticed. */
  readonly nodeId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** One line, safe to print. */
  readonly reason: string;
}

/** The value that the message carries is not the pattern's for its step. The message is not delivered. */
export interface PatternMismatch extends Told {
  readonly type: 'pattern-mismatch';
  readonly message: MeshMessage;
  readonly expected: number;
  readonly received: number;
}
/** No signature, or not that of the named sender. The message is not delivered. */
export interface BadSignature extends Told {
  readonly type: 'bad-signature' | 'unknown-sender';
  readonly message: MeshMessage;
  readonly expected: string;
  readonly received: string;
}
/** Something that is no message was handed in; it is not kept. */
export interface MalformedMessage extends Told {
  readonly type: 'malformed';
  readonly kind: MalformedKind;
  readonly message: null;
  readonly expected: string;
  readonly received: null;
}
/** The very same message was handed in before. It is not delivered again. */
export interface DuplicateMessage extends Told {
  readonly type: 'duplicate';
  readonly message: MeshMessage;
  readonly expected: string;
  readonly received: number;
}
/** A step further ahead than `maxJump`: not followed. The message, if there was one, was delivered. */
export interface StepJump extends Told {
  readonly type: 'step-jump';
  readonly message: MeshMessage | null;
  /** The largest step that would have been followed. */
  readonly expected: number;
  readonly received: number;
}
/** The queue is full: messages of this node are dropped until it has emptied a bit. Told once a time. */
export interface QueueFull extends Told {
  readonly type: 'queue-full';
  readonly message: null;
  /** Messages that may be under way. */
  readonly expected: number;
  readonly received: number;
}
/** A handler of this node threw, or its promise was rejected. */
export interface HandlerError extends Told {
  readonly type: 'handler-error';
  readonly message: null;
  /** Where it was registered, such as `onMessage`. */
  readonly handler: string;
  /** What was thrown. */
  readonly cause: unknown;
}

/** What `onError` of a node is told. */
export type MeshError =
  PatternMismatch | BadSignature | MalformedMessage | DuplicateMessage | StepJump | QueueFull | HandlerError;

/** The clock of a node moved because of somebody else. */
export interface SyncEvent {
  readonly nodeId: string;
  readonly from: number;
  readonly to: number;
  /** A message, a call of `sync`, or another node's announcement of its step. */
  readonly cause: 'message' | 'call' | 'announcement';
  readonly timestamp: number;
}

/** The clock of a node came to a phase reset, or leapt over it. */
export interface PhaseResetEvent {
  readonly nodeId: string;
  /** The latest step that was a reset. */
  readonly resetStep: number;
  /** How many resets the move passed, at least 1. */
  readonly resets: number;
  readonly timestamp: number;
}

/**
 * The life cycle: `initializing` until the slots are up, then `idle`; `computing` the value of a message and `broadcasting` it;
 * `validating` one that came in, `synchronizing` when the clock follows it, `reacting` while handlers run; `detached` after its removal.
 */
export const nodeStates = [
  'initializing',
  'idle',
  'computing',
  'broadcasting',
  'validating',
  'synchronizing',
  'reacting',
  'detached',
] as const;
export type NodeState = (typeof nodeStates)[number];

/** The log of a network, in four classes. */
export type MeshEvent =
  | {
      readonly class: 'message';
      readonly type: 'published' | 'delivered';
      readonly nodeId: string;
      readonly message: MeshMessage;
      readonly timestamp: number;
    }
  | {
      readonly class: 'error';
      readonly type: 'queue-full' | 'handler-error';
      readonly nodeId: string;
      readonly error: MeshError;
      readonly timestamp: number;
    }
  | {
      readonly class: 'security';
      readonly type: Exclude<MeshError['type'], 'queue-full' | 'handler-error'>;
      readonly nodeId: string;
      readonly error: MeshError;
      readonly timestamp: number;
    }
  | {
      readonly class: 'performance';
      readonly type: 'step-request';
      readonly nodeId: string;
      /** From the first question to the answer, milliseconds. */
      readonly durationMs: number;
      /** Peers that answered. */
      readonly answers: number;
      readonly timestamp: number;
    };

export const eventClasses = ['message', 'error', 'performance', 'security'] as const;
export type EventClass = (typeof eventClasses)[number];
