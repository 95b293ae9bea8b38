/**
 * Do all hold the same? Twice over: the simulator looks into every node and knows; a node looks at its own talks and guesses. Nodes tell a
 * number for what they hold each time it changes, so the simulator only has to count how many different numbers there are among those
 * who are up; and whatever a node believes is held against that, from the first write on.
 */
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { BeliefFigures, ReplicationFigures, ResultSections } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

interface Settings {
  readonly type: string;
  readonly exchange: string;
  readonly intervalUs: number;
  readonly by: string;
  readonly after: number;
  readonly counts: boolean;
}

class Replication implements Instrument {
  /** What each node holds, as a number; 0 for nothing. */
  readonly #digests: Float64Array;
  /** 1 for live honest nodes; and how many of them hold what. */
  readonly #counted: Uint8Array;
  #live = 0;
  readonly #holders = new Map<number, number>();
  readonly #believes: Uint8Array;
  #believers = 0;

  #writes = 0;
  #written = 0;
  #firstWriteUs = 0;
  #lastWriteUs = 0;
  /** The last change from outside; since when all agree, and since when they do after that change. */
  #lastChangeUs = 0;
  #agreedUs: number | undefined = 0;
  #convergedUs: number | undefined = 0;

  /** Times are added up to here. */
  #addedUpToUs = 0;
  #agreements = 0;
  #agreedForUs = 0;
  /** The same times as many as were up, and all of that time. */
  #agreedNodesUs = 0;
  #nodesUs = 0;
  #believedForUs = 0;
  #wrongForUs = 0;
  #begun = 0;
  #wrong = 0;
  readonly #delayUs = new Histogram();

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly settings: Settings,
  ) {
    const { nodeCount } = simulation.experiment;
    this.#digests = new Float64Array(nodeCount);
    this.#counted = new Uint8Array(nodeCount);
    this.#believes = new Uint8Array(nodeCount);
  }

  reported(node: number, kind: ReportKind, _body: number, value: number): void {
    if (this.world.honest[node] === 0) return;
    if (kind === reportKinds.changed) this.#holds(node, value);
    else if (kind === reportKinds.wrote) this.#wrote(value);
    else if (kind === reportKinds.estimated) this.#estimates(node, value === 1);
  }

  nodeUp(node: number): void {
    if (this.world.honest[node] === 0) return;
    this.#add();
    this.#counted[node] = 1;
    this.#live++;
    this.#count(this.#digests[node], 1);
    this.#changedFromOutside();
  }

  nodeDown(node: number): void {
    if (this.world.honest[node] === 0) return;
    this.#add();
    this.#believers -= this.#believes[node];
    this.#believes[node] = 0;
    this.#counted[node] = 0;
    this.#live--;
    this.#count(this.#digests[node], -1);
    this.#changedFromOutside();
  }

  faultBegan(): void {
    this.#changedFromOutside();
  }

  faultEnded(): void {
    this.#changedFromOutside();
  }

  isSettled(): boolean {
    return this.#agrees;
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'stateConvergenceTime':
        return toMs(this.#convergenceUs);
      case 'distinctStates':
        return this.#holders.size;
      case 'believers':
        return this.#believers;
      case 'wrongBeliefs':
        return this.#wrong;
      case 'counterError': {
        if (!this.settings.counts) return null;
        const { min, max } = this.#readings();
        return min === null || max === null
          ? null
          : Math.max(Math.abs(min - this.#written), Math.abs(max - this.#written));
      }
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    this.#add();
    const { type, exchange, counts, intervalUs } = this.settings;
    const { rounds, nowUs } = this.simulation;
    const convergenceUs = this.#convergenceUs;
    const measuredUs = nowUs - this.#firstWriteUs;
    const readings = this.#readings();
    const replication: ReplicationFigures = {
      type,
      exchange,
      writes: this.#writes,
      lastWriteMs: this.#writes === 0 ? null : this.#lastWriteUs / 1000,
      distinctStates: this.#holders.size,
      agreedAtMs: toMs(this.#agreedUs),
      convergenceTime: toMs(convergenceUs),
      convergenceRounds: inStretches(convergenceUs, rounds?.roundUs),
      convergenceCycles: inStretches(convergenceUs, rounds === undefined ? intervalUs : undefined),
      agreements: this.#agreements,
      agreedShare: this.#writes === 0 || measuredUs === 0 ? null : this.#agreedForUs / measuredUs,
      readings,
      written: counts ? this.#written : null,
      lost: counts && this.#agrees && readings.max !== null ? this.#written - readings.max : null,
      beliefs: this.#beliefs(),
      counters: this.simulation.figuresOf('state') ?? {},
    };
    return { replication };
  }

  get #agrees(): boolean {
    return this.#holders.size <= 1;
  }

  get #convergenceUs(): number | undefined {
    return this.#convergedUs === undefined ? undefined : this.#convergedUs - this.#lastChangeUs;
  }

  #beliefs(): BeliefFigures {
    const { by, after } = this.settings;
    return {
      by,
      after,
      begun: this.#begun,
      wrong: this.#wrong,
      wrongShare: share(this.#wrong, this.#begun),
      timeShare: share(this.#believedForUs, this.#nodesUs),
      wrongTimeShare: share(this.#wrongForUs, this.#believedForUs),
      knownShare: share(this.#believedForUs - this.#wrongForUs, this.#agreedNodesUs),
      delay: percentilesOf(this.#delayUs),
      believersAtEnd: this.#believers,
    };
  }

  /** Of live honest nodes. */
  #readings(): { readonly min: number | null; readonly max: number | null } {
    const readings = this.simulation.readingsOf('state') ?? [];
    let min = Infinity;
    let max = -Infinity;
    for (let node = 0; node < readings.length; node++) {
      if (this.#counted[node] === 0) continue;
      min = Math.min(min, readings[node]);
      max = Math.max(max, readings[node]);
    }
    return min > max ? { min: null, max: null } : { min, max };
  }

  #wrote(folded: number): void {
    this.#add();
    const { nowUs } = this.simulation;
    if (this.#writes === 0) this.#firstWriteUs = nowUs;
    this.#writes++;
    this.#lastWriteUs = nowUs;
    this.#written += folded % 2 === 0 ? folded / 2 : -(folded - 1) / 2;
    this.#changedFromOutside();
  }

  #holds(node: number, digest: number): void {
    this.#add();
    if (this.#counted[node] === 1) {
      this.#count(this.#digests[node], -1);
      this.#count(digest, 1);
    }
    this.#digests[node] = digest;
    this.#look();
  }

  #estimates(node: number, believes: boolean): void {
    this.#add();
    const { nowUs } = this.simulation;
    this.#believers += Number(believes) - this.#believes[node];
    this.#believes[node] = Number(believes);
    if (!believes || this.#writes === 0) return;
    this.#begun++;
    if (this.#agreedUs === undefined) this.#wrong++;
    else this.#delayUs.record(nowUs - this.#agreedUs);
  }

  #count(digest: number, change: 1 | -1): void {
    const holders = (this.#holders.get(digest) ?? 0) + change;
    if (holders === 0) this.#holders.delete(digest);
    else this.#holders.set(digest, holders);
  }

  #changedFromOutside(): void {
    this.#lastChangeUs = this.simulation.nowUs;
    this.#convergedUs = undefined;
    this.#look();
  }

  #look(): void {
    if (!this.#agrees) {
      this.#agreedUs = undefined;
      this.#convergedUs = undefined;
      return;
    }
    if (this.#agreedUs === undefined && this.#writes > 0) this.#agreements++;
    this.#agreedUs ??= this.simulation.nowUs;
    this.#convergedUs ??= this.simulation.nowUs;
  }

  /** Adds up the time since the last change of anything, in which nothing changed. */
  #add(): void {
    const { nowUs } = this.simulation;
    const passedUs = nowUs - this.#addedUpToUs;
    this.#addedUpToUs = nowUs;
    if (this.#writes === 0) return;
    this.#believedForUs += this.#believers * passedUs;
    this.#nodesUs += this.#live * passedUs;
    if (this.#agrees) {
      this.#agreedForUs += passedUs;
      this.#agreedNodesUs += this.#live * passedUs;
    } else this.#wrongForUs += this.#believers * passedUs;
  }
}

const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** A time as a count of stretches, the last one begun included. */
function inStretches(us: number | undefined, stretchUs: number | undefined): number | null {
  return us === undefined || stretchUs === undefined ? null : Math.ceil(us / stretchUs);
}

export function replicationOf(simulation: Simulation, world: WorldChanges): Instrument | undefined {
  const layer = simulation.experiment.stack.find(({ protocol }) => protocol.writes !== undefined);
  if (layer === undefined) return undefined;
  const { interval, exchange, estimate } = layer.parameters;
  // A plug-in has knobs of its own.
  const { by, after } = (estimate ?? {}) as { readonly by?: string; readonly after?: number };
  return new Replication(simulation, world, {
    type: layer.protocol.name,
    exchange: typeof exchange === 'string' ? exchange : '',
    intervalUs: typeof interval === 'number' ? interval : 1e6,
    by: by ?? '',
    after: after ?? 0,
    counts: layer.protocol.writes?.includes('increment') === true,
  });
}
