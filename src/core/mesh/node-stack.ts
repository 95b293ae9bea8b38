/** The slots of one node in this process: the simulator's populations, each with one row, on in-memory hosts. */
import type { PatternFunction } from '../model/pattern.js';
import type { Host, Population, Protocol } from '../model/protocol.js';
import type { Receiver, StepClock, Wiring } from '../model/stack.js';
import { assert } from '../base/assert.js';
import { Publisher } from '../parts/publisher.js';
import { neighboursOf } from '../parts/sorted-peers.js';
import { clocks, guards, spreads } from '../protocols/registry.js';
import { InMemoryHost } from './in-memory-host.js';
import type { Seat } from './seat.js';

export interface NodeStack {
  /** By slot number. */
  readonly populations: readonly Population[];
  readonly wiring: Wiring;
  readonly clock: StepClock;
  readonly publisher: Publisher;
  /** Slot in which publications travel. */
  readonly spreadSlot: number;
}

/** Messages that a node in a process may publish: nobody knows, so caches are as large as they may be. */
const expectedMessages = Number.MAX_SAFE_INTEGER;

export function buildNodeStack(seat: Seat, pattern: PatternFunction, app: Receiver): NodeStack {
  const { fabric } = seat;
  const { settings } = fabric;
  const view: Host = new InMemoryHost(seat, 0);
  const wiring: Wiring = {
    bodies: fabric.bodies,
    pattern,
    guards: [],
    peers: neighboursOf(view),
    clock: undefined,
    spread: undefined,
    app,
    signer: settings.signer,
    duties: { of: () => [] },
    nameOf: (address) => fabric.names.nameOf(address),
    epochMs: fabric.epochMs,
    isObserver: () => false,
    expectedMessages,
  };
  const layers: [Protocol, Record<string, unknown>][] = [
    [guards.get('pattern-check'), {}],
    [clocks.get('max'), { maxJump: settings.maxJump }],
    [spreads.get(settings.dissemination), { ttl: 64, seenCapacity: settings.seenCapacity }],
  ];
  if (settings.signer !== undefined) layers.unshift([guards.get('authentication'), {}]);
  const populations = layers.map(([protocol, parameters], slot) =>
    protocol.create(new InMemoryHost(seat, slot), 1, parameters as never, wiring),
  );
  assert(wiring.clock !== undefined, 'a node has a clock');
  return {
    populations,
    wiring,
    clock: wiring.clock,
    publisher: new Publisher(new InMemoryHost(seat, layers.length), 1, wiring),
    spreadSlot: layers.length - 1,
  };
}
