/**
 * One run of one experiment: the only place where simulated time passes. It takes the next event out of the queue, makes its node the
 * one whose turn it is, and lets the node's slots act; what they send goes through adversaries and links back into the queue.
 * Nothing here knows a protocol, a fault or a metric by name.
 *
 * The caller drives it in slices (`advance`), so that it can show progress, be interrupted and stay polite.
 */
import { assert } from '../base/assert.js';
import { NodeDigests } from '../base/digest.js';
import { NodeStreams } from '../base/random.js';
import type { Body } from '../model/bodies.js';
import type { Envelope, MessageKind } from '../model/envelope.js';
import type { Experiment } from '../model/experiment.js';
import { cleanVerdict } from '../model/fault.js';
import {
  reportKinds,
  type Population,
  type ReportKind,
  type SlotName,
  type StartReason,
} from '../model/protocol.js';
import { dropReasons, worldChanges, type RunListener, type WorldChange } from '../model/record.js';
import type { PeerView, StepClock, Wiring } from '../model/stack.js';
import type { Graph } from '../model/topology.js';
import { BodyStore } from '../parts/body-store.js';
import { nameIn } from '../parts/forged-body.js';
import { distanceM } from '../parts/places.js';
import { accessLines, waitsForDownlink, type AccessLines } from './access.js';
import { Copies } from './copies.js';
import { resolveDuties } from './duties.js';
import { HeldMessages } from './held-messages.js';
import { SimulatedHost, TrueTimeHost } from './host.js';
import { TurnOrder } from './turn-order.js';
import type { Desks } from './desks.js';
import { Links } from './links.js';
import type { NodeClocks } from './node-clocks.js';
import { NodeRows } from './node-rows.js';
import { Observations } from './observations.js';
import { EventQueue, eventClasses, type Expected, type Foresight } from './queue.js';
import { PermutedQueue } from './permuted-queue.js';
import { refuseInRounds, Rounds } from './rounds.js';
import { NodeDirectory } from './selection.js';
import { buildStack, messageKindsOf, wordsOf, type Stack } from './stack.js';
import { WorldChanges } from './world.js';

export interface SimulationOptions {
  /** Told of everything that happens. */
  readonly listener?: RunListener;
  /** `single`: every node is a population of one. The same run, by law; only tests want it. */
  readonly populations?: 'shared' | 'single';
  /** Equal times come in an order drawn with this seed instead of the usual one: for finding out what hangs on it. */
  readonly tieSeed?: number;
}

const startChanges = {
  boot: worldChanges.start,
  'state-kept': worldChanges.restartKept,
  'state-lost': worldChanges.restartLost,
} as const;

/** From so many nodes on their columns do not fit into a processor's cache. */
const foresightNodesMin = 1 << 14;
/** How many events ahead: not more than stay in the first cache until their turn. */
const foresightEvents = 32;
const expected = (): Expected => ({
  nodes: new Int32Array(foresightEvents),
  bodies: new Int32Array(foresightEvents),
  count: 0,
});

export class Simulation {
  nowUs = 0;
  /** Whose turn it is. */
  node = 0;
  /** How long the node was busy with what it does now, so far. */
  spentUs = 0;
  /** Events taken out of the queue. */
  events = 0;

  readonly graph: Graph;
  /** What nearly every event touches of a node. */
  readonly rows: NodeRows;
  readonly nodeChance: NodeStreams;
  readonly bodies: BodyStore;
  readonly directory: NodeDirectory;
  readonly links: Links;
  /** Present where nodes send and receive only so many bytes a second. */
  readonly uplinks: AccessLines | undefined;
  readonly downlinks: AccessLines | undefined;
  readonly queue: EventQueue;
  readonly observations: Observations;
  /** Told of everything that happens; set before `begin`. */
  listener: RunListener | undefined;

  /** Present when time goes in rounds. */
  readonly rounds: Rounds | undefined;

  /** Lines in front of nodes that a fault hinders; absent until the first. */
  desks: Desks | undefined;
  /** Clocks that a fault has bent; absent until the first. */
  clocks: NodeClocks | undefined;
  /** Messages that a fault keeps back. */
  readonly held = new HeldMessages(this);

