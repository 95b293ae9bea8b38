/**
 * The words that a scenario may use for things that exist: all registries in one object. A new thing in a registry is a new word here,
 * and tests can bring a vocabulary of their own.
 */
import { adversaries } from '../adversaries/registry.js';
import { faults } from '../faults/registry.js';
import type { AdversaryKind, FaultKind } from '../model/fault.js';
import { metrics, type Metric } from '../model/metrics.js';
import type { Pattern } from '../model/pattern.js';
import type { Protocol, SlotName } from '../model/protocol.js';
import type { Topology } from '../model/topology.js';
import { patterns } from '../patterns/registry.js';
import { protocolRegistries } from '../protocols/registry.js';
import { topologies } from '../topologies/registry.js';
import type { Kinds } from './kinds.js';

export interface Vocabulary {
  readonly patterns: Kinds<Pattern>;
  readonly topologies: Kinds<Topology>;
  readonly faults: Kinds<FaultKind>;
  readonly adversaries: Kinds<AdversaryKind>;
  /** What can fill each slot; a slot without an entry is not in the language. */
  readonly protocols: Readonly<Partial<Record<SlotName, Kinds<Protocol>>>>;
  readonly metrics: readonly Metric[];
}

/** Everything that this version of mesh has. */
export const fullVocabulary: Vocabulary = {
  patterns,
  topologies,
  faults,
  adversaries,
  protocols: protocolRegistries,
  metrics,
};
