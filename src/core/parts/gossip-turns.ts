/**
 * When is it my turn? Nodes that gossip act by themselves, again and again. *Periodic*: every interval, each from a phase of its own,
 * which lasts as long as its state. *Poisson*: after exponential waits, as if each node were a Geiger counter. *Synchronous*: all at the
 * multiples of the interval. *Sequential*: one after the other, a slice of the interval each, every cycle in a random order of its own.
 *
 * A turn is a point on the node's own clock, so a node that sleeps through a few (it had nothing to say) wakes up in its old rhythm.
 */
import { assert } from '../base/assert.js';
import { UserError } from '../base/errors.js';
import { ln } from '../base/math.js';
import type { Host, StartReason } from '../model/protocol.js';
import type { Wiring } from '../model/stack.js';

/** The longest wait, in intervals; a Poisson wait is longer once in 10^17 times. */
const poissonWaitsMax = 40;

export class Turns {
  /** Phase of each node on its clock, 0 where nodes have none of their own; -1 - phase while the node's alarm is set. */
  readonly #phasesUs: Float64Array;
  readonly #isPeriodic: boolean;

  /**
   * @param timerKind the kind of timer that wakes the node for its turn
   * @throws UserError `invalid-value` when the interval has no room for a turn of each node
   */
  constructor(
    private readonly host: Host,
    rows: number,
    private readonly timerKind: number,
    private readonly intervalUs: number,
    private readonly wiring: Wiring,
  ) {
    const { activation = 'periodic' } = wiring;
    this.#phasesUs = new Float64Array(rows);
    this.#isPeriodic = activation === 'periodic';
    if (activation !== 'sequential') return;
    const { turns } = wiring;
    assert(turns !== undefined, 'sequential nodes have an order');
    if (intervalUs < turns.count) {
      throw new UserError('invalid-value', {
        what: `an interval of ${intervalUs} us has no room for one turn of each of ${turns.count} nodes, one after the other`,
        expected: `at least ${turns.count} us`,
        next: 'Make the interval longer: a slice for each node should be longer than a message and its answer',
      });
    }
  }

  /** The node comes up: a new phase, unless it kept its state. Its alarm of before is dead. */
  start(reason: StartReason): void {
    const { row, chance } = this.host;
    if (this.#isPeriodic && reason !== 'state-kept') this.#phasesUs[row] = chance.below(this.intervalUs);
    else if (this.#phasesUs[row] < 0) this.#phasesUs[row] = -1 - this.#phasesUs[row];
  }

  /** Reads what is known of these rows, so that memory has it at hand. */
  touch(rows: Int32Array, count: number): number {
    const phasesUs = this.#phasesUs;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= phasesUs[rows[i]];
    return sum;
  }

  /** Sets the alarm for the node's next turn, unless it is set. */
  await(): void {
    const { host } = this;
    const { row } = host;
    const phaseUs = this.#phasesUs[row];
    if (phaseUs < 0) return;
    this.#phasesUs[row] = -1 - phaseUs;
    host.setTimer(this.timerKind, this.#waitUs(phaseUs), 0);
  }

  /** The alarm went off; the next one has to be asked for. */
  begun(): void {
    const { row } = this.host;
    const phaseUs = this.#phasesUs[row];
    if (phaseUs < 0) this.#phasesUs[row] = -1 - phaseUs;
  }

  #waitUs(phaseUs: number): number {
    const { intervalUs, host } = this;
    if (this.wiring.activation === 'poisson') {
      const waits = Math.min(-ln(1 - host.chance.ratio()), poissonWaitsMax);
      return Math.max(1, Math.round(waits * intervalUs));
    }
    const { turns } = this.wiring;
    if (this.wiring.activation === 'sequential' && turns !== undefined) {
      const cycle = Math.floor(host.nowUs / intervalUs);
      const turnUs = (inCycle: number): number =>
        inCycle * intervalUs + Math.floor((turns.placeOf(host.self, inCycle) * intervalUs) / turns.count);
      const ownUs = turnUs(cycle);
      return (ownUs > host.nowUs ? ownUs : turnUs(cycle + 1)) - host.nowUs;
    }
    const sinceUs = host.nowUs - phaseUs;
    // Rounded down also below zero, so that the first turn is the phase itself. (`%` of floating-point numbers is a slow function call.)
    return intervalUs - (sinceUs - Math.floor(sinceUs / intervalUs) * intervalUs);
  }
}
