/**
 * Protocols without input and output. A protocol never sends, waits, looks at a clock or rolls dice: it is handed a Host that can. Its
 * state is a Population of N nodes in typed arrays; a node on a real network, or in one process, is a population of one.
 * Law: N populations of one behave exactly as one population of N.
 */
import type { Knobs, Values } from '../base/knobs.js';
import type { Chance } from '../base/random.js';
import type { Registered } from '../base/registry.js';
import type { Envelope, MessageKind } from './envelope.js';
import type { RoundPopulation } from './rounds.js';
import type { Wiring } from './stack.js';
import type { WriteVerb } from './workload.js';

/** The slots of a node, in the order in which a message climbs through them. */
export const slotNames = [
  'guards',
  'peers',
  'detector',
  'partition',
  'clock',
  'spread',
  'state',
  'app',
] as const;
export type SlotName = (typeof slotNames)[number];

/** What a protocol reports, for metrics, traces and logs. `body` and `value` as each line says. */
export const reportKinds = {
  /** The node published a message: body, step. */
  published: 1,
  /** First acceptance of a distinct message: body, hops. */
  delivered: 2,
  /** A copy of a message that the node had: body, 0. */
  duplicate: 3,
  /** A guard found a distinct message wrong: body, flag number (see flags). */
  flagged: 4,
  /** The step clock moved because of a message: body, new step. */
  adopted: 5,
  /** An observer met a distinct message for the first time, valid or not: body, flag number or 0. */
  observed: 6,
  /** A detector suspects a peer: 0, the peer's address. */
  suspected: 7,
  /** A detector takes a peer for dead (or gone): 0, the peer's address. */
  confirmed: 8,
  /** A detector takes a peer that it suspected, or held for dead, for alive again: 0, the peer's address. */
  cleared: 9,
  /** What the node thinks of its own side of the network: 0, 0 healthy, 1 partitioned, 2 recovering. */
  partitioned: 10,
  /** A guard dropped a message that came faster than is allowed: its body or 0, the link peer's address. */
  throttled: 11,
  /** The node's opinion of a peer fell so low that it ignores it: 0, the peer's address. */
  accused: 12,
  /** The node listens to a peer again: 0, the peer's address. */
  pardoned: 13,
  /** The node's state slot came to hold something else: 0, a number that is the same for the same content, 0 for none. */
  changed: 14,
  /** The node itself judges that the network has converged (1) or has not (0): 0, that. */
  estimated: 15,
  /** A further guard found a message wrong that was flagged already: body, flag number. */
  alsoFlagged: 16,
  /** The node took the lead of a group, or came up with it: 0, the term times the number of groups, plus the group. */
  leads: 17,
  /** The node wrote into its state slot: 0, twice the size of the change plus 1 if it is negative (counters), or 0. */
  wrote: 18,
  /** The step clock moved on by itself, after an interval in which the node published nothing: 0, the new step. */
  ticked: 19,
} as const;
/** Reports from here on are of no concern to the deliveries: only instruments read them. */
export const firstInstrumentReport = reportKinds.suspected;
export type ReportKind = (typeof reportKinds)[keyof typeof reportKinds];

/** What a guard can hold against a message. The position is the flag's number; 0 is "nothing". */
export const flagNames = [
  'none',
  'pattern-mismatch',
  'bad-signature',
  'unknown-sender',
  'replay',
  'equivocation',
  'stale',
] as const;
export type FlagName = (typeof flagNames)[number];
export const flags = {
  none: 0,
  patternMismatch: 1,
  badSignature: 2,
  unknownSender: 3,
  replay: 4,
  equivocation: 5,
  stale: 6,
} as const;

/**
 * All that a protocol can do to the world, on behalf of the node whose turn it is. One host speaks for one slot; `row`, `self`,
 * `nowUs`, `incarnation` and `chance` change with every event.
 */
export interface Host {
  /** Where this node's state lies in the population's arrays. */
  readonly row: number;
  /** The node's address. */
  readonly self: number;
  /** The node's own clock, whole microseconds. */
  readonly nowUs: number;
  /** How often the node has lost its state. */
  readonly incarnation: number;
  /** The node's own stream of chance. */
  readonly chance: Chance;
  /** The neighbours in the topology; the default view of peers. */
  readonly peerCount: number;
  peerAt(index: number): number;
  /** Sends one message of this slot. The body is retained while it is under way. */
  send(to: number, kind: number, a: number, b: number, c: number, d: number, body: number): void;
  /**
   * Wakes the node's slot after a delay of at least 1 us. There is no cancel: a stale timer is told by its argument, and timers of
   * before a crash never fire.
   */
  setTimer(kind: number, delayUs: number, argument: number): void;
  report(kind: ReportKind, body: number, value: number): void;
  /** The node's processor is busy for so long, whole microseconds: what it sends now leaves later, and what arrives waits. */
  spend?(us: number): void;
}

/** Why a node starts. */
export type StartReason = 'boot' | 'state-kept' | 'state-lost';

