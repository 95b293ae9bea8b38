/**
 * The library: everything that a program may build on. What is not exported here may change without notice; what is changes only with
 * a version number and a note in CHANGELOG.md. See docs/library.md.
 */

// A network in one process.
export { MeshNetwork, type NodeConfig } from './mesh/mesh-network.js';
export { MeshNode, type ErrorHandler, type MessageHandler } from './mesh/mesh-node.js';
export {
  MeshObserver,
  type Anomaly,
  type ObserverOptions,
  type ObserverStatistics,
} from './mesh/mesh-observer.js';
export { PatternGenerator } from './mesh/pattern-generator.js';
export { PerformanceMonitor, type TimerMetrics } from './mesh/performance-monitor.js';
export {
  PeerRegistry,
  type PeerDescription,
  type PeerInfo,
  type PeerLatency,
  type RegistryOptions,
} from './mesh/peer-registry.js';
export { SyncProtocol, type StepPeer, type SyncOptions } from './mesh/sync-protocol.js';
export { ManualClock, type MeshClock } from './mesh/clock.js';
export type { NetworkOptions } from './mesh/settings.js';
export type { NetworkMetrics } from './mesh/network-figures.js';
export type { Outcome } from './mesh/message-queue.js';
export type { MeshMessage } from './mesh/message.js';
export type { Unsubscribe } from './mesh/emitter.js';
export {
  eventClasses,
  nodeStates,
  type EventClass,
  type MeshError,
  type MeshEvent,
  type NodeState,
  type PhaseResetEvent,
  type SyncEvent,
} from './mesh/events.js';
export { stepRuleNames, type StepRuleName } from './parts/step-rules.js';

// Replicated data: usable alone, see docs/replicated-state.md.
export { GCounter } from './parts/g-counter.js';
export { PNCounter } from './parts/pn-counter.js';
export { LwwMap } from './parts/lww-map.js';
export { OrSet } from './parts/or-set.js';
export { Entry, Replica, type Delta } from './parts/replica.js';
export { VersionVector, type VersionLine, type VersionOrder } from './parts/version-vector.js';
export { inclusionProof, leafHash, merkleRoot, nodeHash, provesInclusion } from './parts/merkle.js';
export { MerkleTrie, type Filed } from './parts/merkle-trie.js';

// Patterns and how strong they are.
export { patterns } from './patterns/registry.js';
export { analyze } from './patterns/strength.js';
export type { Pattern, PatternFunction, PatternSettings } from './model/pattern.js';

// Logs.
export { checks, patternCheck } from './checks/registry.js';
export {
  LogValidator,
  MessageValidator,
  validateChunks,
  type MessageVerdict,
  type ValidatorOptions,
} from './parts/log-validator.js';
export type { LogSample, LogTally } from './parts/log-tally.js';

// Scenarios and runs.
export { simulate, type SimulateTextOptions } from './app/simulate-text.js';
export { loadScenario, type LoadedScenario, type LoadOptions } from './scenario/load.js';
export { scenarioText } from './scenario/print.js';
export { Simulation, type SimulationOptions } from './sim/simulation.js';
export { resultOf } from './sim/result.js';
export type { Experiment } from './model/experiment.js';
export type { RunListener } from './model/record.js';
export type { RunResult } from './model/result.js';
export { TraceWriter } from './trace/writer.js';
export { TraceCursor } from './trace/cursor.js';

// Building blocks for what plugs in; see examples/plugin.
export type { Additions } from './scenario/additions.js';
export { knobs, type Knobs, type Values } from './base/knobs.js';
export type { Chance, KeyedDraws } from './base/random.js';
export {
  flags,
  protocol,
  reportKinds,
  type Host,
  type Population,
  type Protocol,
  type StartReason,
} from './model/protocol.js';
export { publicationWords, type Envelope, type MessageKind } from './model/envelope.js';
export type { Guard, PeerView, Receiver, Spread, StepClock, Wiring } from './model/stack.js';
export { topology, type Graph, type Layout, type Topology } from './model/topology.js';
export {
  adversaryKind,
  faultKind,
  type Adversary,
  type Fault,
  type FaultContext,
  type Verdict,
  type World,
} from './model/fault.js';
export { FirstReceipt } from './parts/first-receipt.js';
export { publicationHeadBytes } from './parts/encoded-size.js';
export { GraphBuilder } from './parts/graph.js';
export { topologies } from './topologies/registry.js';
export { faults } from './faults/registry.js';
export { adversaries } from './adversaries/registry.js';
export { protocolRegistries } from './protocols/registry.js';
export { exitCodes, errorTable, UserError, type ErrorCode, type Problem } from './base/errors.js';
export { version } from './base/version.js';
