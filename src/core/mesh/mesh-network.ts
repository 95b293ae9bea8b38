/**
 * A network in this process: it makes nodes, keeps their links, and carries their messages through one queue. Everything is bounded:
 * nodes, messages that wait, events that are remembered.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showValue } from '../base/escape.js';
import { patternDefaults } from '../model/pattern.js';
import { digitCollapse } from '../patterns/digit-collapse.js';
import type { Unsubscribe } from './emitter.js';
import type { EventClass, MeshEvent } from './events.js';
import { Fabric } from './fabric.js';
import { Links } from './links.js';
import { MeshNode } from './mesh-node.js';
import type { NetworkMetrics } from './network-figures.js';
import { settingsOf, type NetworkOptions } from './settings.js';
import type { Seat } from './seat.js';

export interface NodeConfig {
  /** Unique in its network; any text of 1 to 1024 characters. */
  readonly nodeId: string;
  /** The pattern's seed, integer 1..2^53-1. Default 7. */
  readonly seed?: number;
  /** Steps from one phase reset to the next, integer 1..2^53-1. Default 100. */
  readonly phaseResetInterval?: number;
  /** Pattern values to keep, integer 0..1,000,000. Accepted for the original design's sake: the closed form keeps none. */
  readonly cacheSize?: number;
}

const cacheSizeMax = 1_000_000;

const nameCharactersMax = 1024;

export class MeshNetwork {
  readonly #fabric: Fabric;
  readonly #links: Links;
  readonly #nodes = new Map<string, { readonly node: MeshNode; readonly seat: Seat }>();

  /** @throws UserError `invalid-value` or `unknown-kind` for options out of their range */
  constructor(options: NetworkOptions = {}) {
    const settings = settingsOf(options);
    this.#links = new Links(settings.complete);
    this.#fabric = new Fabric(settings, this.#links);
  }

  /** Nodes in the network. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Messages that wait for delivery. */
  get queued(): number {
    return this.#fabric.queued;
  }

  /** @throws UserError `duplicate-node`, `network-full`, `invalid-seed`, `invalid-interval` or `invalid-value` */
  createNode(config: NodeConfig): MeshNode {
    const { nodeId, seed = patternDefaults.seed } = config;
    const phaseResetInterval = config.phaseResetInterval ?? patternDefaults.phaseResetInterval;
    if (typeof nodeId !== 'string' || nodeId === '' || nodeId.length > nameCharactersMax) {
      throw new UserError('invalid-value', {
        what: `${showValue(nodeId)} cannot be a node id`,
        expected: `a text of 1 to ${nameCharactersMax} characters`,
      });
    }
    const { cacheSize = 0 } = config;
    if (!Number.isSafeInteger(cacheSize) || cacheSize < 0 || cacheSize > cacheSizeMax) {
      throw new UserError('invalid-value', {
        what: `cacheSize is ${showValue(cacheSize)}`,
        expected: `an integer from 0 to ${cacheSizeMax}`,
      });
    }
    if (this.#nodes.has(nodeId)) {
      throw new UserError('duplicate-node', {
        what: `there is a node ${quoteText(nodeId)} already`,
        next: 'Choose another id.',
      });
    }
    const { maxNodes } = this.#fabric.settings;
    if (this.#nodes.size >= maxNodes) {
      throw new UserError('network-full', {
        what: `the network holds ${maxNodes} nodes already`,
        next: 'Raise maxNodes.',
      });
    }
    const pattern = digitCollapse.create({ seed, phaseResetInterval });
    const seat = this.#fabric.takeSeat(nodeId);
    const node = new MeshNode(seat, pattern, phaseResetInterval);
    this.#nodes.set(nodeId, { node, seat });
    return node;
  }

  getNode(nodeId: string): MeshNode | undefined {
    return this.#nodes.get(nodeId)?.node;
  }

  nodes(): MeshNode[] {
    return [...this.#nodes.values()].map(({ node }) => node);
  }

  /** Takes a node out: it reaches nobody and nobody reaches it. False when there is none of that id. */
  removeNode(nodeId: string): boolean {
    const entry = this.#nodes.get(nodeId);
    if (entry === undefined) return false;
    this.#nodes.delete(nodeId);
    this.#fabric.leaveSeat(entry.seat);
    entry.node.detach();
    return true;
  }

  /** Links two nodes. @throws UserError `unknown-node` */
  connect(a: string, b: string): void {
    this.#links.connect(this.#seatOf(a), this.#seatOf(b));
  }

  /** Cuts the link between two nodes. @throws UserError `unknown-node` */
  disconnect(a: string, b: string): void {
    this.#links.disconnect(this.#seatOf(a), this.#seatOf(b));
  }

  /** Delivers messages that wait, under manual delivery. @returns how many */
  deliver(messagesMax = Infinity): number {
    return this.#fabric.deliver(messagesMax);
  }

  /** Every event of every node, as it happens. */
  onEvent(handler: (event: MeshEvent) => unknown): Unsubscribe {
    return this.#fabric.onEvent.on(handler);
  }

  /** The latest events, oldest first. */
  events(): MeshEvent[] {
    return this.#fabric.events();
  }

  /** How many events of each class there were. */
  eventCounts(): Readonly<Record<EventClass, number>> {
    return { ...this.#fabric.eventCounts };
  }

  getMetrics(): NetworkMetrics {
    return this.#fabric.figures.metrics(this.#nodes.size, this.#fabric.nowUs);
  }

  #seatOf(nodeId: string): Seat {
    const entry = this.#nodes.get(nodeId);
    if (entry !== undefined) return entry.seat;
    throw new UserError('unknown-node', { what: `there is no node ${quoteText(nodeId)}` });
  }
}
