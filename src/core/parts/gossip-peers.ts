/**
 * Whom shall I call? A few peers out of all, each set of that size equally likely, nobody twice: names drawn from a hat without putting
 * them back. All of them when there are no more than wanted.
 *
 * Floyd's algorithm, one draw a peer and no list of the others: J. Bentley and R. Floyd, "A sample of brilliance", CACM 30(9), 1987.
 */
import type { Chance } from '../base/random.js';
import type { PeerView } from '../model/stack.js';

export class PeerPicker {
  /** The addresses picked last; the first `pick(...)` of them count. */
  readonly picked: Int32Array;

  constructor(private readonly fanout: number) {
    this.picked = new Int32Array(fanout);
  }

  /** @returns how many were picked */
  pick(peers: PeerView, chance: Chance): number {
    const count = peers.count();
    const { fanout, picked } = this;
    if (fanout === 1 && count > 0) {
      picked[0] = peers.at(count === 1 ? 0 : chance.below(count));
      return 1;
    }
    const wanted = fanout < count ? fanout : count;
    if (wanted === count) {
      for (let i = 0; i < count; i++) picked[i] = i;
    } else {
      for (let i = 0; i < wanted; i++) {
        const last = count - wanted + i;
        const draw = chance.below(last + 1);
        picked[i] = includes(picked, i, draw) ? last : draw;
      }
    }
    for (let i = 0; i < wanted; i++) picked[i] = peers.at(picked[i]);
    return wanted;
  }
}

function includes(list: Int32Array, length: number, value: number): boolean {
  for (let i = 0; i < length; i++) if (list[i] === value) return true;
  return false;
}
