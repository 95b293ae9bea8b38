/** What `mesh replay --verify` says: the same bytes again, or the first event that differs. */
import { bad, type Block, good, type Line, warn } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import type { Comparison } from '../trace/divergence.js';
import type { TraceOpening } from '../trace/header.js';
import type { TraceSummary } from '../trace/summary.js';
import { comparisonBlocks, comparisonResult } from './replay.js';

export interface VerificationReport {
  readonly summary: TraceSummary;
  readonly version: string;
  readonly fingerprint: string;
  readonly sameFingerprint: boolean | null;
  readonly comparison:
    (Comparison & { readonly openingA: TraceOpening; readonly openingB: TraceOpening }) | undefined;
  readonly comparedInPart: boolean;
}

export function verificationBlocks(report: VerificationReport, name: string): Block[] {
  const { summary, version, fingerprint, sameFingerprint, comparison, comparedInPart } = report;
  const verdict: Line =
    sameFingerprint === null
      ? warn(
          `The ${summary.complete ? 'recorded run was stopped early' : 'trace was cut'}, so fingerprints prove nothing; the events are compared instead.`,
        )
      : sameFingerprint
        ? good('The run repeats: the fingerprints are the same.')
        : bad('The run does not repeat: the fingerprints differ.');
  const lines: Line[] = [verdict];
  if (summary.version !== version) {
    lines.push(warn(`The trace was written by mesh ${showText(summary.version)}, this is mesh ${version}.`));
  }
  if (comparedInPart) lines.push(warn('The run is long: only its first part was compared event by event.'));
  const blocks: Block[] = [
    { kind: 'text', lines },
    {
      kind: 'facts',
      rows: [
        ['Recorded', summary.fingerprint ?? 'none'],
        ['Again', fingerprint],
      ],
    },
  ];
  if (comparison !== undefined) blocks.push(...comparisonBlocks(comparison, name, 'the new run'));
  return blocks;
}

export function verificationResult(report: VerificationReport): object {
  const { summary, version, fingerprint, sameFingerprint, comparison } = report;
  return {
    same: sameFingerprint,
    recordedFingerprint: summary.fingerprint,
    fingerprint,
    recordedVersion: summary.version,
    version,
    complete: summary.complete,
    comparison: comparison === undefined ? null : comparisonResult(comparison),
  };
}
