/**
 * Bad days. A fault begins and ends at moments of the scenario, may change the world (crash a node), and while it lasts may judge every
 * message on the link. All its draws are keyed by its id, so that a fault that is taken out shifts nobody else's chance. It counts
 * what it touched: a fault that touched nothing proves nothing, and makes the run invalid.
 */
import type { KnobProblem, Knobs, Values } from '../base/knobs.js';
import type { KeyedDraws } from '../base/random.js';
import type { Registered } from '../base/registry.js';
import type { Who } from '../base/who.js';
import type { Envelope, MessageKind } from './envelope.js';
import type { Bodies, Body } from './bodies.js';
import type { PatternFunction } from './pattern.js';

/** What judges together decide about one message on a link. Any drop wins, delays add, copies multiply. */
export interface Verdict {
  dropped: boolean;
  delayUs: number;
  /** Extra copies; each draws its own corruption and delay, see `Fault.alter`. */
  extraCopies: number;
  /** It waits until no fault `holds` what its sender sends to its receiver any more, and takes its delay only then. */
  held: boolean;
  /** Held back so that later messages overtake; only counts, the time is in `delayUs`. */
  reordered: boolean;
  /** Arrives with wrong content, or not at all where it has none that a check could look at. */
  damaged: boolean;
}

/** The verdict about a message to which nothing happens. */
export const cleanVerdict: Verdict = {
  dropped: false,
  delayUs: 0,
  held: false,
  extraCopies: 0,
  reordered: false,
  damaged: false,
};

/** How a fault keeps a node from handling messages and timers at once. */
export interface Hindrance {
  /** Nothing is handled at all. */
  readonly isPaused: boolean;
  /** Everything is handled this much later. */
  readonly lagUs: number;
  /** After each message or timer the node is busy for so long. */
  readonly serviceUs: number;
  /** What handling costs the node anyway (`processing`) costs it so many times as much. */
  readonly costFactor: number;
}

/** The world as a fault may change it. */
export interface World {
  readonly nowUs: number;
  isUp(node: number): boolean;
  /** How often the node has come up so far: its lives, counted from 1. */
  lifeOf(node: number): number;
  /** How many nodes are up. */
  readonly upCount: number;
  /** Takes a node down: its timers die, deliveries to it are lost. False when it was down already. */
  crash(node: number): boolean;
  /** The node says goodbye and goes down. False when it was down already. */
  leave(node: number): boolean;
  /** Would the network of those that are up fall apart without this node? */
  wouldSplit(node: number): boolean;
  /** Brings a node up. False when it was up already, or has not come for the first time yet. */
  restart(node: number, state: 'keep' | 'lose'): boolean;
  /** Until `free`, the node stands still or handles everything late; see `Hindrance`. Anew from the same fault it replaces the old. */
  hinder(node: number, hindrance: Hindrance): void;
  /** Takes this fault's `hinder` back: what waits is handled now, as far as no other fault is in the way. */
  free(node: number): void;
  /** Until `setClockRight`, the node's own clock is off by this, and runs faster by a share. */
  setClock(node: number, offsetUs: number, drift: number): void;
  setClockRight(node: number): void;
  /**
   * Ends faults that last now and whose kind `heals`.
   * @param id of the fault; undefined: all of them
   * @returns the nodes that they had touched
   */
  heal(id: string | undefined): Iterable<number>;
  /** Calls the fault's `later(argument)` after a delay of at least 1 us, as a change of the world. */
  callLater(delayUs: number, argument: number): void;
}

/** What faults and adversaries are handed when they are made. */
export interface FaultContext {
  readonly id: string;
  readonly nodeCount: number;
  readonly nowUs: number;
  /** Keyed by (seed, the fault's id). */
  readonly draws: KeyedDraws;
  /** The nodes meant, in order of address; the same every time for the same `occurrence`. */
  select(who: Who, occurrence: number): Int32Array;
  /** Neighbour lists, for faults that follow the topology. */
  neighboursOf(node: number): Iterable<number>;
  /** Counts a message that the fault changed or lost. */
  touchMessage(): void;
  /** Counts a node that the fault changed; each once. */
  touchNode(node: number): void;
  /** Counts something that a limit kept the fault from doing. */
  leaveOut(): void;
}

export interface Fault {
  /** Who is down when the run begins. Asked once, before anything happens. */
  startsDown?(): Iterable<number>;
  /** One of its moments. `occurrence` counts from 0. */
  begin(world: World, occurrence: number): void;
  /** The end of its duration, for those that have something to undo. What judges messages is asked no more anyway. */
  end?(world: World, occurrence: number): void;
  later?(world: World, argument: number): void;
  /**
   * Does it lose this message, while it lasts? Asked before anything else, and only about what is not lost already: whatever is lost is lost
   * once, by the network or by the first fault in the order of the scenario that has a hand in it.
   * @param number the message's own number at its sender, for keyed draws
   */
  loses?(envelope: Envelope, number: number): boolean;
  /** What else becomes of a message that nobody loses: may hold, delay and multiply it. */
  judge?(envelope: Envelope, number: number, verdict: Verdict): void;
  /**
   * What becomes of one copy of a message that gets through, while the fault lasts: may add to `delayUs`, and set `reordered` and
   * `damaged`. Asked for the message itself and for each extra copy, so that each draws for itself.
   * @param number the copy's own number; that of the first is the message's
   * @param usualUs how long the copy would take without any fault
   */
  alter?(envelope: Envelope, number: number, verdict: Verdict, usualUs: number): void;
  /**
   * True when `loses` draws nothing: in `timing: rounds` it is then asked about the answer of a call as well, while chance decides once
   * about both directions.
   */
  readonly certain?: boolean;
  /** While it lasts: does nothing of what one sends reach the other? Asked by the all-seeing eye, and counts nothing. */
  separates?(from: number, to: number): boolean;
  /** While it lasts: does what one sends to the other wait? Counts nothing. */
  holds?(from: number, to: number): boolean;
}

