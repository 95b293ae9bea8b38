/**
 * The order in which nodes take their turns under `activation: sequential`: in each cycle everybody once, in an order of its own. One order
 * for all cycles would be another law: who comes late in one comes late in all, and averages differ by two percent.
 */
import { RandomStream } from '../base/random.js';

export class TurnOrder {
  /** The places of the latest two cycles; nobody asks for older ones or for later than the next. */
  readonly #places = new Map<number, Int32Array>();

  constructor(
    private readonly seed: number,
    readonly count: number,
  ) {}

  /** The place of a node in a cycle, 0 to count-1; cycles count from 0. */
  placeOf(address: number, cycle: number): number {
    return (this.#places.get(cycle) ?? this.#shuffle(cycle))[address];
  }

  #shuffle(cycle: number): Int32Array {
    const chance = RandomStream.named(this.seed, 'turns', cycle);
    const places = Int32Array.from({ length: this.count }, (_, i) => i);
    for (let i = this.count - 1; i > 0; i--) {
      const j = chance.below(i + 1);
      const place = places[i];
      places[i] = places[j];
      places[j] = place;
    }
    for (const old of this.#places.keys()) if (old < cycle - 2) this.#places.delete(old);
    this.#places.set(cycle, places);
    return places;
  }
}