/** The state and rules of one slot of many nodes. Every call is about the node that the host speaks for. */
export interface Population {
  /** The node comes up. After `state-lost` it knows nothing but its configuration. */
  start(reason: StartReason): void;
  /** The node is about to go in good order: the time to say goodbye. It goes at this very moment, whatever comes of it. */
  leave?(): void;
  receive(envelope: Envelope): void;
  timer(kind: number, argument: number): void;
  /**
   * These rows are about to receive. A population with large columns reads them here, in one loop: memory answers ten questions in the
   * time of one when they are asked together. It changes nothing.
   * @param bodies handles of what they receive, 0 for none
   * @returns anything that depends on what was read, so that reading is not optimised away
   */
  touchForMessages?(rows: Int32Array, bodies: Int32Array, count: number): number;
  /** The same for rows whose timers are about to go off. */
  touchForTimers?(rows: Int32Array, count: number): number;
  /** Counts of its own, such as probes, added up over all nodes; the result shows them by name. */
  figures?(): Readonly<Record<string, number>>;
  /** Where what it does follows from the scenario and not from its knobs alone: what that came to, in a word; the result shows it. */
  readonly manner?: string;
  /** What each node reads off: one number a row. The array is the population's own, to be looked at and left alone. */
  readings?(): Float64Array;
}

/** What a run will ask of the memory of its protocols. */
export interface MemoryLoad {
  readonly nodeCount: number;
  /** Neighbours of a node, on average. */
  readonly degree: number;
  /** Messages published in the whole run, at most so many by one node, and by how many nodes. */
  readonly messages: number;
  readonly publishers: number;
  /** Writes into the state slot, and by how many nodes. */
  readonly writes: number;
  readonly writers: number;
  readonly inRounds: boolean;
}

/** What a run will ask of the engine. */
export interface EventLoad extends MemoryLoad {
  /** How long the run takes, virtual time. */
  readonly seconds: number;
  /** From publication to the end of the run, all messages added up. */
  readonly messageSeconds: number;
  /** Where time goes in rounds: how long one takes. Undefined elsewhere. */
  readonly roundUs: number | undefined;
}

/** A way to fill a slot: one file in `protocols/<slot>/`, one line in the registry. */
export interface Protocol<K extends Knobs = Knobs> extends Registered {
  readonly slot: SlotName;
  readonly knobs: K;
  readonly messages: readonly MessageKind[];
  /**
   * True when it counts voices, which means something only where nobody can speak with several: refused without authentication, except
   * where every message comes straight from its sender (dissemination `direct`).
   */
  readonly needsIdentity?: boolean;
  /** What `readings` hold: grains of a value (left out), or tallies (parts/tally.ts). */
  readonly readings?: 'tallies';
  /** Slot clock: of how many identities, drawn from the seed, the claims alone count; left out, or undefined: everybody's do. */
  committeeSize?(nodeCount: number, parameters: Values<K>): number | undefined;
  /** True when it needs a topology that says who is below whom, and is refused with others. */
  readonly needsLevels?: boolean;
  /** True for a way of spreading in which nobody passes anything on: every publication comes straight from its sender. */
  readonly isStraight?: boolean;
  /** True for the hand of the experimenter: its host tells the true time, whatever the node's clock shows; see `Wiring.shownUs`. */
  readonly followsPlan?: boolean;
  /** Slot state: what the workload may ask of it. A protocol that says so puts itself into `wiring.state`. */
  readonly writes?: readonly WriteVerb[];
  /** The least that one `increment` may be; left out, anything but 0. */
  readonly incrementMin?: number;
  /** How many writers it stands, with these parameters; left out, any number. */
  writersMax?(parameters: Values<K>): number;
  /**
   * Builds the state of `rows` nodes and puts what other slots may use into `wiring`.
   * @param wiring complete only after every slot was built; read it when called, not here
   */
  create(host: Host, rows: number, parameters: Values<K>, wiring: Wiring): Population;
  /** The same for `timing: rounds`, always for all nodes at once. A protocol that sends messages and has no such form is refused there. */
  createForRounds?(host: Host, rows: number, parameters: Values<K>, wiring: Wiring): RoundPopulation;
  /**
   * Bytes that the nodes of a run hold at the most in this slot, timers included and messages under way apart; no less than the truth
   * and about twice as much at the most. Left out: 20 a node.
   */
  memoryBytes?(load: MemoryLoad, parameters: Values<K>): number;
  /**
   * How many events its nodes make together in a run, within a factor of three: messages that arrive, and moments at which they wake. `degree`
   * counts the peers that a node talks to. Left out: for each knob that is an interval every node wakes, asks somebody and is answered
   * (without `messages` it only wakes); in the slot spread it only wakes, and each publication goes over every link, or (`isStraight`) over those of its publisher.
   */
  events?(load: EventLoad, parameters: Values<K>): number;
  /** Knobs that mean something in `timing: events` only, such as a rhythm beside the rounds: refused in rounds when they are set. */
  readonly eventsOnly?: readonly (keyof K & string)[];
}

/** Keeps the link between a protocol's knobs and the parameters of its `create`. */
export function protocol<const K extends Knobs>(entry: Protocol<K>): Protocol<K> {
  return entry;
}
