/** The order in which nodes take their turns under `activation: sequential`: one random permutation, the same in every cycle. */
import { RandomStream } from '../base/random.js';

export class TurnOrder {
  readonly #places: Int32Array;

  constructor(
    seed: number,
    readonly count: number,
  ) {
    const chance = RandomStream.named(seed, 'turns');
    const places = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = chance.below(i + 1);
      const place = places[i];
      places[i] = places[j];
      places[j] = place;
    }
    this.#places = places;
  }

  placeOf(address: number): number {
    return this.#places[address];
  }
}
