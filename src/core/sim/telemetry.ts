/**
 * A run as other tools would see a network of the real world: metrics at every regular look, a span for whatever has a beginning and an
 * end, a log line for whatever a node would log. It listens to the run and changes nothing about it.
 *
 * Logs and spans of a large run are as many as its messages. So of each name only the first ten thousand are written, and the last
 * word says how many more there were.
 */
import type { Experiment } from '../model/experiment.js';
import type { Hierarchy } from '../model/hierarchy.js';
import type { Envelope } from '../model/envelope.js';
import { flagNames, reportKinds, type ReportKind } from '../model/protocol.js';
import { worldChanges, type RunListener, type WorldChange } from '../model/record.js';
import {
  telemetryCounters,
  telemetryMetrics,
  type Attributes,
  type AttributeValue,
  type TelemetryLog,
  type TelemetrySample,
  type TelemetrySink,
  type TelemetrySpan,
} from '../model/telemetry.js';
import { networkHealthFormula } from '../parts/network-health.js';

const eachNameMax = 10_000;

const partitionStates = ['healthy', 'partitioned', 'recovering'] as const;

interface Spreading {
  readonly startUs: number;
  readonly attributes: Attributes;
  lastUs: number;
  receivers: number;
}

export class Telemetry implements RunListener {
  readonly #counts = new Float64Array(telemetryCounters.length);
  readonly #flags = new Float64Array(flagNames.length);
  readonly #written = new Map<string, number>();
  /** Faults that last, since when; by position. */
  readonly #faults = new Map<number, number>();
  /** Nodes that are not healthy: in which state, since when. */
  readonly #unwell = new Map<number, { readonly state: number; readonly sinceUs: number }>();
  /** Publications that still spread, by body. */
  readonly #spreading = new Map<number, Spreading>();
  #round = 0;
  #lastUs = -1;

  /** @param cycleUs how long a cycle of the dissemination takes; undefined where it has none */
  constructor(
    private readonly experiment: Experiment,
    private readonly sink: TelemetrySink,
    private readonly cycleUs: () => number | undefined,
  ) {}

  // --- metrics -------------------------------------------------------------------------------------------------

