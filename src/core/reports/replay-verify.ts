/**
 * What `mesh replay --verify` says: the same bytes again, the first event that differs, how far a recording that stops early agrees, or
 * that somebody stopped the verification before it could say anything.
 */
import { bad, type Block, good, type Line, warn } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount } from '../base/units.js';
import type { Comparison } from '../trace/divergence.js';
import type { TraceOpening } from '../trace/header.js';
import type { TraceSummary } from '../trace/summary.js';
import { comparisonBlocks, comparisonResult, cutLine, shortSeconds } from './replay.js';

export interface VerificationReport {
  readonly summary: TraceSummary;
  readonly version: string;
  readonly fingerprint: string | null;
  readonly sameFingerprint: boolean | null;
  readonly comparison:
    (Comparison & { readonly openingA: TraceOpening; readonly openingB: TraceOpening }) | undefined;
  readonly comparedInPart: boolean;
  readonly stopped:
    { readonly during: 'reading' | 'running' | 'searching'; readonly atUs: number } | undefined;
}

export function verificationBlocks(report: VerificationReport, name: string): Block[] {
  const { summary, version, fingerprint, sameFingerprint, comparison, comparedInPart, stopped } = report;
  const lines: Line[] = [];
  if (sameFingerprint === true) lines.push(good('The run repeats: the fingerprints are the same.'));
  if (sameFingerprint === false) lines.push(bad('The run does not repeat: the fingerprints differ.'));
  if (stopped !== undefined) lines.push(...stopLines(stopped, summary));
  else if (sameFingerprint === null) lines.push(...partLines(report));
  if (summary.version !== version) {
    lines.push(warn(`The trace was written by mesh ${showText(summary.version)}, this is mesh ${version}.`));
  }
  if (comparedInPart) lines.push(warn('The run is long: only its first part was compared event by event.'));
  const blocks: Block[] = [{ kind: 'text', lines }];
  if (sameFingerprint !== null) {
    blocks.push({
      kind: 'facts',
      rows: [
        ['Recorded', summary.fingerprint ?? 'none'],
        ['Again', fingerprint ?? 'none'],
      ],
    });
  }
  // How far a recording that stops early agrees is said already, unless it does not.
  if (comparison !== undefined && (sameFingerprint !== null || comparison.divergence !== undefined))
    blocks.push(...comparisonBlocks(comparison, name, 'the new run'));
  return blocks;
}

function stopLines(
  { during, atUs }: NonNullable<VerificationReport['stopped']>,
  summary: TraceSummary,
): Line[] {
  const at = shortSeconds(atUs);
  if (during === 'searching') {
    return [warn(`The search for the first difference was interrupted at ${at} of the new run.`)];
  }
  const end = shortSeconds(
    summary.complete && !summary.interrupted && during === 'running' ? summary.stopTimeUs : summary.endUs,
  );
  return [
    warn(
      during === 'reading'
        ? `The verification was interrupted while it read the trace, at ${at} of virtual time.`
        : `The verification was interrupted at ${at} of the ${end} that were to run again.`,
    ),
    'Nothing is known yet: neither that the run repeats nor that it does not.',
  ];
}

/** Of a recording that stops before the end of its run. */
function partLines({ summary, comparison }: VerificationReport): Line[] {
  const { complete, endUs, stopTimeUs, problem, events } = summary;
  const reason: Line = complete
    ? warn(`The recorded run was stopped at ${shortSeconds(endUs)} of ${shortSeconds(stopTimeUs)}.`)
    : cutLine({ ...summary, problem: problem ?? undefined, events, fingerprint: undefined });
  const lines: Line[] = [reason, 'The new run went as far, and the events were compared.'];
  if (comparison === undefined || comparison.divergence !== undefined) return lines;
  const { common } = comparison;
  const same = `The first ${formatCount(common)} events are the same`;
  lines.push(good(common === events ? `${same}: all that were recorded.` : `${same}.`));
  return lines;
}

export function verificationResult(report: VerificationReport): object {
  const { summary, version, fingerprint, sameFingerprint, comparison, stopped } = report;
  return {
    same: sameFingerprint,
    recordedFingerprint: summary.fingerprint,
    fingerprint,
    recordedVersion: summary.version,
    version,
    complete: summary.complete && stopped === undefined,
    interrupted: stopped ?? null,
    comparison: comparison === undefined ? null : comparisonResult(comparison),
  };
}
