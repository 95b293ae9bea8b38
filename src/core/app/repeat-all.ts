/**
 * `mesh simulate` with repetitions or a sweep, and what else was asked for: the cells in a file, and everything a second time. The file
 * is opened before the runs, so that a wrong path costs no time.
 */
import { openOutput } from '../io/output-file.js';
import type { RepetitionDeterminism, RepetitionResult } from '../model/repetitions.js';
import { cellsCsv } from '../reports/repetitions-csv.js';
import { repeat, repeatAgain, type RepetitionRequest } from './repetitions.js';
import type { OpenScenario } from './simulate.js';

export interface RepeatAllRequest extends RepetitionRequest {
  /** Where to write a row for each variant. */
  readonly csv?: string;
  /** Do all runs twice and compare. */
  readonly checkDeterminism?: boolean;
}

export interface RepeatAllReport {
  readonly result: RepetitionResult;
  readonly determinism?: RepetitionDeterminism;
}

/** @throws UserError for whatever is wrong with the scenario, a variant or the output */
export async function repeatAll(request: RepeatAllRequest, scenario: OpenScenario): Promise<RepeatAllReport> {
  const { csv, file, force } = request;
  const sheet =
    csv === undefined ? undefined : await openOutput(csv, { force, inputs: file === '-' ? [] : [file] });
  try {
    const result = await repeat(request, scenario);
    await sheet?.write(cellsCsv(result));
    await sheet?.commit();
    const wanted = request.checkDeterminism === true && result.status !== 'interrupted';
    return { result, determinism: wanted ? await repeatAgain(request, scenario, result) : undefined };
  } catch (error) {
    await sheet?.discard();
    throw error;
  }
}
