/**
 * Messages as the outside sees them, and the customs that every message from outside passes: it comes in as `unknown`, and what goes on
 * is a private frozen copy with the right types, or the name of what is wrong with it. Nothing that a stranger hands in can throw.
 *
 * The kinds of malformed messages are those of a log line (docs/observe.md): the first that applies names it.
 */
import { isStep } from '../model/pattern.js';
import type { MalformedKind } from '../parts/log-block.js';
import { copyJson, CopyRefusal, defaultCopyLimits, type CopyLimits } from './json-copy.js';

/** One message on the wire. Frozen, with everything in it. */
export interface MeshMessage {
  /** Who says to have sent it. Not trusted. */
  readonly senderId: string;
  /** Integer 0..2^53-1. */
  readonly globalStep: number;
  /** The pattern's value for that step. */
  readonly patternValue: number;
  /** Any JSON value. */
  readonly data: unknown;
  /** Milliseconds since 1970 on the sender's clock; advisory. */
  readonly timestamp?: number;
  /** The sender's own number for it, from 0. */
  readonly sequence?: number;
  /** How often the sender had lost its state; absent for never. */
  readonly incarnation?: number;
  /** Base64, where messages are signed. */
  readonly signature?: string;
}

export interface WellFormed {
  readonly message: MeshMessage;
  /** About how many bytes it takes in memory. */
  readonly weight: number;
}

export interface Malformed {
  readonly malformed: MalformedKind;
  /** One line, safe to print. */
  readonly reason: string;
}

const required = ['senderId', 'globalStep', 'patternValue', 'data'] as const;

/** Checks and copies a message from outside. Never throws. */
export function readMessage(source: unknown, limits: CopyLimits = defaultCopyLimits): WellFormed | Malformed {
  try {
    return read(source, limits);
  } catch (cause) {
    if (cause instanceof CopyRefusal) {
      return cause.kind === 'too-large'
        ? wrong('line-too-long', `the message has ${cause.message}`)
        : wrong('invalid-json', `the data is no JSON value: ${cause.message}`);
    }
    // What a getter or a proxy threw is the stranger's; it may throw again when it is looked at.
    return wrong('invalid-json', 'reading the message threw an error');
  }
}

function wrong(malformed: MalformedKind, reason: string): Malformed {
  return { malformed, reason };
}

function read(source: unknown, limits: CopyLimits): WellFormed | Malformed {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    return wrong('not-object', 'a message is an object');
  }
  // Each property is read once: a getter cannot show one value to the check and another one to the copy.
  const { senderId, globalStep, patternValue, data, timestamp, sequence, incarnation, signature } =
    source as Record<string, unknown>;
  const values = { senderId, globalStep, patternValue, data };
  for (const field of required) {
    if (values[field] === undefined) return wrong('missing-field', `${field} is missing`);
  }
  if (typeof senderId !== 'string') return wrong('wrong-type', 'senderId is not a string');
  if (typeof globalStep !== 'number') return wrong('wrong-type', 'globalStep is not a number');
  if (typeof patternValue !== 'number') return wrong('wrong-type', 'patternValue is not a number');
  if (timestamp !== undefined && typeof timestamp !== 'number') {
    return wrong('wrong-type', 'timestamp is not a number');
  }
  if (!isStep(globalStep)) return wrong('bad-step', 'globalStep is not an integer from 0 to 2^53-1');
  if (!Number.isFinite(patternValue)) return wrong('bad-number', 'patternValue is not finite');
  if (timestamp !== undefined && !Number.isFinite(timestamp))
    return wrong('bad-number', 'timestamp is not finite');
  if (senderId.length > limits.charactersMax) return wrong('line-too-long', 'senderId is too long');
  const copy = copyJson(data, limits);
  return {
    message: makeMessage(
      senderId,
      globalStep === 0 ? 0 : globalStep,
      patternValue,
      copy.value,
      timestamp,
      isStep(sequence) ? sequence : undefined,
      isStep(incarnation) ? incarnation : undefined,
      typeof signature === 'string' && signature.length <= 1024 ? signature : undefined,
    ),
    weight: copy.weight + 2 * senderId.length + 64,
  };
}

/** Puts a message together, optional fields only where they say something. `data` is frozen already. */
export function makeMessage(
  senderId: string,
  globalStep: number,
  patternValue: number,
  data: unknown,
  timestamp?: number,
  sequence?: number,
  incarnation?: number,
  signature?: string,
): MeshMessage {
  const message: { -readonly [Field in keyof MeshMessage]: MeshMessage[Field] } = {
    senderId,
    globalStep,
    patternValue,
    data,
  };
  if (timestamp !== undefined) message.timestamp = timestamp;
  if (sequence !== undefined) message.sequence = sequence;
  if (incarnation !== undefined && incarnation !== 0) message.incarnation = incarnation;
  if (signature !== undefined) message.signature = signature;
  return Object.freeze(message);
}