/** A fault of the scenario by name. */
export interface FaultName {
  readonly id: string;
  readonly kind: Pick<FaultKind, 'name' | 'heals'>;
}

/** A kind of fault: one file, one line in the registry. */
export interface FaultKind<K extends Knobs = Knobs> extends Registered {
  readonly knobs: K;
  /** True when it lasts (needs `duration` or `until`, or goes on to the end); false when it happens in one moment. */
  readonly lasts: boolean;
  /** True when it copies, holds back or damages messages: the result then has a section about links. */
  readonly roughens?: boolean;
  /** True when it can take nodes down or bring them up. */
  readonly changesNodes: boolean;
  /** True for the coming and going of nodes at large, which is measured apart. */
  readonly comesAndGoes?: boolean;
  /** About how many events it makes in a run, where they are not those of its schedule. */
  events?(parameters: Values<K>, nodeCount: number, stopTimeUs: number): number;
  /** True when it means something only where handling costs nodes time. */
  needsProcessing?(parameters: Values<K>): boolean;
  /** True when it undoes others: at equal times it comes before what begins. */
  readonly mends?: boolean;
  /** True when a `heal` can end it. */
  readonly heals?: boolean;
  /**
   * Looks at knobs that are right one by one and may make no sense together.
   * @param planned all faults of the scenario, this one included
   */
  check?(parameters: Values<K>, planned: readonly FaultName[]): readonly KnobProblem[];
  /** Does it mean something in `timing: rounds`? Left out, it does not, and is refused there. */
  inRounds?(parameters: Values<K>): boolean;
  create(context: FaultContext, parameters: Values<K>): Fault;
}

/** Keeps the link between a fault's knobs and the parameters of its `create`. */
export function faultKind<const K extends Knobs>(entry: FaultKind<K>): FaultKind<K> {
  return entry;
}

/**
 * What a liar can sign with. `insider`: the keys of its node, which is the group's with `hmac` and its own pair with `ed25519`.
 * `outsider`: none, so that nothing it makes up has a good signature.
 */
export const keyHoldings = ['insider', 'outsider'] as const;
export type KeyHolding = (typeof keyHoldings)[number];

/** What a forged body says differently from the body that it is made of. */
export interface BodyChanges {
  readonly origin?: number;
  readonly step?: number;
  readonly sequence?: number;
  readonly timestampMs?: number;
  readonly data?: unknown;
}

/** What an adversary is handed besides what faults get. */
export interface AdversaryContext extends FaultContext {
  readonly bodies: Bodies;
  readonly pattern: PatternFunction;
  /** Chosen nodes. */
  readonly members: Int32Array;
  /** Milliseconds since 1970 at virtual time 0. */
  readonly epochMs: number;
  /** The slot and kind of the message that carries publications; undefined where there is none. */
  readonly publication: { readonly slot: number; readonly kind: number } | undefined;
  isUp(node: number): boolean;
  /**
   * Ground truth: from now on the message with these words and this body is a forged one.
   * All copies of one message are one act. A replayed message is told from the true one by its handle, which `lend` made.
   * @param twin the body that others get under the same number, where the lie is that there are two
   */
  recordAct(envelope: Envelope, isReplay?: boolean, twin?: number): void;
  /** Stores a body until the messages of this moment are posted. @returns its handle */
  lend(body: Body): number;
  /** A body as `liar` would have it, signed as well as it can be with what it holds. */
  forge(liar: number, body: Body, changes: BodyChanges, keys: KeyHolding): Body;
  /** A body of a message that never was, in the name of `origin`; otherwise as `forge`. */
  invent(liar: number, content: Required<BodyChanges>, keys: KeyHolding): Body;
  /** Makes up so many identities that nobody else goes by. @returns the first of their addresses, which are in a row */
  makeUpNames(count: number): number;
  /** Calls `wake(node)` after a delay of at least 1 us, if the adversary is at work then and the node up; otherwise again later. */
  wakeLater(node: number, delayUs: number): void;
  /** Sends on a liar's own account. Only in `wake`; no adversary looks at it again. */
  send(
    from: number,
    to: number,
    step: number,
    value: number,
    sequence: number,
    hops: number,
    body: number,
  ): void;
}

/** Members that lie. */
export interface Adversary {
  /**
   * Called for every message that a member sends, before the link. May rewrite the words and the body of the envelope (a body made
   * with `lend`), or drop, delay and multiply it.
   * @param number the message's own number at its sender
   */
  onSend?(envelope: Envelope, kind: MessageKind, number: number, verdict: Verdict): void;
  /** For those that send on their own account: called for each member when the adversary begins, and after `wakeLater`. */
  wake?(node: number): void;
}

/** A kind of adversary: one file, one line in the registry. */
export interface AdversaryKind<K extends Knobs = Knobs> extends Registered {
  readonly knobs: K;
  /** False when it has no meaning in `timing: rounds`, because it sends at times of its own or delays; it is refused there. */
  readonly inRounds?: boolean;
  /** How many messages a second each member publishes on its own account, for the estimate of a run's cost; left out, none. */
  publishesPerSecond?(parameters: Values<K>): number;
  create(context: AdversaryContext, parameters: Values<K>): Adversary;
}

/** Keeps the link between an adversary's knobs and the parameters of its `create`. */
export function adversaryKind<const K extends Knobs>(entry: AdversaryKind<K>): AdversaryKind<K> {
  return entry;
}