  /** A regular look at the network; the second at one moment says nothing new. */
  look(nowUs: number, metric: (name: string) => number | null): void {
    if (nowUs === this.#lastUs) return;
    this.#lastUs = nowUs;
    this.sink.metrics(nowUs, this.samples(nowUs, metric));
  }

  samples(nowUs: number, metric: (name: string) => number | null): TelemetrySample[] {
    const { layout, nodeCount } = this.experiment;
    const { edgeCount, directed } = layout.graph;
    const samples: TelemetrySample[] = [
      {
        name: 'mesh.peer.count',
        unit: '{peer}',
        kind: 'gauge',
        doc: 'Neighbours that the topology gives a node, mean over all nodes.',
        points: [{ value: ((directed ? 1 : 2) * edgeCount) / nodeCount, attributes: {} }],
      },
    ];
    const cycleUs = this.cycleUs();
    if (cycleUs !== undefined) {
      this.#round = Math.floor(nowUs / cycleUs);
      const coverage = metric('coverage');
      const phase = coverage === null ? 'idle' : coverage < 1 ? 'spreading' : 'converged';
      samples.push({
        name: 'mesh.gossip.round',
        unit: '{round}',
        kind: 'gauge',
        doc: 'Rounds, or intervals of the dissemination, since the start.',
        points: [{ value: this.#round, attributes: { 'gossip.phase': phase } }],
      });
    }
    for (const { name, unit, kind, doc, points } of telemetryMetrics) {
      const measured = points.flatMap(({ from, attributes = {} }) => {
        const value = metric(from);
        return value === null || !Number.isFinite(value) ? [] : [{ value, attributes }];
      });
      const words = name === 'mesh.network.health' ? `${doc} ${networkHealthFormula}` : doc;
      if (measured.length > 0) samples.push({ name, unit, kind, doc: words, points: measured });
    }
    telemetryCounters.forEach(({ name, unit, doc, report }, at) => {
      const points =
        report === reportKinds.flagged
          ? flagNames.flatMap((check, flag) =>
              this.#flags[flag] === 0 ? [] : [{ value: this.#flags[flag], attributes: { check } }],
            )
          : [{ value: this.#counts[at], attributes: {} }];
      if (this.#counts[at] > 0) samples.push({ name, unit, kind: 'sum', doc, points });
    });
    return samples;
  }

  // --- what happens --------------------------------------------------------------------------------------------

  world(timeUs: number, change: WorldChange, subject: number): void {
    switch (change) {
      case worldChanges.crash:
        this.#log('mesh.node.crashed', timeUs, 'warn', 'the node crashed', this.#node(subject));
        break;
      case worldChanges.leave:
        this.#log('mesh.node.left', timeUs, 'info', 'the node left in good order', this.#node(subject));
        break;
      case worldChanges.restartKept:
      case worldChanges.restartLost: {
        const state = change === worldChanges.restartKept ? 'kept' : 'lost';
        const attributes = { ...this.#node(subject), 'mesh.node.state': state };
        this.#log('mesh.node.restarted', timeUs, 'info', `the node is back, its state ${state}`, attributes);
        break;
      }
      case worldChanges.faultBegins:
        this.#faults.set(subject, timeUs);
        this.#log('mesh.fault.began', timeUs, 'warn', 'a fault began', this.#fault(subject));
        break;
      case worldChanges.faultEnds:
        this.#faultEnded(subject, timeUs);
        this.#log('mesh.fault.ended', timeUs, 'info', 'a fault ended', this.#fault(subject));
        break;
      default:
        // Every node starts once; a million lines would say so.
        break;
    }
  }

  reported(
    timeUs: number,
    node: number,
    kind: ReportKind,
    body: number,
    value: number,
    envelope: Envelope,
  ): void {
    for (let at = 0; at < telemetryCounters.length; at++) {
      const counter = telemetryCounters[at];
      if (counter.report === kind && (counter.value === undefined || counter.value === value))
        this.#counts[at]++;
    }
    switch (kind) {
      case reportKinds.published:
        this.#spreadEnded(body);
        if ((this.#written.get('span mesh.gossip.dissemination') ?? 0) >= eachNameMax) break;
        this.#spreading.set(body, {
          startUs: timeUs,
          attributes: { ...this.#node(node), 'mesh.step': value },
          lastUs: timeUs,
          receivers: 0,
        });
        break;
      case reportKinds.delivered: {
        const spreading = this.#spreading.get(body);
        if (spreading === undefined) break;
        spreading.lastUs = timeUs;
        spreading.receivers++;
        break;
      }
      case reportKinds.flagged:
        this.#flags[value]++;
        this.#log('mesh.byzantine.flagged', timeUs, 'warn', 'a message was found wrong', {
          ...this.#node(node),
          check: flagNames[value],
          'mesh.peer_id': this.experiment.nameOf(envelope.from),
        });
        break;
      case reportKinds.suspected:
      case reportKinds.confirmed:
      case reportKinds.cleared:
      case reportKinds.accused:
      case reportKinds.pardoned:
        this.#aboutPeer(timeUs, node, kind, value);
        break;
      case reportKinds.partitioned:
        this.#partitioned(timeUs, node, value);
        break;
      default:
        break;
    }
  }

  #aboutPeer(timeUs: number, node: number, kind: ReportKind, peer: number): void {
    const attributes = { ...this.#node(node), 'mesh.peer_id': this.experiment.nameOf(peer) };
    if (kind === reportKinds.suspected)
      this.#log('mesh.failure.suspected', timeUs, 'warn', 'a peer is suspected', attributes);
    else if (kind === reportKinds.confirmed)
      this.#log('mesh.failure.confirmed', timeUs, 'warn', 'a peer is taken for dead', attributes);
    else if (kind === reportKinds.cleared)
      this.#log('mesh.failure.cleared', timeUs, 'info', 'a peer is taken for alive again', attributes);
    else if (kind === reportKinds.accused)
      this.#log('mesh.peer.ignored', timeUs, 'warn', 'a peer is ignored from now on', attributes);
    else this.#log('mesh.peer.pardoned', timeUs, 'info', 'a peer is listened to again', attributes);
  }

  #partitioned(timeUs: number, node: number, state: number): void {
    const status = partitionStates[state] ?? 'healthy';
    const before = this.#unwell.get(node);
    if (before !== undefined) this.#stateEnded(node, before, timeUs);
    if (state === 0) this.#unwell.delete(node);
    else this.#unwell.set(node, { state, sinceUs: timeUs });
    const attributes = { ...this.#node(node), 'partition.status': status };
    this.#log(
      'mesh.partition.changed',
      timeUs,
      state === 1 ? 'warn' : 'info',
      `the node is ${status}`,
      attributes,
    );
  }

  /** The run is over: what still lasts ends with it. */
  finish(endUs: number): void {
    const sorted = (keys: Iterable<number>): number[] => [...keys].sort((p, q) => p - q);
    for (const fault of sorted(this.#faults.keys())) this.#faultEnded(fault, endUs);
    for (const node of sorted(this.#unwell.keys())) {
      const before = this.#unwell.get(node);
      if (before !== undefined) this.#stateEnded(node, before, endUs);
    }
    for (const body of sorted(this.#spreading.keys())) this.#spreadEnded(body);
    this.#span({
      name: 'mesh.run',
      startUs: 0,
      endUs,
      attributes: { 'mesh.scenario': this.experiment.name },
    });
    for (const [name, count] of [...this.#written]) {
      if (count <= eachNameMax) continue;
      this.sink.log({
        name: 'mesh.telemetry.left_out',
        atUs: endUs,
        severity: 'warn',
        words: `${count - eachNameMax} more of ${name} are left out`,
        attributes: { 'mesh.left_out': name, 'mesh.left_out.count': count - eachNameMax },
      });
    }
  }

  // --- spans ---------------------------------------------------------------------------------------------------

  #faultEnded(fault: number, endUs: number): void {
    const startUs = this.#faults.get(fault);
    if (startUs === undefined) return;
    this.#faults.delete(fault);
    this.#span({ name: 'mesh.fault', startUs, endUs, attributes: this.#fault(fault) });
  }

  #stateEnded(node: number, { state, sinceUs }: { state: number; sinceUs: number }, endUs: number): void {
    const attributes = { ...this.#node(node), 'partition.status': partitionStates[state] ?? 'healthy' };
    this.#span({ name: 'mesh.partition', startUs: sinceUs, endUs, attributes });
  }

  #spreadEnded(body: number): void {
    const spreading = this.#spreading.get(body);
    if (spreading === undefined) return;
    this.#spreading.delete(body);
    const { startUs, lastUs, attributes, receivers } = spreading;
    this.#span({
      name: 'mesh.gossip.dissemination',
      startUs,
      endUs: lastUs,
      attributes: { ...attributes, 'mesh.gossip.receivers': receivers },
    });
  }

  // --- writing -------------------------------------------------------------------------------------------------

  #node(address: number): Record<string, AttributeValue> {
    const { experiment } = this;
    const { groupOf, groupRegions, layout } = experiment;
    const own = groupOf === undefined ? undefined : groupRegions?.[groupOf[address]];
    const region = own ?? layout.regions?.[address];
    const { hierarchy } = layout;
    return {
      'mesh.node_id': experiment.nameOf(address),
      ...(region !== undefined && { 'mesh.region': region }),
      ...(hierarchy !== undefined && { 'hierarchy.level': levelOf(hierarchy, address) }),
    };
  }

  #fault(position: number): Attributes {
    const { id, kind } = this.experiment.faults[position];
    return { 'mesh.fault.id': id, 'mesh.fault.kind': kind.name };
  }

  #mayWrite(name: string): boolean {
    const count = (this.#written.get(name) ?? 0) + 1;
    this.#written.set(name, count);
    return count <= eachNameMax;
  }

  #log(
    name: string,
    atUs: number,
    severity: TelemetryLog['severity'],
    words: string,
    attributes: Attributes,
  ): void {
    if (this.#mayWrite(name)) this.sink.log({ name, atUs, severity, words, attributes });
  }

  #span(span: TelemetrySpan): void {
    if (this.#mayWrite(`span ${span.name}`)) this.sink.span(span);
  }
}

/** 0 for a node that leads nothing, 1 for the head of a group of nodes, 2 for that of a group of groups, and so on. */
function levelOf(hierarchy: Hierarchy, address: number): number {
  const heads = hierarchy
    .candidaciesOf(address)
    .filter((group) => hierarchy.candidateAt(group, 0) === address);
  return heads.reduce((level, group) => Math.max(level, heightOf(hierarchy, group)), 0);
}

function heightOf(hierarchy: Hierarchy, group: number): number {
  return group < hierarchy.nodeGroupCount ? 1 : 1 + heightOf(hierarchy, hierarchy.memberAt(group, 0));
}
