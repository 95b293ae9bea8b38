/**
 * An experiment: everything a run needs, with every default written out and every name looked up. The scenario makes it, the simulator
 * runs it, and neither knows the other. Times are whole microseconds, addresses are 0 to nodeCount-1.
 */
import type { Who } from '../base/who.js';
import type { Condition } from './expression.js';
import type { AdversaryKind, FaultKind } from './fault.js';
import type { Measure } from './metrics.js';
import type { PatternFunction } from './pattern.js';
import type { Protocol } from './protocol.js';
import type { Signer } from './signer.js';
import type { Targets } from './targets.js';
import type { Layout } from './topology.js';
import type { PayloadMaker, WriteVerb } from './workload.js';

/** When something happens. One moment, many moments, or a stretch of time. */
export interface Schedule {
  readonly atUs: number;
  /** Distance between occurrences; 0 for one only. */
  readonly everyUs: number;
  /** No occurrence begins at this moment or later, and a lasting one ends here; Infinity for none. */
  readonly untilUs: number;
  /** How long one occurrence lasts; Infinity: to `untilUs`. */
  readonly durationUs: number;
}

/** One-way latency of the link between two nodes, in whole microseconds, at least 1. */
export interface LatencyModel {
  /** What it is, for the result, such as `2/3 c between coordinates`. */
  readonly description: string;
  latencyUs(from: number, to: number): number;
}

/** No latency at all: what the links of `timing: rounds` have, where the round is the only measure of time. */
export const noLatency: LatencyModel = { description: 'none', latencyUs: () => 0 };

/**
 * How nodes that gossip take their turns; docs/semantics.md, "Time and order". `periodic`: each every interval, from a phase of its own.
 * `poisson`: after exponential waits. `synchronous`: all at once. `sequential`: one after the other, every cycle in an order of its own.
 * `rounds`: everybody once a round, against the state of the round's beginning, whatever the links are like.
 */
export type Timing =
  | { readonly mode: 'events'; readonly activation: Activation }
  | { readonly mode: 'rounds'; readonly roundUs: number };
export const activations = ['periodic', 'poisson', 'synchronous', 'sequential'] as const;
export type Activation = (typeof activations)[number];

export const lossPers = ['call', 'message'] as const;
export type LossPer = (typeof lossPers)[number];

/**
 * Loss in bursts: each direction of a link is in a good or in a bad state, and may change it with every message (Gilbert 1960, Elliott
 * 1963). All four are ratios.
 */
export interface BurstSettings {
  /** p: from good to bad. */
  readonly enterRatio: number;
  /** r: from bad to good; the mean length of a bad spell is 1/r messages. */
  readonly leaveRatio: number;
  /** 1-k and 1-h: the loss in either state. */
  readonly goodLossRatio: number;
  readonly badLossRatio: number;
}

export interface NetworkSettings {
  readonly latency: LatencyModel;
  /** Added to each message, uniform on [0, jitterUs]. */
  readonly jitterUs: number;
  /** Chance that a message is lost on the link. */
  readonly lossRatio: number;
  /** Loss of a link from the topology's own measurements, where it has them, and `lossRatio` elsewhere; left out: `lossRatio`. */
  readonly lossOf?: (from: number, to: number) => number;
  /** Chance that a message that gets through is followed by an extra copy. */
  readonly duplicateRatio?: number;
  /** Chance that a copy is held back, and for how long; left out: as long again as it takes. */
  readonly reorderRatio?: number;
  readonly reorderByUs?: number;
  /** Chance that a copy arrives damaged. */
  readonly corruptRatio?: number;
  readonly burst?: BurstSettings;
  /** What one node sends and receives in a second; left out: without limit. */
  readonly upBytesPerSecond?: number;
  readonly downBytesPerSecond?: number;
  /** How much may wait at each end; left out: without limit. */
  readonly queueBytes?: number;
  /** What one draw of loss is about. Left out: a message in events, which know no calls, and a call in rounds. */
  readonly lossPer?: LossPer;
}

/** What it costs a node to handle what arrives. */
export interface ProcessingSettings {
  /** For each message, and on top of that for each signature that it checks; whole microseconds. */
  readonly messageUs: number;
  readonly verifyUs: number;
  /** How many messages may wait until the node has time; Infinity for any number. */
  readonly queueCapacity: number;
}

/** One line of the workload. */
export interface WorkItem {
  readonly who: Who;
  readonly atUs: number;
  readonly everyUs: number;
  readonly untilUs: number;
  /** True: each publisher starts at its own uniform phase in [0, everyUs). */
  readonly spreadPhases: boolean;
  /** How long after publication a first delivery still counts; Infinity: to the end of the run. */
  readonly deadlineUs: number;
  readonly makePayload: PayloadMaker;
  /** Present: the line writes into the state slot, and publishes nothing. */
  readonly write?: WriteVerb;
}

