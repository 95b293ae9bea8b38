/**
 * Replay window: of every sender and incarnation a node remembers the latest message numbers it accepted, and what was said under them.
 * The same again, when duplicate suppression has forgotten it, is a replay; other content under the same number is an equivocation;
 * and what is older than `maxAge` by its own timestamp, or comes from the future, is stale. It believes what a message says of itself,
 * so without signatures a liar may say what it likes.
 */
import { knobs } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { flags, protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Guard, Wiring } from '../../model/stack.js';
import { ReplayWindow } from '../../parts/replay-window.js';
import { mapBytes, objectBytes } from '../../parts/memory-size.js';

class ReplayWindows implements Population, Guard {
  readonly #windows: (Map<string, ReplayWindow> | undefined)[];

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly size: number,
    private readonly maxAgeMs: number,
    private readonly wiring: Wiring,
  ) {
    this.#windows = new Array<Map<string, ReplayWindow> | undefined>(rows);
  }

  judge(envelope: Envelope): number {
    const { host, wiring } = this;
    const body = wiring.bodies.get(envelope.body);
    const nowMs = wiring.epochMs + Math.floor(host.nowUs / 1000);
    if (Math.abs(nowMs - body.timestampMs) > this.maxAgeMs) return flags.stale;
    const window = this.#windows[host.row]?.get(`${body.origin}/${body.incarnation}`);
    const verdict = window?.look(envelope.c, body.digest0) ?? 'fresh';
    if (verdict === 'fresh') return flags.none;
    return verdict === 'seen' ? flags.replay : flags.equivocation;
  }

  accepted(envelope: Envelope): void {
    const body = this.wiring.bodies.get(envelope.body);
    const windows = (this.#windows[this.host.row] ??= new Map<string, ReplayWindow>());
    const key = `${body.origin}/${body.incarnation}`;
    let window = windows.get(key);
    if (window === undefined) windows.set(key, (window = new ReplayWindow(this.size)));
    window.accept(envelope.c, body.digest0);
  }

  start(reason: StartReason): void {
    if (reason === 'state-lost') this.#windows[this.host.row] = undefined;
  }

  receive(): void {
    // Sends nothing, so nothing arrives.
  }

  timer(): void {
    // Waits for nothing.
  }
}

export const replayWindow = protocol({
  name: 'replay-window',
  summary: 'flag messages that were accepted before, contradict one that was, or are too old',
  slot: 'guards',
  knobs: knobs({
    size: {
      kind: 'integer',
      min: 1,
      max: 65_536,
      default: 128,
      doc: 'How many of the latest numbers of each sender are remembered; 12 bytes each, node and sender. What lies further back counts as a replay, so it must exceed how far messages of one sender overtake each other.',
    },
    maxAge: {
      kind: 'duration',
      min: 1000,
      default: 300_000_000,
      doc: 'How far the timestamp of a message may lie from the own clock, either way.',
    },
  }),
  messages: [],
  memoryBytes: ({ nodeCount, publishers }, { size }) =>
    nodeCount * (mapBytes(publishers) + publishers * (3 * objectBytes + 12 * size)),
  create(host, rows, { size, maxAge }, wiring) {
    const population = new ReplayWindows(host, rows, size, maxAge / 1000, wiring);
    wiring.guards.push(population);
    return population;
  },
});
