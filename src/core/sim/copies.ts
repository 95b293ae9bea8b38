/**
 * Messages that do not simply arrive: copies that the link makes, held back or damaged each by its own luck. Off the usual way of a
 * message, so that a network without such things is spared it.
 */
import { KeyedDraws } from '../base/random.js';
import type { Envelope, MessageKind } from '../model/envelope.js';
import { dropReasons } from '../model/record.js';
import { damagePublication } from '../parts/damage.js';
import type { Simulation } from './simulation.js';

/**
 * Copies have numbers far behind those of messages, so that no later message of the sender has another number, and other luck, because of
 * them; and stand behind the true message where all else is equal.
 */
const copyStride = 2 ** 28;
const strides = 7;

export class Copies {
  readonly #draws: KeyedDraws;
  readonly #damaged: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };

  constructor(private readonly simulation: Simulation) {
    this.#draws = new KeyedDraws(simulation.experiment.seed, 'damage');
  }

  /**
   * Puts a message that was just judged on its way, in one copy or more.
   * @param delayUs what all copies have in common, beyond the link's own delay
   */
  send(envelope: Envelope, kind: MessageKind, number: number, delayUs: number, extraCopies: number): void {
    const { simulation } = this;
    const { links } = simulation;
    links.counts.duplicated += extraCopies;
    for (let copy = 0; copy <= extraCopies; copy++) {
      const ownNumber = number + (copy === 0 ? 0 : (1 + ((copy - 1) % strides)) * copyStride);
      const { from, to } = envelope;
      const usualUs = copy === 0 ? links.delayUs(from, to) : links.copyDelayUs(from, to, ownNumber);
      if (!links.altering) {
        simulation.sendOff(envelope, ownNumber, usualUs + delayUs);
        continue;
      }
      links.alter(envelope, ownNumber, usualUs);
      const { verdict } = links;
      const totalUs = usualUs + delayUs + verdict.delayUs;
      if (verdict.damaged) this.#sendDamaged(envelope, kind, ownNumber, totalUs);
      else simulation.sendOff(envelope, ownNumber, totalUs);
    }
  }

  #sendDamaged(envelope: Envelope, kind: MessageKind, number: number, delayUs: number): void {
    const { simulation } = this;
    const { bodies, nowUs, links } = simulation;
    if (!kind.publication) {
      links.counts.unreadable++;
      simulation.listener?.dropped?.(nowUs, envelope, dropReasons.damaged);
      return;
    }
    const damaged = Object.assign(this.#damaged, envelope);
    const chance = this.#draws.stream(envelope.from, number);
    damaged.body = bodies.add(damagePublication(damaged, bodies.get(envelope.body), chance));
    simulation.observations.truth.recordDamage(damaged, nowUs);
    simulation.sendOff(damaged, number, delayUs);
    bodies.release(damaged.body);
  }
}
