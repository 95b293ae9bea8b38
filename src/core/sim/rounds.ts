/**
 * Time in rounds. At each boundary, in this order: what the round behind us brought becomes known; what is due happens (publications,
 * crashes, partitions, whatever the scenario has planned up to now); then everybody calls, against the state of this very moment.
 * A message published before the first round that everybody knows at its end took one round.
 *
 * What has no meaning without time between the boundaries (latency, jitter, faults that delay) is refused, not ignored.
 */
import { assert } from '../base/assert.js';
import { UserError } from '../base/errors.js';
import type { Envelope } from '../model/envelope.js';
import type { Experiment } from '../model/experiment.js';
import type { Population } from '../model/protocol.js';
import {
  callBatch,
  callOutcomes,
  unheard,
  type CallOutcome,
  type RoundHost,
  type RoundPopulation,
} from '../model/rounds.js';
import { refusalsInRounds, roundRefusalNext } from '../parts/round-rules.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** @throws UserError `bad-scenario` when something in the experiment has no meaning in rounds */
export function refuseInRounds(experiment: Experiment): void {
  const { timing } = experiment;
  assert(timing?.mode === 'rounds' && timing.roundUs >= 2, 'a round is longer than a microsecond');
  const refusals = refusalsInRounds(experiment, timing.roundUs);
  if (refusals.length === 0) return;
  throw new UserError(
    'bad-scenario',
    refusals.map(({ what }) => ({ place: 'timing', what, next: roundRefusalNext })),
  );
}

export class Rounds implements RoundHost {
  /** Rounds that are over. */
  completed = 0;
  readonly roundUs: number;