export interface PlannedFault {
  readonly id: string;
  readonly kind: FaultKind;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly schedule: Schedule;
  /** It begins once, after the first regular look from `schedule.atUs` and before `schedule.untilUs` at which this holds. */
  readonly when?: Condition;
}

export interface PlannedAdversary {
  readonly id: string;
  readonly kind: AdversaryKind;
  readonly who: Who;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly fromUs: number;
  readonly untilUs: number;
  /** How long it takes from the beginning until every message is affected, in even steps; 0 when left out. */
  readonly rampUs?: number;
}

export interface StackLayer {
  readonly protocol: Protocol;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type Comparison = '<' | '<=' | '==' | '!=' | '>=' | '>';

/** What is made of one number a run; percentiles by nearest rank: `p95` is the smallest that 95 in 100 runs do not exceed. */
export const runFigures = ['mean', 'p1', 'p5', 'p10', 'p50', 'p90', 'p95', 'p99'] as const;
export type RunFigure = (typeof runFigures)[number];

/** What an assertion says about many runs together: in what share of them it holds, or how a figure of theirs compares with a bound. */
export type OverRuns =
  | { readonly kind: 'share'; readonly share: number }
  | {
      readonly kind: 'figure';
      readonly figure: RunFigure;
      /** figure - comparison - bound; `==` and `!=` are refused by the language. */
      readonly comparison: Comparison;
      readonly bound: number;
      readonly unit: Measure;
    };

/**
 * `always`: at every measurement in [fromUs, untilUs]. `eventually`: at one measurement at least in that window. `finally`: at the end.
 */
export interface Assertion {
  readonly text: string;
  /** The language's `never` and `sometimes` are `always` of the opposite and `eventually`. */
  readonly mode: 'always' | 'eventually' | 'finally';
  readonly condition: Condition;
  /** The metrics in it; their values go with the verdict. */
  readonly asks?: readonly { readonly name: string; readonly group: string | undefined }[];
  readonly fromUs: number;
  readonly untilUs: number;
  /** Present: a run that is one of many is not judged by it, all of them together are. Left out: it must hold in each. */
  readonly overRuns?: OverRuns;
}

/**
 * The network must come back: at `afterUs` all faults and liars have ended (their schedules say so already), and within `withinUs` from
 * then on the condition must hold once; left out, all live honest nodes must hold the same.
 */
export interface RecoveryPlan {
  readonly text: string;
  readonly afterUs: number;
  readonly withinUs: number;
  readonly condition?: Condition;
  /** As for assertions: a share of many runs. */
  readonly overRuns?: OverRuns;
}

export interface Experiment {
  readonly name: string;
  readonly seed: number;
  readonly stopTimeUs: number;
  /**
   * `converged`: the run is over as soon as no injection and no change of the world is to come and all live honest nodes hold the same;
   * reaching `stopTimeUs` is a failure then.
   */
  readonly stopWhen?: 'converged';
  /** Left out: events, periodic. */
  readonly timing?: Timing;
  /** Publications before this moment are not measured. */
  readonly warmupUs: number;
  readonly measureEveryUs: number;
  /** Milliseconds since 1970 that virtual time 0 stands for, for timestamps in messages. */
  readonly epochMs: number;

  readonly nodeCount: number;
  /** Names by address. */
  nameOf(address: number): string;
  readonly groupNames: readonly string[];
  /** Index into `groupNames` by address; absent when there are no groups. */
  readonly groupOf?: Uint16Array;
  /** Role of each group, by index into `groupNames`; undefined for a group without one. */
  readonly groupRoles: readonly (string | undefined)[];
  /** Region of each group, by index into `groupNames`; a node whose group has none is where `layout.regions` says. */
  readonly groupRegions?: readonly (string | undefined)[];
  /** Addresses, ascending, of those whose claims about the step count; left out: everybody's do. */
  readonly committee?: Int32Array;
  /** Addresses of observers. */
  readonly observers: readonly number[];
  /** Nodes that come up later than at time 0. */
  readonly lateStarts: readonly { readonly address: number; readonly atUs: number }[];

  readonly layout: Layout;
  readonly pattern: PatternFunction;
  readonly stack: readonly StackLayer[];
  readonly signer?: Signer;
  readonly network: NetworkSettings;
  /** Left out: nodes handle everything at once, and whatever comes. */
  readonly processing?: ProcessingSettings;
  readonly workload: readonly WorkItem[];
  readonly adversaries: readonly PlannedAdversary[];
  readonly faults: readonly PlannedFault[];
  readonly assertions: readonly Assertion[];
  readonly recovery?: RecoveryPlan;
  /** What the network was meant to cost; fails nothing. */
  readonly targets?: Targets;
}
