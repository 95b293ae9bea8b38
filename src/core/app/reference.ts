/**
 * `mesh bench --reference`: is mesh right? Runs the scenarios in `reference/`, which never change, and puts what comes out beside what
 * must, each with its interval. The fingerprint of each tells whether two machines computed the very same.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { sqrt } from '../base/math.js';
import { suggest } from '../base/suggest.js';
import { version } from '../base/version.js';
import type { ReferenceReport, ReferenceRow } from '../model/reference.js';
import type { MetricSummary } from '../model/repetitions.js';
import { references, type Reference } from './reference-expectations.js';
import { repeat } from './repetitions.js';
import { openScenario } from './simulate.js';

export interface ReferenceRequest {
  /** The folder with the scenarios. */
  readonly folder: string;
  /** Only scenarios whose name contains this. */
  readonly filter?: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** Standard errors that a mean may be away from its expectation. */
const errorsAllowed = 3.3;

/** @throws UserError `unknown-kind` when the filter leaves nothing */
export async function runReferences(request: ReferenceRequest): Promise<ReferenceReport> {
  const { folder, filter, jobs, signal, onProgress } = request;
  const wanted = references.filter(({ name }) => filter === undefined || name.includes(filter));
  if (wanted.length === 0) {
    const names = references.map(({ name }) => name);
    const near = suggest(filter ?? '', [...names, ...names.flatMap((name) => name.split('-'))]);
    throw new UserError('unknown-kind', {
      place: '--filter',
      what: `no reference scenario has a name with ${quoteText(filter ?? '')} in it`,
      expected: `a part of ${names.join(', ')}`,
      next: near === undefined ? undefined : `Did you mean ${near}?`,
    });
  }
  const rows: ReferenceRow[] = [];
  const all = wanted.length;
  let finished = 0;
  for (const reference of wanted) {
    const file = `${folder}/${reference.name}.yaml`;
    const scenario = openScenario({ file });
    const { repetitions } = scenario;
    const result = await repeat(
      {
        file,
        repetitions,
        jobs,
        signal,
        onProgress: (done, runs) => onProgress?.(`${reference.name}: run ${done} of ${runs}`),
      },
      scenario,
    );
    if (result.status === 'interrupted') return { version, complete: false, finished, wanted: all, rows };
    finished++;
    rows.push(...rowsOf(reference, result.cells, repetitions));
  }
  return { version, complete: true, finished, wanted: all, rows };
}

function rowsOf(
  { name, source, expectations }: Reference,
  cells: Awaited<ReturnType<typeof repeat>>['cells'],
  repetitions: number,
): ReferenceRow[] {
  return expectations.map(({ set, metric, mean: expected, bias }) => {
    const cell = cells.find((other) => other.set.join() === set.join());
    const summary: MetricSummary | undefined = cell?.summary[metric];
    const { mean = null, deviation = null, low = null, high = null, missing = repetitions } = summary ?? {};
    const tolerance = bias + (errorsAllowed * (deviation ?? 0)) / sqrt(Math.max(1, repetitions - missing));
    return {
      name,
      set,
      metric,
      source,
      runs: repetitions,
      mean,
      low,
      high,
      missing,
      expected,
      bias,
      tolerance,
      agrees: mean !== null && missing === 0 && Math.abs(mean - expected) <= tolerance,
      fingerprint: cell?.fingerprint ?? '',
    };
  });
}
