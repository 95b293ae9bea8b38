/**
 * Partitions as they are, against partitions as the nodes see them. The simulator knows who can hear whom: a node is cut off when it
 * could not count enough members even if it asked them all. How soon does it notice, how soon is it back, and for how long did two
 * sides that could not hear each other both go on writing?
 */
import { faultsTolerated } from '../parts/step-rules.js';
import { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { PartitionFigures, ResultSections } from '../model/result.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

const states = { healthy: 0, partitioned: 1, recovering: 2 } as const;
/** Who is held against everybody else when it is asked whether writers are apart; exact for all partitions into sides. */
const witnessesMax = 64;

interface Detector {
  readonly type: string;
  readonly needed: number;
  readonly isEstimate: boolean;
  readonly isReadonly: boolean;
}

export class Partitions implements Instrument {
  readonly #state: Uint8Array;
  /** Who is up, as of the last change: what is counted at a change is what was true before it. */
  readonly #isUp: Uint8Array;
  /** By node: 1 while it could not count enough members. */
  readonly #isCut: Uint8Array;
  /** By node: when it was cut off, or came back into sight of enough, while that is unnoticed; -1 otherwise. */
  readonly #cutUs: Float64Array;
  readonly #backUs: Float64Array;
  readonly #detectionUs = new Histogram();
  readonly #recoveryUs = new Histogram();
  /** When the world changed and the truth was not looked at yet; -1 when it is known. */
  #changedUs = 0;
  #cuts = 0;
  #missed = 0;
  #falseAlarms = 0;
  #partitioned = 0;
  #partitionedMost = 0;
  #splitBrainUs = 0;
  #splitSinceUs = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    /** Absent where only the split brain is measured. */
    private readonly detector: Detector | undefined,
  ) {
    const { nodeCount } = simulation.experiment;
    this.#state = new Uint8Array(nodeCount);
    this.#isUp = new Uint8Array(nodeCount);
    this.#isCut = new Uint8Array(nodeCount);
    this.#cutUs = new Float64Array(nodeCount).fill(-1);
    this.#backUs = new Float64Array(nodeCount).fill(-1);
  }

  faultBegan(): void {
    this.#change();
  }

  faultEnded(): void {
    this.#change();
  }

  nodeUp(node: number): void {
    this.#change();
    this.#isUp[node] = 1;
  }

  nodeDown(node: number): void {
    this.#change();
    this.#isUp[node] = 0;
    this.#set(node, states.healthy);
    if (this.#cutUs[node] >= 0) this.#missed++;
    this.#isCut[node] = 0;
    this.#cutUs[node] = -1;
    this.#backUs[node] = -1;
  }

  /** Something is about to change, or has this very moment: what was true until now is counted, and looked at anew when needed. */
  #change(): void {
    const { nowUs } = this.simulation;
    this.#count(nowUs);
    this.#changedUs = nowUs;
  }

  /** Adds the time since the last change if it was one of split brain. */
  #count(nowUs: number): void {
    if (nowUs <= this.#splitSinceUs) return;
    this.#lookAtTruth();
    if (this.#isSplit()) this.#splitBrainUs += nowUs - this.#splitSinceUs;
    this.#splitSinceUs = nowUs;
  }

  #admits(node: number): boolean {
    if (this.world.honest[node] === 0 || this.#isUp[node] === 0) return false;
    return this.detector?.isReadonly !== true || this.#state[node] === states.healthy;
  }

  /** Are there two live honest nodes that admit writes and cannot hear each other? */
  #isSplit(): boolean {
    const { simulation, world } = this;
    if (simulation.links.judges.every(({ fault }) => fault.separates === undefined)) return false;
    const writers: number[] = [];
    for (let node = 0; node < this.#state.length; node++) if (this.#admits(node)) writers.push(node);
    const stride = Math.max(1, Math.ceil(writers.length / witnessesMax));
    for (let i = 0; i < writers.length; i += stride) {
      if (writers.some((other) => other !== writers[i] && !world.canHear(writers[i], other))) return true;
    }
    return false;
  }

  /** Who is cut off, after the world changed. Faults begin after they are announced, so this waits until somebody wants to know. */
  #lookAtTruth(): void {
    const { detector, world } = this;
    if (this.#changedUs < 0 || detector === undefined) return;
    const atUs = this.#changedUs;
    this.#changedUs = -1;
    const { graph } = this.simulation;
    for (let node = 0; node < this.#isCut.length; node++) {
      if (world.honest[node] === 0 || this.#isUp[node] === 0) continue;
      let inSight = 1;
      const count = graph.neighbourCount(node);
      for (let i = 0; i < count; i++) {
        const peer = graph.neighbourAt(node, i);
        if (this.#isUp[peer] === 1 && world.canHear(node, peer)) inSight++;
      }
      const needed = detector.isEstimate ? count + 1 - faultsTolerated(count + 1) : detector.needed;
      this.#judge(node, inSight < needed, atUs);
    }
  }

  #judge(node: number, isCut: boolean, atUs: number): void {
    if ((this.#isCut[node] === 1) === isCut) return;
    this.#isCut[node] = isCut ? 1 : 0;
    if (isCut) {
      this.#cuts++;
      this.#backUs[node] = -1;
      this.#cutUs[node] = atUs;
    } else {
      if (this.#cutUs[node] >= 0) this.#missed++;
      this.#cutUs[node] = -1;
      if (this.#state[node] !== states.healthy) this.#backUs[node] = atUs;
    }
  }

  reported(node: number, kind: ReportKind, _body: number, state: number): void {
    if (kind !== reportKinds.partitioned || this.world.honest[node] === 0) return;
    const { nowUs } = this.simulation;
    this.#count(nowUs);
    this.#lookAtTruth();
    this.#set(node, state);
    if (state === states.partitioned) {
      if (this.#isCut[node] === 0) this.#falseAlarms++;
      else if (this.#cutUs[node] >= 0) this.#detectionUs.record(nowUs - this.#cutUs[node]);
      this.#cutUs[node] = -1;
    } else if (state === states.healthy && this.#backUs[node] >= 0) {
      this.#recoveryUs.record(nowUs - this.#backUs[node]);
      this.#backUs[node] = -1;
    }
  }

  #set(node: number, state: number): void {
    if (this.#state[node] === states.partitioned) this.#partitioned--;
    this.#state[node] = state;
    if (state === states.partitioned) this.#partitioned++;
    this.#partitionedMost = Math.max(this.#partitionedMost, this.#partitioned);
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'partitionedNodes':
        return this.detector === undefined ? null : this.#partitioned;
      case 'splitBrainTime':
        this.#count(this.simulation.nowUs);
        return this.#splitBrainUs / 1000;
      case 'partitionDetectionTime':
        return inMs(this.#detectionUs.mean);
      case 'recoveryTime':
        return inMs(this.#recoveryUs.mean);
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    const { simulation, detector } = this;
    this.#count(simulation.nowUs);
    if (detector === undefined) return {};
    const partition: PartitionFigures = {
      type: detector.type,
      members: simulation.experiment.nodeCount,
      needed: detector.needed,
      cuts: this.#cuts,
      detected: this.#detectionUs.count,
      missed: this.#missed,
      falseAlarms: this.#falseAlarms,
      detectionTime: percentilesOf(this.#detectionUs),
      recoveryTime: percentilesOf(this.#recoveryUs),
      partitionedMost: this.#partitionedMost,
      partitionedAtEnd: this.#partitioned,
      splitBrainTimeMs: this.#splitBrainUs / 1000,
      counters: simulation.figuresOf('partition') ?? {},
    };
    return { partition };
  }
}

const inMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

export function partitionsOf(simulation: Simulation, world: WorldChanges): Partitions | undefined {
  const { stack, nodeCount, assertions } = simulation.experiment;
  const layer = stack.find(({ protocol }) => protocol.slot === 'partition');
  if (layer === undefined) {
    const wanted = assertions.some(({ text }) => text.includes('splitBrainTime'));
    return wanted ? new Partitions(simulation, world, undefined) : undefined;
  }
  const { f, policy, estimate } = layer.parameters;
  const needed = nodeCount - (typeof f === 'number' ? f : faultsTolerated(nodeCount));
  return new Partitions(simulation, world, {
    type: layer.protocol.name,
    needed,
    isEstimate: estimate === true,
    isReadonly: policy === 'readonly',
  });
}
