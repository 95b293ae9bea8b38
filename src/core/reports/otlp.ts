/**
 * Telemetry as OTLP JSON lines, one kind a file, as the file receiver of an OpenTelemetry Collector reads them: metrics, traces, logs. Times
 * are those of the simulated network, counted from its `epoch`; the resource says so, since no clock on a wall ever showed them.
 *
 * Source: OpenTelemetry specification, "OTLP/JSON Protobuf encoding" and "File exporter": field names in camelCase, 64-bit integers as
 * strings, enumerations as numbers, ids as hexadecimal digits.
 */
import { textFingerprint } from '../base/digest.js';
import type {
  Attributes,
  TelemetryLog,
  TelemetryResource,
  TelemetrySample,
  TelemetrySpan,
} from '../model/telemetry.js';

const cumulative = 2;
const internalSpan = 1;
const severities = { info: { number: 9, text: 'INFO' }, warn: { number: 13, text: 'WARN' } } as const;

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

/** Writes the lines of one run. Lines end with a line feed. */
export class OtlpWriter {
  readonly #resource: object;
  readonly #scope: object;
  readonly #traceId: string;
  readonly #runSpanId: string;
  readonly #epochNs: bigint;
  #spans = 0;

  constructor(resource: TelemetryResource) {
    const { scenario, seed, version, nodes, epochMs } = resource;
    this.#resource = {
      attributes: attributesOf({
        'service.name': 'mesh',
        'service.version': version,
        'mesh.scenario': scenario,
        'mesh.seed': seed,
        'mesh.node.count': nodes,
        'mesh.time': 'virtual',
      }),
    };
    this.#scope = { name: 'mesh', version };
    // The same run has the same ids: whoever imports it twice finds it once.
    const run = `${version} ${scenario} ${seed} ${nodes}`;
    this.#traceId = textFingerprint(`trace ${run}`) + textFingerprint(`run ${run}`);
    this.#runSpanId = this.#spanId(0);
    this.#epochNs = BigInt(Math.round(epochMs)) * 1_000_000n;
  }

  metrics(atUs: number, samples: readonly TelemetrySample[]): string {
    const timeUnixNano = this.#time(atUs);
    const startTimeUnixNano = this.#time(0);
    const metrics = samples.map(({ name, unit, kind, doc, points }) => {
      const dataPoints = points.map(({ value, attributes }) => ({
        attributes: attributesOf(attributes),
        ...(kind === 'sum' ? { startTimeUnixNano } : {}),
        timeUnixNano,
        ...(Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value }),
      }));
      const data =
        kind === 'sum'
          ? { sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true } }
          : { gauge: { dataPoints } };
      return { name, description: doc, unit, ...data };
    });
    return this.#line('resourceMetrics', 'scopeMetrics', { metrics });
  }

  span({ name, startUs, endUs, attributes }: TelemetrySpan): string {
    const isRun = name === 'mesh.run';
    const span = {
      traceId: this.#traceId,
      spanId: isRun ? this.#runSpanId : this.#spanId(++this.#spans),
      ...(isRun ? {} : { parentSpanId: this.#runSpanId }),
      name,
      kind: internalSpan,
      startTimeUnixNano: this.#time(startUs),
      endTimeUnixNano: this.#time(endUs),
      attributes: attributesOf(attributes),
      status: {},
    };
    return this.#line('resourceSpans', 'scopeSpans', { spans: [span] });
  }

  log({ name, atUs, severity, words, attributes }: TelemetryLog): string {
    const record = {
      timeUnixNano: this.#time(atUs),
      observedTimeUnixNano: this.#time(atUs),
      severityNumber: severities[severity].number,
      severityText: severities[severity].text,
      eventName: name,
      body: { stringValue: words },
      attributes: attributesOf({ 'event.name': name, ...attributes }),
      traceId: this.#traceId,
      spanId: this.#runSpanId,
    };
    return this.#line('resourceLogs', 'scopeLogs', { logRecords: [record] });
  }

  #line(top: string, scopes: string, content: object): string {
    const data = { [top]: [{ resource: this.#resource, [scopes]: [{ scope: this.#scope, ...content }] }] };
    return `${JSON.stringify(data)}\n`;
  }

  #time(us: number): string {
    return String(this.#epochNs + BigInt(Math.round(us)) * 1000n);
  }

  /** Sixteen digits that are never all zero, and different for each number of one run. */
  #spanId(number: number): string {
    return textFingerprint(`${this.#traceId} ${number}`).replace(/^0{16}$/, '0000000000000001');
  }
}
