/**
 * Rate limit: each node has a token bucket for each link peer, and what comes faster is dropped on arrival, before anybody looks at it.
 * It protects who is flooded and says nothing about content; a peer that passes on what others flood is as fast as they are.
 */
import { knobs } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { protocol, reportKinds, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Guard, Wiring } from '../../model/stack.js';
import { TokenBucket } from '../../parts/token-bucket.js';
import { mapBytes, objectBytes } from '../../parts/memory-size.js';

class RateLimit implements Population, Guard {
  readonly #buckets: (Map<number, TokenBucket> | undefined)[];
  #dropped = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly rate: number,
    private readonly burst: number,
    private readonly wiring: Wiring,
  ) {
    this.#buckets = new Array<Map<number, TokenBucket> | undefined>(rows);
  }

  arrive(envelope: Envelope): boolean {
    const { host } = this;
    const { nowUs } = host;
    const buckets = (this.#buckets[host.row] ??= new Map<number, TokenBucket>());
    let bucket = buckets.get(envelope.from);
    if (bucket === undefined)
      buckets.set(envelope.from, (bucket = new TokenBucket(this.rate, this.burst, nowUs)));
    if (bucket.take(nowUs)) return true;
    this.#dropped++;
    host.report(reportKinds.throttled, envelope.body, envelope.from);
    this.wiring.standing?.note(envelope.from, 'too-fast');
    return false;
  }

  start(reason: StartReason): void {
    if (reason === 'state-lost') this.#buckets[this.host.row] = undefined;
  }

  receive(): void {
    // Sends nothing, so nothing arrives.
  }

  timer(): void {
    // Tokens are counted when they are asked for.
  }

  figures(): Readonly<Record<string, number>> {
    return { dropped: this.#dropped };
  }
}

export const rateLimit = protocol({
  name: 'rate-limit',
  summary: 'drop what a link peer sends faster than a token bucket allows',
  slot: 'guards',
  knobs: knobs({
    rate: {
      kind: 'rate',
      min: 0.001,
      max: 1_000_000,
      default: 1000,
      doc: 'How many messages from each link peer, of whatever kind. Less protects earlier and hits a busy honest peer as well.',
    },
    burst: {
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 1000,
      doc: 'How many at once, from a peer that was quiet before.',
    },
  }),
  messages: [],
  memoryBytes: ({ nodeCount, degree }) => nodeCount * (mapBytes(degree) + (degree * objectBytes) / 2),
  create(host, rows, { rate, burst }, wiring) {
    const population = new RateLimit(host, rows, rate, burst, wiring);
    wiring.guards.push(population);
    return population;
  },
});