  readonly #copies: Copies;
  readonly #world: WorldChanges;
  readonly #stops: boolean;
  readonly #messageUs: number;
  readonly #stacks: readonly Stack[];
  readonly #populations: readonly Population[];
  readonly #kinds: readonly (readonly MessageKind[])[];
  readonly #digests: NodeDigests;
  readonly #counters: Uint32Array;
  readonly #counterStride: number;
  readonly #counterOffset: number;
  /** Timers with an older number than this died with a crash; absent until the first crash. */
  #timersValidFrom: Uint32Array | undefined;
  /** Nodes that are about to have their turn. */
  readonly #soon: Foresight;
  #touched = 0;
  #finished = false;
  /** A liar sends something of its own, which no adversary looks at again. */
  #onOwnAccount = false;

  /** The message that is being sent, and the one that is being handled. */
  readonly #outgoing: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };
  readonly #incoming: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };

  constructor(
    readonly experiment: Experiment,
    options: SimulationOptions = {},
  ) {
    const { nodeCount, seed, stack, timing, network } = experiment;
    const inRounds = timing?.mode === 'rounds';
    this.#messageUs = experiment.processing?.messageUs ?? 0;
    if (inRounds) refuseInRounds(experiment);
    this.#stops = experiment.stopWhen !== undefined;
    this.listener = options.listener;
    this.graph = experiment.layout.graph;
    this.rows = new NodeRows(nodeCount);
    const { counters, digests, draws } = this.rows;
    this.nodeChance = new NodeStreams(seed, 'node', nodeCount, 0, draws);
    this.#counters = counters.words;
    this.#counterStride = counters.stride;
    this.#counterOffset = counters.offset;
    this.#digests = new NodeDigests(nodeCount, digests);
    this.#kinds = messageKindsOf(stack);
    const words = wordsOf(stack);
    this.queue =
      options.tieSeed === undefined ? new EventQueue(words) : new PermutedQueue(words, options.tieSeed);
    this.links = new Links(experiment, network.lossPer ?? (inRounds ? 'call' : 'message'));
    this.uplinks = accessLines(nodeCount, network.upBytesPerSecond, network);
    this.downlinks = accessLines(nodeCount, network.downBytesPerSecond, network);
    this.#copies = new Copies(this);
    this.directory = new NodeDirectory(experiment);
    this.bodies = new BodyStore((handle) => this.observations.bodyForgotten(handle));
    this.#world = new WorldChanges(this);
    this.observations = new Observations(this, this.#world);

    const duties = resolveDuties(experiment, this.directory);
    this.observations.prepare(duties);
    const observers = new Set(experiment.observers);
    const turns =
      timing?.mode === 'events' && timing.activation === 'sequential'
        ? new TurnOrder(seed, nodeCount)
        : undefined;
    const { graph } = this;
    const neighbours: PeerView = {
      count: () => graph.neighbourCount(this.node),
      at: (index) => graph.neighbourAt(this.node, index),
    };
    const { positions } = experiment.layout;
    const wiring = (): Wiring => ({
      bodies: this.bodies,
      pattern: experiment.pattern,
      guards: [],
      peers: neighbours,
      neighbours,
      memberCount: nodeCount,
      committee: experiment.committee,
      verifyUs: experiment.processing?.verifyUs,
      regionOf: this.directory.hasRegions ? (address) => this.directory.regionOf(address) : undefined,
      distanceM: positions && ((from, to) => distanceM(positions, from, to)),
      clock: undefined,
      spread: undefined,
      app: undefined,
      signer: experiment.signer,
      duties,
      nameOf: (address) => nameIn(experiment, address),
      epochMs: experiment.epochMs,
      shownUs: () => this.clocks?.shownUs(this.node, this.nowUs) ?? this.nowUs,
      isObserver: (address) => observers.has(address),
      expectedMessages: duties.expectedMessages,
      activation: timing?.mode === 'events' ? timing.activation : 'periodic',
      turns,
      hierarchy: experiment.layout.hierarchy,
    });
    const stackFor = (rows: number, firstAddress: number): Stack => {
      return buildStack(
        stack,
        rows,
        wiring(),
        (slot) =>
          stack[slot].protocol.followsPlan === true
            ? new TrueTimeHost(this, slot, firstAddress)
            : new SimulatedHost(this, slot, firstAddress),
        inRounds,
      );
    };
    assert(!(inRounds && options.populations === 'single'), 'rounds look at all nodes at once');
    this.#stacks =
      options.populations === 'single'
        ? Array.from({ length: nodeCount }, (_, address) => stackFor(1, address))
        : [stackFor(nodeCount, 0)];
    this.#populations = this.#stacks[0].populations;
    this.#soon = {
      events: foresightEvents,
      messages: this.#populations.map(expected),
      timers: this.#populations.map(expected),
    };
    if (inRounds) this.rounds = new Rounds(this, this.#world, this.#populations);
  }

  /** The step of a node as its clock slot counts it; undefined without a clock. */
  stepOf(node: number): number | undefined {
    return this.withClock(node, (clock) => clock.now());
  }

  /** The step clock of a node, which speaks for it as long as it is its turn; undefined without one. */
  withClock<T>(node: number, ask: (clock: StepClock) => T): T | undefined {
    const before = this.node;
    this.node = node;
    const { clock } = this.#stackOf(node).wiring;
    const answer = clock === undefined ? undefined : ask(clock);
    this.node = before;
    return answer;
  }

  /** The addresses that a node talks to now, in the order of its view. */
  peersOf(node: number): number[] {
    const before = this.node;
    this.node = node;
    const { peers } = this.#stackOf(node).wiring;
    const list = Array.from({ length: peers.count() }, (_, index) => peers.at(index));
    this.node = before;
    return list;
  }

  /** Lowest and highest step of the honest nodes that are up, as their clocks count; undefined when there are none. */
  stepBounds(): { readonly min: number; readonly max: number } | undefined {
    const { honest } = this.#world;
    const before = this.node;
    let min = Infinity;
    let max = -Infinity;
    const isShared = this.#stacks.length === 1;
    let { clock } = this.#stacks[0].wiring;
    if (clock === undefined) return undefined;
    for (let node = 0; node < honest.length; node++) {
      if (honest[node] === 0 || !this.#world.isUp(node)) continue;
      if (!isShared) clock = this.#stacks[node].wiring.clock;
      if (clock === undefined) break;
      this.node = node;
      const step = clock.now();
      if (step < min) min = step;
      if (step > max) max = step;
    }
    this.node = before;
    return max < min ? undefined : { min, max };
  }

  /** How long a cycle of the spread slot takes; undefined where it has none, and in rounds. */
  get cycleUs(): number | undefined {
    return this.rounds === undefined ? this.#stacks[0].wiring.cycleUs : undefined;
  }

  /** What the protocol in a slot counted, over all nodes; undefined where the slot is empty. */
  figuresOf(name: SlotName, protocolName?: string): Readonly<Record<string, number>> | undefined {
    const slot = this.experiment.stack.findIndex(
      ({ protocol }) => protocol.slot === name && (protocolName ?? protocol.name) === protocol.name,
    );
    if (slot < 0) return undefined;
    const sums: Record<string, number> = {};
    for (const { populations } of this.#stacks) {
      for (const [figure, count] of Object.entries(populations[slot].figures?.() ?? {}))
        sums[figure] = (sums[figure] ?? 0) + count;
    }
    return sums;
  }

  /** What the protocol in a slot says of itself; undefined where it says nothing. */
  mannerOf(name: SlotName): string | undefined {
    const slot = this.experiment.stack.findIndex(({ protocol }) => protocol.slot === name);
    return this.#populations[slot]?.manner;
  }

  /** What each node reads off in a slot, by address; undefined where the slot is empty or has no readings. */
  readingsOf(name: SlotName): Float64Array | undefined {
    const slot = this.experiment.stack.findIndex(({ protocol }) => protocol.slot === name);
    if (slot < 0) return undefined;
    if (this.#stacks.length === 1) return this.#populations[slot].readings?.();
    const readings = new Float64Array(this.#stacks.length);
    for (const [address, { populations }] of this.#stacks.entries()) {
      const own = populations[slot].readings?.();
      if (own === undefined) return undefined;
      readings[address] = own[0];
    }
    return readings;
  }

  /** Does anybody keep book about peers? */
  get hasStanding(): boolean {
    return this.#stacks[0].wiring.standing !== undefined;
  }

  /** Is the node a member of an adversary? Known once the run has begun. */
  isLiar(node: number): boolean {
    return this.#world.isAdversary(node);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** 16 hexadecimal digits: the same for the same experiment on every machine. */
  get fingerprint(): string {
    return this.#digests.combined();
  }

  /** The digest of what happened to one node so far. */
  fingerprintOf(node: number): string {
    return this.#digests.of(node);
  }

  /** Starts all nodes and schedules what the experiment has planned. Once, before `advance`. */
  begin(): void {
    this.observations.begin(this.cycleUs !== undefined);
    this.#world.begin();
  }

  /**
   * Lets time pass: handles up to `eventsMax` events (in rounds: whole rounds, at least one), none of them after the stop time.
   * @returns false when the run is over
   */
  advance(eventsMax: number): boolean {
    if (this.rounds !== undefined) return this.#advanceRounds(this.rounds, eventsMax);
    const { queue, experiment } = this;
    const foresees = this.#stacks.length === 1 && experiment.nodeCount >= foresightNodesMin;
    for (let i = 0; i < eventsMax; i++) {
      if (queue.nextTime() > experiment.stopTimeUs) {
        this.#finish(experiment.stopTimeUs);
        return false;
      }
      if (foresees && queue.isUnforeseen) this.#foresee();
      this.handleNext();
      // What is planned for this very microsecond may still be in the queue.
      if (this.#stops && this.observations.convergence.isOver(this.nowUs - 2)) {
        this.#finish(this.nowUs);
        return false;
      }
    }
    return true;
  }

  #advanceRounds(rounds: Rounds, eventsMax: number): boolean {
    for (let work = 0; work < eventsMax; work += this.experiment.nodeCount) {
      if (rounds.advance()) continue;
      const isOver = this.observations.convergence.isOver(this.nowUs);
      this.#finish(isOver ? this.nowUs : this.experiment.stopTimeUs);
      return false;
    }
    return true;
  }

  /**
   * Foresight. In a large network each event finds its node's columns out of the processor's cache, and waits for them one by one. So the
   * columns of the next nodes are read in advance and together. A run is the same without.
   */
  #foresee(): void {
    const soon = this.#soon;
    this.queue.foresee(soon);
    const { messages, timers } = soon;
    let sum = 0;
    for (let slot = 0; slot < messages.length; slot++)
      sum ^= this.#touch(messages[slot]) ^ this.#touch(timers[slot]);
    const populations = this.#populations;
    for (let slot = 0; slot < populations.length; slot++) {
      const population = populations[slot];
      const received = messages[slot];
      const woken = timers[slot];
      if (received.count > 0)
        sum ^= population.touchForMessages?.(received.nodes, received.bodies, received.count) ?? 0;
      if (woken.count > 0) sum ^= population.touchForTimers?.(woken.nodes, woken.count) ?? 0;
    }
    this.#touched ^= sum;
  }

  /** Reads what every event needs of its node. */
  #touch({ nodes, count }: Expected): number {
    const { up, honest } = this.#world;
    let sum = this.rows.touch(nodes, count) ^ (this.graph.touch?.(nodes, count) ?? 0);
    for (let i = 0; i < count; i++) sum ^= up[nodes[i]] ^ honest[nodes[i]];
    return sum;
  }

  /** Takes the next event out of the queue and lets it happen. */
  handleNext(): void {
    const { queue } = this;
    queue.pop();
    assert(queue.time >= this.nowUs, 'time never runs backwards');
    this.nowUs = queue.time;
    this.events++;
    switch (queue.class) {
      case eventClasses.delivery:
        // The line of a node works on where the node itself is paused or slow.
        if (this.downlinks !== undefined && this.#waitsForDownlink(this.downlinks)) break;
        if (this.desks?.keep() !== true) this.#deliver();
        break;
      case eventClasses.timer:
        if (this.desks?.keep() !== true) this.#wake();
        break;
      case eventClasses.world:
        this.#world.happen(queue.destination, queue.source, queue.counter, queue.body);
        break;
      default:
        this.observations.measure(queue.destination, queue.source);
    }
  }

  /** An event that waited in line is back in the queue's fields: it happens now. */
  handleLate(): void {
    if (this.queue.class === eventClasses.delivery) this.#deliver();
    else this.#wake();
  }

  isUp(node: number): boolean {
    return this.#world.isUp(node);
  }

  /** The node whose turn it is was busy for so long: what it sends in this turn leaves later, and what arrives waits. */
  spend(us: number): void {
    this.spentUs += us;
    this.desks?.spend(this.node, us);
  }

  /** The run ends, at the stop time or because nothing more can come. */
  #finish(nowUs: number): void {
    if (this.#finished) return;
    const { observations } = this;
    this.nowUs = nowUs;
    if (observations.convergence.isOver(nowUs)) observations.deliveries.closeAll(nowUs);
    this.#finished = true;
    observations.end();
  }

  /** Numbers what a node does; keyed draws and the order of equal times hang on it. */
  #nextNumber(node: number): number {
    return this.#counters[node * this.#counterStride + this.#counterOffset]++;
  }

  // --- what hosts ask for --------------------------------------------------------------------------------------

  send(
    slot: number,
    to: number,
    kind: number,
    a: number,
    b: number,
    c: number,
    d: number,
    body: number,
  ): void {
    const from = this.node;
    const number = this.#nextNumber(from);
    const envelope = this.#outgoing;
    envelope.slot = slot;
    envelope.kind = kind;
    envelope.from = from;
    envelope.to = to;
    envelope.a = a;
    envelope.b = b;
    envelope.c = c;
    envelope.d = d;
    envelope.body = body;
    const messageKind = this.#kinds[slot][kind];
    // The links judge anew: what a liar has done to the message is added to their verdict.
    let delayUs = 0;
    const { spentUs } = this;
    let extraCopies = 0;
    if (this.#world.isAdversary(from) && !this.#onOwnAccount) {
      const verdict = this.links.verdict;
      Object.assign(verdict, cleanVerdict);
      this.#world.liars.corrupt(envelope, messageKind, number, verdict);
      if (verdict.dropped) {
        this.listener?.dropped?.(this.nowUs, envelope, dropReasons.adversary);
        return;
      }
      ({ delayUs, extraCopies } = verdict);
    }
    const { links, uplinks } = this;
    const bytes =
      messageKind.headBytes + (envelope.body === 0 ? 0 : this.bodies.get(envelope.body).sizeBytes);
    if (uplinks !== undefined) {
      const waitUs = uplinks.take(from, bytes, this.nowUs);
      if (waitUs < 0) {
        this.listener?.dropped?.(this.nowUs, envelope, dropReasons.uplinkFull);
        return;
      }
      delayUs += waitUs;
    }
    this.observations.sent(from, bytes, messageKind.publication);
    links.judge(envelope, number);
    const { verdict } = links;
    if (verdict.dropped) {
      this.listener?.dropped?.(this.nowUs, envelope, links.dropReason);
      return;
    }
    delayUs += verdict.delayUs + spentUs;
    extraCopies += verdict.extraCopies;
    if (extraCopies > 0 || links.altering)
      this.#copies.send(envelope, messageKind, number, delayUs, extraCopies);
    else this.sendOff(envelope, number, links.delayUs(from, envelope.to) + delayUs);
  }

  /** Puts a message that was just judged on its way, or where it waits. */
  sendOff(envelope: Envelope, number: number, delayUs: number): void {
    if (this.links.verdict.held) this.held.keep(envelope, number, delayUs);
    else this.post(envelope, number, delayUs);
  }

  /** A liar sends something of its own making, past its node's slots. */
  sendAsLiar(
    from: number,
    where: { readonly slot: number; readonly kind: number },
    to: number,
    a: number,
    b: number,
    c: number,
    d: number,
    body: number,
  ): void {
    this.node = from;
    this.#onOwnAccount = true;
    this.send(where.slot, to, where.kind, a, b, c, d, body);
    this.#onOwnAccount = false;
  }

  /** Puts a message on its way. */
  post(envelope: Envelope, number: number, delayUs: number): void {
    const { slot, kind, from, to, body } = envelope;
    assert(delayUs >= 1, 'every delay is at least one microsecond');
    if (body !== 0) this.bodies.retain(body);
    this.queue.push(
      this.nowUs + delayUs,
      eventClasses.delivery | (slot << 2) | (kind << 8),
      to,
      from,
      number,
      body,
      Math.min(delayUs, 2147483647),
      envelope.a,
      envelope.b,
      envelope.c,
      envelope.d,
    );
    this.listener?.sent?.(this.nowUs, envelope, delayUs);
  }

  setTimer(slot: number, kind: number, delayUs: number, argument: number): void {
    assert(delayUs >= 1, 'every delay is at least one microsecond');
    const self = this.node;
    const number = this.#nextNumber(self);
    const time = this.rounds === undefined ? this.nowUs + delayUs : this.rounds.timerTime(delayUs);
    this.queue.push(
      time,
      eventClasses.timer | (slot << 2) | (kind << 8),
      self,
      self,
      number,
      argument,
      0,
      0,
      0,
      0,
      0,
    );
  }

  // --- what rounds ask for -------------------------------------------------------------------------------------

  /** @returns the number of the call at its caller, for keyed draws */
  countCall(from: number): number {
    this.events++;
    this.observations.traffic.calls++;
    return this.#nextNumber(from);
  }

  /** @returns the number of an answer at the node that gives it, for draws of its own */
  countAnswer(from: number): number {
    return this.#nextNumber(from);
  }

  /** Counts one call of each of these nodes. */
  countCalls(callers: Int32Array, count: number): void {
    this.events += count;
    this.observations.traffic.calls += count;
    for (let i = 0; i < count; i++) this.#nextNumber(callers[i]);
  }

  /** Adversaries have their way with what a liar says in a call, a publication unless told otherwise; false when it is kept back. */
  twist(envelope: Envelope, kind = this.#kinds[envelope.slot].findIndex((one) => one.publication)): boolean {
    const { verdict } = this.links;
    Object.assign(verdict, cleanVerdict);
    envelope.kind = kind;
    const number = this.#nextNumber(envelope.from);
    this.#world.liars.corrupt(envelope, this.#kinds[envelope.slot][kind], number, verdict);
    return !verdict.dropped;
  }

  /** A message that came with a call arrived at the node whose turn it is. */
  arrived(message: Envelope, delayUs: number): void {
    const envelope = this.#incoming;
    envelope.slot = message.slot;
    envelope.kind = message.kind;
    envelope.from = message.from;
    envelope.to = message.to;
    envelope.a = message.a;
    envelope.b = message.b;
    envelope.c = message.c;
    envelope.d = message.d;
    envelope.body = message.body;
    const node = this.node;
    const digests = this.#digests;
    digests.mix(node, Math.imul(this.nowUs | 0, 0x9e3779b1) ^ envelope.from);
    digests.mix(node, Math.imul(envelope.a | 0, 0x85ebca6b) + (envelope.b | 0));
    this.listener?.delivered?.(this.nowUs, envelope, delayUs);
  }

  report(kind: ReportKind, body: number, value: number): void {
    const node = this.node;
    if (kind === reportKinds.flagged || kind === reportKinds.adopted || kind === reportKinds.ticked) {
      this.#digests.mix(node, kind);
      this.#digests.mixNumber(node, value);
    } else if (kind === reportKinds.published) {
      const { digest0, digest1 } = this.bodies.get(body);
      this.#digests.mix(node, digest0);
      this.#digests.mix(node, digest1);
    }
    this.observations.reported(node, kind, body, value, this.#incoming);
    this.listener?.reported?.(
      this.nowUs,
      node,
      kind,
      body,
      value,
      kind === reportKinds.published ? this.#published(body, value) : this.#incoming,
    );
  }

  /** The words of a message that is being published, for listeners. */
  #published(body: number, step: number): Envelope {
    const envelope = this.#outgoing;
    envelope.from = this.node;
    envelope.to = this.node;
    envelope.a = step;
    envelope.b = this.experiment.pattern.value(step);
    envelope.c = this.bodies.get(body).sequence;
    envelope.d = 0;
    envelope.body = body;
    return envelope;
  }

  // --- what happens to nodes -----------------------------------------------------------------------------------

  /** A node comes up. Its timers of before are dead. */
  start(node: number, reason: StartReason): void {
    this.node = node;
    this.nodeChance.node = node;
    if (reason === 'state-lost') this.rows.reborn(node);
    this.#mixWorld(node, startChanges[reason]);
    for (const population of this.#stackOf(node).populations) population.start(reason);
  }

  /** A node says goodbye. */
  sayGoodbye(node: number): void {
    this.node = node;
    this.nodeChance.node = node;
    for (const population of this.#stackOf(node).populations) population.leave?.();
  }

  /** A node goes down. */
  stop(node: number, change: WorldChange): void {
    this.#timersValidFrom ??= new Uint32Array(this.experiment.nodeCount);
    this.#timersValidFrom[node] = this.#counters[node * this.#counterStride + this.#counterOffset];
    this.desks?.clear(node);
    this.#mixWorld(node, change);
  }

  /** Anything that a body needs to be told apart by outside the run. */
  bodyOf(handle: number): Body {
    return this.bodies.get(handle);
  }

  #mixWorld(node: number, change: number): void {
    this.#digests.mixNumber(node, this.nowUs);
    this.#digests.mix(node, 0x5757 + change);
  }

  #waitsForDownlink(downlinks: AccessLines): boolean {
    return waitsForDownlink(this, downlinks, this.#kinds);
  }

  #deliver(): void {
    const { queue } = this;
    const envelope = this.#incoming;
    const node = queue.destination;
    envelope.slot = queue.slot;
    envelope.kind = queue.kind;
    envelope.from = queue.source;
    envelope.to = node;
    envelope.a = queue.a;
    envelope.b = queue.b;
    envelope.c = queue.c;
    envelope.d = queue.d;
    const body = queue.body;
    envelope.body = body;
    if (!this.#world.isUp(node)) {
      this.listener?.dropped?.(this.nowUs, envelope, dropReasons.receiverDown);
    } else {
      this.node = node;
      this.nodeChance.node = node;
      this.spentUs = 0;
      if (this.#messageUs > 0) this.spend(this.#messageUs);
      const digests = this.#digests;
      digests.mix(node, Math.imul(this.nowUs | 0, 0x9e3779b1) ^ envelope.from);
      digests.mix(node, (queue.counter ^ Math.imul(envelope.a | 0, 0x85ebca6b)) + (envelope.b | 0));
      this.listener?.delivered?.(this.nowUs, envelope, queue.delayUs);
      const stack = this.#stacks.length === 1 ? this.#stacks[0] : this.#stacks[node];
      if (this.#admitted(stack, envelope)) stack.populations[envelope.slot].receive(envelope);
      else this.listener?.dropped?.(this.nowUs, envelope, dropReasons.guard);
    }
    if (body !== 0) this.bodies.release(body);
  }

  /** Guards that look at every copy on arrival. */
  #admitted(stack: Stack, envelope: Envelope): boolean {
    const { guards } = stack.wiring;
    for (let i = 0; i < guards.length; i++) {
      const guard = guards[i];
      if (guard.arrive !== undefined && !guard.arrive(envelope)) return false;
    }
    return true;
  }

  #wake(): void {
    const { queue } = this;
    const node = queue.destination;
    if (!this.#world.isUp(node)) return;
    if (this.#timersValidFrom !== undefined && queue.counter < this.#timersValidFrom[node]) return;
    this.node = node;
    this.nodeChance.node = node;
    this.spentUs = 0;
    this.#digests.mix(node, Math.imul(this.nowUs | 0, 0x9e3779b1) ^ (queue.slot << 8) ^ queue.kind);
    const { slot, kind, body: argument } = queue;
    this.listener?.timer?.(this.nowUs, node, slot, kind, argument);
    const populations = this.#stacks.length === 1 ? this.#populations : this.#stacks[node].populations;
    populations[slot].timer(kind, argument);
  }

  #stackOf(node: number): Stack {
    return this.#stacks.length === 1 ? this.#stacks[0] : this.#stacks[node];
  }
}
