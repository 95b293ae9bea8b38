/**
 * Where the slots of one node meet. Each slot offers one small interface to the others and knows no more of them; the wiring is the
 * sheet on which they find each other, filled while the node is built, from guards to app.
 */
import type { Activation } from './experiment.js';
import type { Bodies } from './bodies.js';
import type { Duties, WriteOperand, WriteVerb } from './workload.js';
import type { Envelope } from './envelope.js';
import type { Hierarchy } from './hierarchy.js';
import type { PatternFunction } from './pattern.js';
import type { Signer } from './signer.js';

/** Slot peers: whom this node may talk to now. The default is every neighbour in the topology. */
export interface PeerView {
  count(): number;
  /** Address of the index-th peer, 0 <= index < count(). */
  at(index: number): number;
  /** Where others may come into the view; left out where the node's whole view stays as it is. */
  readonly changing?: ChangingView;
}
export interface ChangingView {
  /** Moves on whenever somebody comes or goes. */
  edition(): number;
  /** The edition with which the index-th peer came. Who goes and comes back has come anew. */
  cameWith(index: number): number;
}

/** Slot clock: the global step as this node counts it. */
export interface StepClock {
  /** The node's own step: the one that its next message will carry. */
  now(): number;
  /** Takes the step for a message about to be published and moves on by one. */
  take(): number;
  /** Learns of a step that a message, judged good, claims. */
  observe(origin: number, claimedStep: number): void;
  /** Moves forward to a step, never back. */
  advanceTo(step: number): void;
  /**
   * Whose claims it follows: of everybody whose messages reach it (when left out), of its neighbours in the topology only, or of
   * `Wiring.committee`.
   */
  readonly hears?: 'everybody' | 'neighbours' | 'committee';
  /** How many liars its rule bears among so many voices, the node's own included: the fault budget. */
  faultsBorne?(voices: number): number;
}

/** Slot guards: each has a say in two places, and both are optional. */
export interface Guard {
  /** Every copy on arrival, before its slot sees it; false drops it. */
  arrive?(envelope: Envelope): boolean;
  /** Each distinct publication once per node. Returns a flag number, 0 when nothing is wrong. */
  judge?(envelope: Envelope): number;
  /** Each distinct publication that no guard objected to, once per node. */
  accepted?(envelope: Envelope): void;
}

/** Slot spread: takes a publication to everybody. */
export interface Spread {
  /** Publishes a body of the node's own. The caller keeps its reference. */
  publish(step: number, value: number, sequence: number, body: number): void;
  /** Hands one publication to one peer that may have missed it; absent where the way of spreading mends gaps by itself. */
  resend?(to: number, step: number, value: number, sequence: number, body: number): void;
}

/** Slot partition: does the node see enough of the members to go on? */
export interface Quorum {
  /** May the node publish now? Asked before each publication, and refusals are counted. */
  admits(): boolean;
  /** The node has published this. */
  wrote(step: number, value: number, sequence: number, body: number): void;
}

/** Slot state, where all hold data in common and anybody may change it. On behalf of the node whose turn it is. */
export interface Replicated {
  write(verb: WriteVerb, operand: WriteOperand): void;
}

/** Slot app: what the node is there for. */
export interface Receiver {
  /** A distinct message for the first time; `flag` says what a guard held against it, 0 for nothing. */
  deliver(envelope: Envelope, flag: number): void;
}

/** Slot detector: who is thought to be there. Asked on behalf of the node whose turn it is. */
export interface Liveness {
  isThoughtAlive(peer: number): boolean;
}

/** What guards have learned about link peers. Asked and told on behalf of the node whose turn it is. */
export interface Standing {
  /** Does the node refuse to listen to this peer? */
  isIgnored(peer: number): boolean;
  /** Own evidence only: what the peer itself did, or forwarded although it could have checked it. */
  note(peer: number, evidence: Evidence): void;
}
export type Evidence =
  'good-message' | 'pattern-mismatch' | 'bad-signature' | 'replay' | 'equivocation' | 'too-fast' | 'timeout';

/** What slots of one population know of each other. */
export interface Wiring {
  readonly bodies: Bodies;
  readonly pattern: PatternFunction;
  readonly guards: Guard[];
  peers: PeerView;
  /** What `peers` is when no slot has filled it: every neighbour in the topology. */
  readonly neighbours?: PeerView;
  clock: StepClock | undefined;
  spread: Spread | undefined;
  app: Receiver | undefined;
  /** Present when a partition detector is there. */
  quorum?: Quorum;
  /** Registered members of the network; left out where nobody knows. */
  readonly memberCount?: number;
  /** Addresses, ascending, of those whose claims about the step count; left out: everybody's do. */
  readonly committee?: Int32Array;
  /** Present when nodes hold data in common. */
  state?: Replicated;
  /** Where a node is; left out where nobody is anywhere. */
  regionOf?(address: number): string | undefined;
  /** Whole metres between two nodes, -1 where one of them has no coordinates; left out where none has any. */
  distanceM?(from: number, to: number): number;
  /** Present when a detector is there. */
  liveness?: Liveness;
  /** Present when somebody keeps book about peers. */
  standing?: Standing;
  /** Present when authentication is on. */
  readonly signer: Signer | undefined;
  /** What one check of a signature costs a node, whole microseconds; nothing when left out. */
  readonly verifyUs?: number;
  /** What each node publishes, by address. */
  readonly duties: Duties;
  /** The name that an address goes by in messages and signatures. */
  nameOf(address: number): string;
  /** What the clock of the node whose turn it is shows, for those whose host tells the true time; left out: just that. */
  readonly shownUs?: () => number;
  /** Milliseconds since 1970 at a node's time 0. */
  readonly epochMs: number;
  /** Is the node an observer, by address. */
  isObserver(address: number): boolean;
  /** An upper bound of distinct messages that the run will publish, for the size of caches; at least 1. */
  readonly expectedMessages: number;
  /** How nodes that gossip take their turns; periodic when left out. */
  readonly activation?: Activation;
  /** The order of `activation: sequential`: the place of each node in a cycle, 0 to count-1. Cycles count from time 0. */
  readonly turns?: { readonly count: number; placeOf(address: number, cycle: number): number };
  /** Who is below whom, where the topology has levels. */
  readonly hierarchy?: Hierarchy;
  /** How long one cycle of the spread slot takes, where it has cycles; the slot writes it. */
  cycleUs?: number;
}