  readonly #populations: [slot: number, population: RoundPopulation][] = [];
  /** Room for one batch of `callEach`: who calls, what each drew, and the place of each in the batch. */
  readonly #callers = new Int32Array(callBatch);
  readonly #drawn = new Int32Array(callBatch);
  readonly #places = new Int32Array(callBatch);
  readonly #numbers = new Int32Array(callBatch);
  /** The slot that is at work. */
  #slot = 0;
  readonly #call: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    populations: readonly Population[],
  ) {
    const { timing, stack } = simulation.experiment;
    assert(timing?.mode === 'rounds', 'rounds are asked for');
    this.roundUs = timing.roundUs;
    populations.forEach((population, slot) => {
      if (stack[slot].protocol.createForRounds !== undefined)
        this.#populations.push([slot, population as RoundPopulation]);
    });
  }

  /** The first boundary at or after a moment. */
  boundary(timeUs: number): number {
    return Math.ceil(timeUs / this.roundUs) * this.roundUs;
  }

  /** When a timer set now goes off. One microsecond, the shortest delay, asks for this boundary. */
  timerTime(delayUs: number): number {
    return delayUs === 1 ? this.simulation.nowUs : this.boundary(this.simulation.nowUs + delayUs);
  }

  /**
   * Everything up to the next boundary, and the calls that begin there.
   * @returns false when the stop time was reached or the network has converged
   */
  advance(): boolean {
    const { simulation, roundUs } = this;
    const { experiment, queue, observations } = simulation;
    const boundaryUs = this.completed * roundUs;
    const endUs = Math.min(boundaryUs, experiment.stopTimeUs);
    while (queue.nextTime() < endUs) simulation.handleNext();
    if (boundaryUs > experiment.stopTimeUs) {
      while (queue.nextTime() <= experiment.stopTimeUs) simulation.handleNext();
      return false;
    }
    simulation.nowUs = boundaryUs;
    if (this.completed > 0) {
      for (const [slot, population] of this.#populations) {
        this.#slot = slot;
        population.merge(this);
      }
    }
    while (queue.nextTime() <= boundaryUs) simulation.handleNext();
    if (observations.convergence.isOver(boundaryUs)) return false;
    for (const [slot, population] of this.#populations) {
      this.#slot = slot;
      population.exchange(this);
    }
    this.completed++;
    return true;
  }

  // --- what protocols ask for ----------------------------------------------------------------------------------

  turn(node: number): boolean {
    if (!this.world.isUp(node)) return false;
    this.settle(node);
    return true;
  }

  settle(node: number): void {
    this.simulation.node = node;
    this.simulation.nodeChance.node = node;
  }

  call(to: number, answered: boolean): CallOutcome {
    const { simulation, world } = this;
    const from = simulation.node;
    const number = simulation.countCall(from);
    if (!world.isUp(to)) return callOutcomes.lost;
    const { links } = simulation;
    if (!links.judging) return callOutcomes.done;
    const envelope = this.#call;
    envelope.from = from;
    envelope.to = to;
    links.judge(envelope, number);
    this.#refuseDelays();
    if (links.verdict.dropped) return callOutcomes.lost;
    if (!answered) return callOutcomes.done;
    envelope.from = to;
    envelope.to = from;
    if (links.lossPer === 'message') {
      links.judge(envelope, simulation.countAnswer(to));
      this.#refuseDelays();
      return links.verdict.dropped ? callOutcomes.unheard : callOutcomes.done;
    }
    links.judgeAnswer(envelope, number);
    return links.verdict.dropped ? callOutcomes.lost : callOutcomes.done;
  }

  callEach(callers: Int32Array, count: number, to: Int32Array, answered: boolean): void {
    const { simulation, world } = this;
    const { graph, links } = simulation;
    const { up } = world;
    const calling = this.#callers;
    const drawn = this.#drawn;
    const places = this.#places;
    // Who is down, or alone, calls nobody; the rest draws.
    let calls = 0;
    for (let i = 0; i < count; i++) {
      const node = callers[i];
      const neighbours = up[node] === 1 ? graph.neighbourCount(node) : 0;
      to[i] = -1;
      if (neighbours === 0) continue;
      places[calls] = i;
      calling[calls] = node;
      drawn[calls++] = neighbours;
    }
    simulation.nodeChance.belowEach(calling, this.#numbers, calls, drawn);
    if (links.judging) {
      for (let i = 0; i < calls; i++) {
        const peer = graph.neighbourAt(calling[i], drawn[i]);
        this.settle(calling[i]);
        const outcome = this.call(peer, answered);
        if (outcome !== callOutcomes.lost)
          to[places[i]] = outcome === callOutcomes.done ? peer : unheard(peer);
      }
      return;
    }
    simulation.countCalls(calling, calls);
    if (world.upCount === graph.nodeCount) {
      // Nobody is down: everybody calls and gets through, and there is no need to look.
      for (let i = 0; i < calls; i++) to[places[i]] = graph.neighbourAt(calling[i], drawn[i]);
      return;
    }
    for (let i = 0; i < calls; i++) {
      const peer = graph.neighbourAt(calling[i], drawn[i]);
      if (up[peer] === 1) to[places[i]] = peer;
    }
  }

  carried(from: number, publications: number, bytes: number): void {
    this.simulation.observations.traffic.carry(from, publications, bytes);
  }

  spent(from: number, messages: number, bytes: number): void {
    this.simulation.observations.traffic.spend(from, messages, bytes);
  }

  duplicates(body: number, copies: number): void {
    this.simulation.observations.duplicates(body, copies);
  }

  isHonest(node: number): boolean {
    return this.world.honest[node] === 1;
  }

  twist(envelope: Envelope): boolean {
    envelope.slot = this.#slot;
    const passes = this.simulation.twist(envelope);
    this.#refuseDelays();
    return passes;
  }

  speaks(from: number, to: number, kind: number): boolean {
    if (this.world.honest[from] === 1) return true;
    const passes = this.simulation.twist(
      { slot: this.#slot, kind, from, to, a: 0, b: 0, c: 0, d: 0, body: 0 },
      kind,
    );
    this.#refuseDelays();
    return passes;
  }

  arrived(envelope: Envelope): void {
    envelope.slot = this.#slot;
    this.simulation.arrived(envelope, this.roundUs);
  }

  #refuseDelays(): void {
    const { delayUs, extraCopies } = this.simulation.links.verdict;
    if (delayUs === 0 && extraCopies === 0) return;
    throw new UserError('bad-scenario', {
      place: 'timing',
      what: 'a fault or a liar delayed or multiplied a message in rounds, where there is no time between the boundaries',
      next: roundRefusalNext,
    });
  }
}
