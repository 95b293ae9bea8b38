/**
 * What a run comes to. Everything but `engine` is the same bytes for the same scenario, seed and version on every machine. Durations are
 * milliseconds of virtual time, rates are a second of virtual time, ratios 0 to 1; `null` means that there was nothing to measure.
 */
import type { LossPer } from './experiment.js';
import type { TargetRow } from './targets.js';

export interface Spread {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

export interface DeliveryFigures {
  /** Measured messages; those that were left out because their deadline lies after the end, and because of the warm-up. */
  readonly publications: number;
  readonly censored: number;
  readonly inWarmup: number;
  /** First deliveries / eligible (message, node) pairs. */
  readonly deliveryRatio: number | null;
  readonly reach: number | null;
  /** Share of messages that reached every eligible node. */
  readonly completeShare: number | null;
  /** The smallest delivery ratio of any node. */
  readonly worstNodeDeliveryRatio: number | null;
}

/** What one check saw of an adversary's acts, and what of it no other check saw. */
export interface CheckRow {
  readonly detected: number;
  readonly only: number;
}

/** What came of one adversary's acts. */
export interface DetectionRow {
  readonly id: string;
  /** Forged messages. */
  readonly acts: number;
  /** Those that at least one honest node received. */
  readonly reached: number;
  /** Replays that everybody honest took for a copy of what it had: they did nothing. */
  readonly suppressed: number;
  /** Those that at least one honest node flagged. */
  readonly detected: number;
  readonly missed: number;
  /** detected / reached, null when none reached anybody. */
  readonly detectionRate: number | null;
  /** Honest first receipts of forged messages, and the share of them that was flagged. */
  readonly receipts: number;
  readonly receiverRecall: number | null;
  /** From an act to its first flag, mean over detected acts, in milliseconds. */
  readonly meanTimeToDetectionMs: number | null;
  /** The same as percentiles over the acts that reached anybody honest, in milliseconds; null where they lie among the missed. */
  readonly timeToDetection: { readonly p50: number | null; readonly p95: number | null };
  /** From the first effective act to the first flag, in milliseconds; null when there was none until the end. */
  readonly firstDetectionMs: number | null;
  /** By check, those that saw anything. */
  readonly checks: Readonly<Record<string, CheckRow>>;
}

/** Honest messages that are wrong: their sender lost its state, or its clock is off. What a link damaged stands under `corruption`. */
export interface HonestButWrongRow {
  /** `lost-state`: the sender claims a step below one that it claimed before. `clock`: the timestamp is not the time. */
  readonly cause: string;
  readonly messages: number;
  /** First receipts by honest nodes, and how many of them were flagged. */
  readonly receipts: number;
  readonly flagged: number;
}

export interface Detection {
  readonly adversaries: readonly DetectionRow[];
  /**
   * Messages that links damaged: honest, but wrong. An act is one damaged message, whatever the number of its copies. Absent where
   * nothing was damaged. They are neither attacks nor false alarms, and count in no other figure here.
   */
  readonly corruption?: DetectionRow;
  /** First receipts of honest messages by honest nodes, and how many of them were flagged. */
  readonly honestReceipts: number;
  readonly falseAlarms: number;
  readonly falseAlarmRate: number | null;
  readonly falseAlarmsPerNodeHour: number | null;
  /** By check; a message that two checks flagged counts at both. */
  readonly falseAlarmsByCheck: Readonly<Record<string, number>>;
  /** What honest nodes said and were wrong about; neither forgeries nor, where flagged, false alarms. */
  readonly honestButWrong: readonly HonestButWrongRow[];
  /** Share of forged messages among the first receipts of honest nodes: what the precision rests on. */
  readonly baseRate: number | null;
  /** Honest flags that were right / all flags of honest nodes. */
  readonly precision: number | null;
}

/** Shares of one liar's forged messages that were detected, by authentication; null where none reached anybody honest. */
export interface ComparisonRow {
  readonly id: string;
  readonly kind: string;
  readonly keys: 'insider' | 'outsider';
  readonly reached: number;
  /** What the pattern check alone saw. */
  readonly pattern: number | null;
  /** All checks of the scenario together, without signatures. */
  readonly none: number | null;
  /** What the signatures alone saw. */
  readonly hmac: number | null;
  readonly ed25519: number | null;
}

export interface AuthenticationComparison {
  readonly scenario: string;
  readonly seed: number;
  readonly interrupted: boolean;
  readonly rows: readonly ComparisonRow[];
}

/** What one fault or adversary did. */
export interface Touched {
  readonly id: string;
  readonly kind: string;
  /** How often it began. */
  readonly fired: number;
  readonly affectedMessages: number;
  readonly affectedNodes: number;
  /** What `maxDown` or `protectConnectivity` kept it from doing; absent when nothing. */
  readonly leftOut?: number;
}

export interface AssertionVerdict {
  readonly text: string;
  readonly status: 'passed' | 'failed' | 'unevaluated';
  /** When it was decided, virtual time in milliseconds. */
  readonly atMs: number | null;
  /** What was measured in the comparison that decided it; null when there are several, or none. */
  readonly value: number | null;
  /** The metrics in it by name, when it was decided; null for those that had no value, or an infinite one. */
  readonly seen: Readonly<Record<string, number | null>>;
}

export type RunStatus = 'passed' | 'failed' | 'invalid' | 'interrupted';

/** Percentiles; `null` where the percentile lies among deliveries that never came. */
export interface Percentiles {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface Metrics extends DeliveryFigures {
  readonly totalNodes: number;
  readonly nodesUp: number;
  /** Over (message, node) pairs, milliseconds; the mean is of those that came. */
  readonly disseminationLatency: Percentiles;
  /** Median over messages of the time until that share of the eligible nodes had it, milliseconds. */
  readonly coverage: {
    readonly t50: number | null;
    readonly t90: number | null;
    readonly t99: number | null;
  };
  readonly hops: { readonly mean: number | null; readonly max: number | null };
  /** Payload copies a receiver beyond the one that is needed (RMR). */
  readonly duplicates: number | null;
  /**
   * Share of honest nodes up at publication, the source among them, that never got the message: what is left when a rumour dies out
   * (Demers et al. 1987).
   */
  readonly residue: number | null;
  /** Publications sent, lost ones included, and (in rounds) calls made, a node in the whole run. */
  readonly payloadsPerNode: number;
  readonly callsPerNode: number | null;
  /** From publication to the last first delivery, mean over messages: of those deliveries that came, so conditional. Milliseconds. */
  readonly lastDelivery: number | null;
  /**
   * From the last change from outside (publication, crash, begin or end of a fault) until all live honest nodes held the same: in
   * milliseconds, in rounds (`timing: rounds`) and in elapsed intervals (`timing: events`). Null when they never did, or did not stay so.
   */
  readonly convergenceTime: number | null;
  readonly convergenceRounds: number | null;
  readonly convergenceCycles: number | null;
  /** From the end of all faults until the network was back, milliseconds; null without `recovery`, and when it was not in time. */
  readonly timeToRecover: number | null;
  readonly messagesSent: number;
  readonly messagesPerSecond: number;
  readonly messagesPerNode: Spread;
  readonly bytesPerNode: Spread;
  readonly averageLatency: number | null;
  readonly patternMismatches: number;
  readonly flags: Readonly<Record<string, number>>;
  readonly stepMax: number | null;
  /** How often an honest node was led beyond every step that an honest node had held before. */
  readonly unsafeAdoptions: number;
  /** Largest distance between the steps of honest nodes that are up: now, and at any measurement. */
  readonly syncDivergence: { readonly end: number | null; readonly max: number | null };
  readonly networkHealth: number | null;
  readonly networkHealthFormula: string;
}

/** How failure detectors did, against what the simulator knows. Times in milliseconds. */
export interface DetectorFigures {
  /** Name of the protocol. */
  readonly type: string;
  /** Honest nodes that went down, each time; those that somebody suspected, and took for dead. */
  readonly failures: number;
  readonly suspected: number;
  readonly detected: number;
  /** Back up before anybody took them for dead; and still down and unknown at the end. */
  readonly missed: number;
  readonly open: number;
  /** From the crash to the first suspicion, and to the first verdict; of those that were found. */
  readonly suspicionTime: Percentiles;
  readonly detectionTime: Percentiles;
  /** Own suspicions of honest nodes, and those about live honest peers that could be heard. */
  readonly suspicions: number;
  readonly falseSuspicions: number;
  /** Verdicts "dead", hearsay included, and the false ones; also a node and hour. */
  readonly confirmations: number;
  readonly falsePositives: number;
  readonly falsePositiveRate: number | null;
  /** Honest nodes that left in good order; they are no failures. Verdicts "dead" about them. Absent when nobody left. */
  readonly leaves?: number;
  readonly leaversTakenForDead?: number;
  /** Alarms about somebody who had come back, or stood still or was slow, less than 10 s before. */
  readonly lateAlarms: number;
  /** What the protocol counted itself. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One direction of the nodes' access to the network, where it is limited. */
export interface QueueFigures {
  /** Messages that went through, and their bytes. */
  readonly messages: number;
  readonly bytes: number;
  /** Messages that found no room. */
  readonly dropped: number;
  /** From coming to the line until the last byte was through, milliseconds. */
  readonly wait: { readonly mean: number | null; readonly p99: number | null; readonly max: number | null };
}

/** What links did to messages. */
export interface LinkFigures {
  /** Sent over links, lost ones included, and their bytes; what its sender's uplink had no room for was never sent. */
  readonly messages: number;
  readonly bytes: number;
  /** Lost because their link was in a bad state, or in a good one that loses too; only those that plain loss had spared. */
  readonly lostInBursts: number;
  /** Extra copies that links made. */
  readonly duplicated: number;
  /** Copies that were held back. */
  readonly reordered: number;
  /** Copies that were damaged, and those among them that nobody could read. */
  readonly corrupted: number;
  readonly unreadable: number;
  /** Null where there is no limit. */
  readonly uplink: QueueFigures | null;
  readonly downlink: QueueFigures | null;
}

/** Those whose claims about the step count, drawn from the seed. */
export interface CommitteeFigures {
  readonly size: number;
  /** Their names, in the order of addresses. */
  readonly members: readonly string[];
  /** Liars among them, and how many of them the rule bears. */
  readonly liars: number;
  readonly liarsBorne: number;
  /** The chance, before the draw, that more liars than the rule bears would sit in a committee of this size: hypergeometric. */
  readonly excessChance: number;
}

/** What became of the common step where somebody lied about it, came late, or only some were heard. */
export interface SyncFigures {
  /** Name of the rule. */
  readonly rule: string;
  /** Present where only the claims of some count. */
  readonly committee?: CommitteeFigures;
  /** Honest nodes and lying ones. */
  readonly honest: number;
  readonly liars: number;
  /** How many liars the rule of an honest node bears among those whose claims it follows (the smallest of all), null where that is not known. */
  readonly faultBudget: number | null;
  /** The most liars among those whose claims one honest node follows, and honest nodes for which these are more than their rule bears. */
  readonly liarsHeard: number;
  readonly overBudget: number;
  /** Honest nodes up at the end whose step nobody could have reached without a false claim. */
  readonly misled: number;
  /** Distance between the steps of honest nodes that are up, over the regular looks (`measureEvery`); `over` is thinned to 64 points. */
  readonly divergence: {
    readonly mean: number | null;
    readonly max: number | null;
    readonly over: readonly { readonly atMs: number; readonly steps: number }[];
  };
  /** Honest nodes that came up after the beginning, each time; those that reached the highest step that an honest node had held by then. */
  readonly joins: number;
  readonly caughtUp: number;
  /** How long that took, of those that did, milliseconds. */
  readonly catchUpTime: Percentiles;
}

/** What the views of nodes are like at the end, where they choose their peers. */
export interface OverlayFigures {
  /** Name of the protocol. */
  readonly type: string;
  /** What was taken for near: `round trip`, `coordinates`, `region`; null where the choice does not care. */
  readonly nearBy: string | null;
  /** Peers in use, over the nodes that are up. */
  readonly degree: { readonly mean: number | null; readonly min: number | null; readonly max: number | null };
  /** Mean round trip to a peer in use, and to anybody who is up, by what links take without jitter; milliseconds. */
  readonly peerRttMs: number | null;
  readonly anyRttMs: number | null;
  /** Mean distance to a peer in use, and to anybody who is up, kilometres, of those that have coordinates; left out where none has any. */
  readonly peerKm?: number | null;
  readonly anyKm?: number | null;
  /** Peers in use that are down. */
  readonly deadPeers: number;
  /** Share of the nodes that are up in the largest set whose members all reach each other through the peers in use. */
  readonly connectedShare: number | null;
  /** What the protocol counted itself. */
  readonly counters: Readonly<Record<string, number>>;
}

/** What handling messages cost the nodes, where the scenario says what it costs. Times in milliseconds. */
export interface ProcessingFigures {
  readonly verifyTimeMs: number;
  readonly messageTimeMs: number;
  readonly queueCapacity: number | null;
  /** Signatures that were checked, once for each distinct message and node. */
  readonly verified: number;
  /** Share of the time in which a node was busy. */
  readonly busyShare: Spread;
  /** Messages that found no room before a busy node, the longest line, and how long those waited that had to. */
  readonly queueDrops: number;
  readonly longestQueue: number;
  readonly wait: Percentiles;
}

/** How signatures were made. `modelled` ones are no cryptography: above 10,000 nodes a run takes their word that nobody forges one. */
export interface AuthenticationFigures {
  readonly scheme: 'hmac' | 'ed25519';
  readonly signatures: 'real' | 'modelled';
}

/** Who was accused (ignored for what a node saw itself) rightly, and who was slandered. */
export interface TrustFigures {
  /** How often an honest node came to ignore a liar, an honest peer; and how often it listened again. */
  readonly accusations: { readonly right: number; readonly wrong: number; readonly pardoned: number };
  /** Liars, those whom an honest node ever ignored, and those whom all their honest neighbours that are up ignore at the end. */
  readonly liars: { readonly total: number; readonly accused: number; readonly ignoredByAll: number };
  /** The same of honest nodes: slander, and whom any honest neighbour ignores at the end. */
  readonly honest: { readonly total: number; readonly accused: number; readonly ignoredByAny: number };
  /** By adversary. */
  readonly senders: readonly {
    readonly id: string;
    readonly members: number;
    readonly accused: number;
    /** (accuser, member) pairs. */
    readonly pairs: number;
    /** From the adversary's beginning to the first accusation, milliseconds; null for none. */
    readonly firstAccusationMs: number | null;
  }[];
  /** Messages that honest nodes dropped because they came too fast, by whom they came from. */
  readonly throttled: { readonly liars: number; readonly honest: number };
}

/** Faults and adversaries as stretches of time, and whether anybody raised an alarm about the right subject until 10 s after the end. */
export interface EpisodeFigures {
  readonly rows: readonly {
    readonly id: string;
    readonly kind: string;
    /** How many, those that touched a node, and those of them that were noticed. */
    readonly episodes: number;
    readonly judged: number;
    readonly noticed: number;
    /** From the beginning to the first alarm, milliseconds; null where it lies among those that were never noticed. */
    readonly timeToNotice: { readonly p50: number | null; readonly p95: number | null };
  }[];
  /** Suspicions, verdicts, accusations and partition alarms of honest nodes, and those about a subject of no episode. */
  readonly alarms: number;
  readonly unexplained: number;
}

/** How partition detectors did, against what the simulator knows. Times in milliseconds. */
export interface PartitionFigures {
  /** Name of the protocol. */
  readonly type: string;
  /** Registered members, and how many of them a node has to count, itself included. */
  readonly members: number;
  readonly needed: number;
  /** How often an honest node lost sight of so many that it could not count enough, and how often it noticed. */
  readonly cuts: number;
  readonly detected: number;
  /** Over again, or the node down, before it noticed. */
  readonly missed: number;
  /** Alarms of honest nodes that could have counted enough. */
  readonly falseAlarms: number;
  /** From the cut to the alarm, and from its end until the node was healthy again; of those that came. */
  readonly detectionTime: Percentiles;
  readonly recoveryTime: Percentiles;
  /** Nodes that thought they were partitioned, at the most at one time, and at the end. */
  readonly partitionedMost: number;
  readonly partitionedAtEnd: number;
  /** How long two honest nodes that could not hear each other both admitted writes. */
  readonly splitBrainTimeMs: number;
  /** What the protocol counted itself. */
  readonly counters: Readonly<Record<string, number>>;
}

/** How far aggregation came. Values are shares of the largest at the start, 0 to 1. */
export interface AggregationFigures {
  /** Name of the protocol. */
  readonly type: string;
  /** The mean of what the nodes started with, and of what they read off at the end. */
  readonly trueMean: number | null;
  readonly mean: number | null;
  /** Largest distance of a live node's reading from the true mean. */
  readonly maxError: number | null;
  /** Variance of the readings of live nodes at the first look (`measureEvery`) and at the end. */
  readonly varianceFirst: number | null;
  readonly varianceEnd: number | null;
  /** By what the variance was multiplied in each cycle, geometric mean from the first look to the end. */
  readonly factorPerCycle: number | null;
  /** (sum of readings - sum at the start) / sum at the start: what loss and crashes have cost. What is under way counts as gone. */
  readonly sumError: number | null;
}

/** How well the nodes of a hierarchy know how many they are and what they have. Times in milliseconds. */
export interface HierarchyFigures {
  /** Name of the protocol. */
  readonly type: string;
  /** All groups, and those at the top. */
  readonly groups: number;
  readonly topGroups: number;
  /** Of the nodes that are up at the end. */
  readonly trueCount: number;
  readonly trueSum: number;
  /** The smallest and the largest count that a live honest node holds at the end; and the largest that any of them ever held. */
  readonly counted: { readonly least: number; readonly most: number } | null;
  readonly countedMax: number;
  /** Share of the live honest nodes that hold the true count and sum at the end. */
  readonly exactShare: number | null;
  /** From the start until all of them held the truth for the first time; in intervals, begun ones whole. */
  readonly exactTime: number | null;
  readonly exactCycles: number | null;
  /** From the last crash, restart, begin or end of a fault until they did again; null when there was none, or they do not. */
  readonly recoveryTime: number | null;
  /** How often a group lost its leader to a crash, how many groups have none at the end, and how long the others went without. */
  readonly leaderCrashes: number;
  readonly leaderless: number;
  readonly failoverTime: { readonly mean: number | null; readonly max: number | null };
  /** What the protocol counted itself. */
  readonly counters: Readonly<Record<string, number>>;
}

/**
 * What became of data that all nodes hold in common: what the simulator sees, and what nodes believed, side by side. Times in
 * milliseconds. "Agreed" is: all live honest nodes hold the same.
 */
export interface ReplicationFigures {
  /** Name of the protocol, and how nodes compare. */
  readonly type: string;
  readonly exchange: string;
  /** Writes of honest nodes, and when the last one was; null without any. */
  readonly writes: number;
  readonly lastWriteMs: number | null;
  /** Different states among live honest nodes at the end: 1 when all agree. */
  readonly distinctStates: number;
  /** When they came to agree for good, and since then or since the last change from outside, whichever was earlier. */
  readonly agreedAtMs: number | null;
  readonly convergenceTime: number | null;
  readonly convergenceRounds: number | null;
  readonly convergenceCycles: number | null;
  /** From the first write to the end: how often they came to agree, and the share of the time in which they did. */
  readonly agreements: number;
  readonly agreedShare: number | null;
  /** Smallest and largest count, or number of keys or elements, of live honest nodes at the end. */
  readonly readings: { readonly min: number | null; readonly max: number | null };
  /** Counters: the sum of all increments of honest nodes, and what a loss of state has cost of it when all agree. */
  readonly written: number | null;
  readonly lost: number | null;
  /** What nodes believed, from the first write on. */
  readonly beliefs: BeliefFigures;
  /** What the protocol counted itself. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface BeliefFigures {
  /** How a node comes to believe that all agree: `partners` or `quiet`, and after how many. */
  readonly by: string;
  readonly after: number;
  /** How often an honest node came to believe it, and how often while it was not true. */
  readonly begun: number;
  readonly wrong: number;
  readonly wrongShare: number | null;
  /** Share of the time that live honest nodes believed it; and of that, in which it was not true. */
  readonly timeShare: number | null;
  readonly wrongTimeShare: number | null;
  /** Share of the time in which it was true that nodes believed it. */
  readonly knownShare: number | null;
  /** From the moment they agreed until a node believed it, over the beliefs that were right. */
  readonly delay: Percentiles;
  /** Live honest nodes that believe it at the end. */
  readonly believersAtEnd: number;
}

/** Who came and went where nodes do so at large. */
export interface ChurnFigures {
  /** Nodes that went, those of them that said goodbye, and nodes that came after the beginning; each time. */
  readonly departures: number;
  readonly goodbyes: number;
  readonly arrivals: number;
  /** Time that nodes were up / nodes / time of the run. */
  readonly upShare: number | null;
  /** The fewest and the most that were up at a regular look; null when there was none. */
  readonly upMin: number | null;
  readonly upMax: number | null;
}

/** Sections that only some runs have: each instrument of `sim/` fills its own. */
export interface ResultSections {
  readonly links: LinkFigures;
  readonly sync: SyncFigures;
  readonly detector: DetectorFigures;
  readonly partition: PartitionFigures;
  readonly authentication: AuthenticationFigures;
  readonly processing: ProcessingFigures;
  readonly trust: TrustFigures;
  readonly peers: OverlayFigures;
  readonly episodes: EpisodeFigures;
  readonly aggregation: AggregationFigures;
  readonly hierarchy: HierarchyFigures;
  readonly replication: ReplicationFigures;
  readonly churn: ChurnFigures;
}

export interface RunResult extends Partial<ResultSections> {
  readonly scenario: string;
  readonly seed: number;
  readonly fingerprint: string;
  readonly status: RunStatus;
  /** Why the run is invalid, in whole sentences. */
  readonly invalidBecause: readonly string[];
  readonly stoppedAtMs: number;
  /** What the figures were taken under: the kind of time, what one draw of loss is about, and whether the end was to be convergence. */
  readonly timing: 'events' | 'rounds';
  readonly lossPer: LossPer;
  readonly stopWhen: 'converged' | null;
  readonly metrics: Metrics;
  readonly detection: Detection;
  readonly faults: readonly Touched[];
  readonly adversaries: readonly Touched[];
  readonly assertions: readonly AssertionVerdict[];
  /** Present where the scenario has targets. */
  readonly targets?: readonly TargetRow[];
}

/** What the machine needed: differs from run to run. */
export interface EngineFigures {
  readonly events: number;
  readonly wallMs: number;
  readonly eventsPerSecond: number;
  readonly peakRssBytes: number;
  /** What the engine holds for its queue and populations, divided by the number of nodes. */
  readonly memoryBytesPerNode: number;
  /** Present where the scenario has a target for it. */
  readonly memoryTarget?: TargetRow | undefined;
}

/** The object that `mesh simulate --json` prints. */
export interface SimulateResult extends RunResult {
  readonly version: string;
  readonly engine: EngineFigures;
}
