/**
 * The last look at a run in Prometheus' text format, for the textfile collector of a node exporter, a push gateway, or `promtool`. Dots become
 * underscores, times become seconds, the unit goes to the end of the name, and what only grows ends with `_total`, as Prometheus' naming
 * rules ask.
 */
import type { Attributes, TelemetryResource, TelemetrySample } from '../model/telemetry.js';

const suffixes: Readonly<Record<string, string>> = {
  ms: 'seconds',
  '%': 'percent',
  '{message}/s': 'per_second',
};

function nameOf({ name, unit, kind }: TelemetrySample): string {
  // `_count` is the last word of histograms alone.
  const words = name.replace(/\.count$/, 's').replace(/[^a-zA-Z0-9]/g, '_');
  const suffix = suffixes[unit];
  const measured = suffix === undefined ? words : `${words}_${suffix}`;
  return kind === 'sum' ? `${measured}_total` : measured;
}

function quoted(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')}"`;
}

function labels(attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key.replace(/[^a-zA-Z0-9]/g, '_')}=${quoted(String(value))}`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** @param samples of the end of the run */
export function prometheusText(resource: TelemetryResource, samples: readonly TelemetrySample[]): string {
  const run = { scenario: resource.scenario, seed: String(resource.seed) };
  const lines: string[] = [];
  for (const sample of samples) {
    const name = nameOf(sample);
    lines.push(`# HELP ${name} ${sample.doc.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`);
    lines.push(`# TYPE ${name} ${sample.kind === 'sum' ? 'counter' : 'gauge'}`);
    for (const { value, attributes } of sample.points)
      lines.push(
        `${name}${labels({ ...run, ...attributes })} ${sample.unit === 'ms' ? value / 1000 : value}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
