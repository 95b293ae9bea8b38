/**
 * `mesh simulate --telemetry <folder>`: a run written down for other tools. Three files of OTLP JSON lines for an OpenTelemetry Collector, and
 * one of Prometheus text with the state at the end.
 */
import { version } from '../base/version.js';
import { makeFolder } from '../io/output-folder.js';
import type { TelemetryResource, TelemetrySample } from '../model/telemetry.js';
import { OtlpWriter } from '../reports/otlp.js';
import { prometheusText } from '../reports/prometheus.js';
import type { Simulation } from '../sim/simulation.js';
import { Telemetry } from '../sim/telemetry.js';

/** The files that appear in the folder. */
export const telemetryFiles = {
  metrics: 'metrics.jsonl',
  traces: 'traces.jsonl',
  logs: 'logs.jsonl',
  prometheus: 'metrics.prom',
} as const;

export interface TelemetryFiles {
  /** Listens to the run. */
  readonly telemetry: Telemetry;
  /** Writes what is known only at the end. */
  finish(endUs: number): void;
}

/**
 * @param openSheet opens one of the run's outputs
 * @throws UserError when the folder cannot be made, or a file in it exists
 */
export async function openTelemetry(
  folder: string,
  simulation: Simulation,
  openSheet: (path: string) => Promise<{ readonly add: (piece: string) => void }>,
): Promise<TelemetryFiles> {
  await makeFolder(folder);
  const open = (name: string): ReturnType<typeof openSheet> =>
    openSheet(`${folder.replace(/\/+$/, '')}/${name}`);
  const metrics = await open(telemetryFiles.metrics);
  const traces = await open(telemetryFiles.traces);
  const logs = await open(telemetryFiles.logs);
  const prometheus = await open(telemetryFiles.prometheus);
  const { experiment } = simulation;
  const resource: TelemetryResource = {
    scenario: experiment.name,
    seed: experiment.seed,
    version,
    nodes: experiment.nodeCount,
    epochMs: experiment.epochMs,
  };
  const writer = new OtlpWriter(resource);
  let last: readonly TelemetrySample[] = [];
  const telemetry = new Telemetry(
    experiment,
    {
      metrics: (atUs, samples) => {
        last = samples;
        metrics.add(writer.metrics(atUs, samples));
      },
      span: (span) => {
        traces.add(writer.span(span));
      },
      log: (log) => {
        logs.add(writer.log(log));
      },
    },
    () => simulation.rounds?.roundUs ?? simulation.cycleUs,
  );
  simulation.observations.onlookers.push(telemetry);
  return {
    telemetry,
    finish(endUs) {
      telemetry.finish(endUs);
      prometheus.add(prometheusText(resource, last));
    },
  };
}
