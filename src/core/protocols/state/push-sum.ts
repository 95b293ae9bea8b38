/**
 * Push-sum: every node holds a sum and a weight, at each turn keeps half of both and sends the other half to a random peer, and reads off
 * sum / weight. One message where averaging needs two, no answer to wait for, and the total of both is conserved exactly in whole grains,
 * whatever the delays. A lost message takes sum and weight together, so what is left is still an estimate of the mean.
 *
 * D. Kempe, A. Dobra, J. Gehrke, "Gossip-based computation of aggregate information", FOCS 2003.
 */
import { knobs, type Values } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Wiring } from '../../model/stack.js';
import { beginnings, firstValue, grainsMax } from '../../parts/fixed-values.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import { Turns } from '../../parts/gossip-turns.js';
import { eventBytes } from '../../parts/memory-size.js';

const pushSumKnobs = knobs({
  interval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'How long a cycle takes: each node sends one message in each.',
  },
  initial: {
    kind: 'choice',
    words: beginnings,
    default: 'uniform',
    doc: '`uniform`: random values. `peak`: node 0 has everything, so that the mean counts the nodes. `halves`: half of the nodes have all, half nothing.',
  },
});

/** Slot and kind, sender and receiver, sum and weight of 8 bytes each. */
const messageBytes = 2 + 4 + 4 + 16;

class PushSumPopulation implements Population {
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  readonly #estimates: Float64Array;
  readonly #turns: Turns;
  #grainsAtStart = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof pushSumKnobs>,
    private readonly wiring: Wiring,
  ) {
    this.#sums = new Float64Array(rows);
    this.#weights = new Float64Array(rows);
    this.#estimates = new Float64Array(rows);
    this.#turns = new Turns(host, rows, 0, settings.interval, wiring);
  }

  figures(): Readonly<Record<string, number>> {
    let sum = 0;
    let weight = 0;
    for (let row = 0; row < this.#sums.length; row++) {
      sum += this.#sums[row];
      weight += this.#weights[row];
    }
    return { grainsAtStart: this.#grainsAtStart, grainsHeld: sum, weightHeld: weight };
  }

  /** sum / weight, in grains. */
  readings(): Float64Array {
    for (let row = 0; row < this.#sums.length; row++) {
      const weight = this.#weights[row];
      this.#estimates[row] = weight === 0 ? 0 : (this.#sums[row] / weight) * grainsMax;
    }
    return this.#estimates;
  }

  start(reason: StartReason): void {
    const { row, self, chance } = this.host;
    if (reason === 'boot') {
      this.#sums[row] = firstValue(this.settings.initial, self, chance);
      this.#weights[row] = grainsMax;
      this.#grainsAtStart += this.#sums[row];
    } else if (reason === 'state-lost') {
      this.#sums[row] = 0;
      this.#weights[row] = 0;
    }
    this.#turns.start(reason);
    this.#turns.await();
  }

  timer(): void {
    const { host, wiring } = this;
    const { row } = host;
    this.#turns.begun();
    const count = wiring.peers.count();
    if (count > 0) {
      const peer = wiring.peers.at(count === 1 ? 0 : host.chance.below(count));
      const sum = Math.floor(this.#sums[row] / 2);
      const weight = Math.floor(this.#weights[row] / 2);
      this.#sums[row] -= sum;
      this.#weights[row] -= weight;
      host.send(peer, 0, sum, weight, 0, 0, 0);
    }
    this.#turns.await();
  }

  receive({ a, b }: Envelope): void {
    const { row } = this.host;
    this.#sums[row] += a;
    this.#weights[row] += b;
  }
}

export const pushSum = protocol({
  name: 'push-sum',
  summary: 'everybody halves a sum and a weight and sends one half on; sum / weight becomes the mean',
  slot: 'state',
  knobs: pushSumKnobs,
  messages: [{ name: 'half', words: ['sum', 'weight'], headBytes: messageBytes, publication: false }],
  // Its values, its phase and its turn.
  memoryBytes: ({ nodeCount }) => nodeCount * (40 + 2 * eventBytes),
  // One half goes out.
  events: (load, { interval }) => eventsOfTurns(load, interval, 1),
  create: (host, rows, parameters, wiring) => new PushSumPopulation(host, rows, parameters, wiring),
});
