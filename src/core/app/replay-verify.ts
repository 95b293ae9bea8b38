/**
 * `mesh replay --verify`: the recorded scenario is run again and held against the recording. A whole recording is proved by its
 * fingerprint. One that stops early is compared event by event, and the new run stops where the recording does: what nobody wrote down
 * cannot be verified. Whoever interrupts us gets no verdict that we did not reach.
 */
import type { Sink } from '../trace/frame-writer.js';
import type { TraceOpening } from '../trace/header.js';
import { TraceCursor } from '../trace/cursor.js';
import type { TraceSummary } from '../trace/summary.js';
import {
  compareOpen,
  openTrace,
  summariseTrace,
  type ReplayOptions,
  type TraceComparison,
} from './replay.js';

/** Where a verification was when somebody stopped it, and how far that part of it had come. */
export interface VerificationStop {
  /** `reading` the trace, `running` the scenario again, or `searching` for the first difference with another run. */
  readonly during: 'reading' | 'running' | 'searching';
  /** Virtual time, in microseconds. */
  readonly atUs: number;
}

/** What came of running a recorded scenario again. */
export interface Verification {
  /** Of a reading that was stopped, as far as it went. */
  readonly summary: TraceSummary;
  /** Version of mesh that ran it now. */
  readonly version: string;
  /** Null unless the new run came to its end. */
  readonly fingerprint: string | null;
  /**
   * Null when there is nothing to compare: the trace was cut, the recorded run was stopped, or the verification was. In the first two
   * cases `comparison` says how far the runs agree.
   */
  readonly sameFingerprint: boolean | null;
  /** Present when the fingerprints differ or one is missing, and the verification came to its end. */
  readonly comparison: TraceComparison | undefined;
  /** True when so many events were recorded that only the first of them were compared. */
  readonly comparedInPart: boolean;
  /** Present when somebody stopped the verification. */
  readonly stopped: VerificationStop | undefined;
}

/**
 * Runs what a trace says, from its scenario, its seed and its files alone.
 * @returns the fingerprint of the new run, whether it came to its end or to `untilUs`, and how far it came
 */
export type RunAgain = (
  opening: TraceOpening,
  options: {
    /** Takes the trace of the new run. */
    readonly record?: Sink;
    /** Microseconds of virtual time after which nothing is of interest. */
    readonly untilUs?: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: (events: number) => void;
  },
) => Promise<{ readonly fingerprint: string; readonly finished: boolean; readonly nowUs: number }>;

/** Of a run that differs, so much is kept to find out where. */
const recordBytesMax = 512 * 1024 * 1024;

/**
 * Runs the embedded scenario again and compares fingerprints; when they differ, once more with recording, to find where. A recording
 * that stops early is compared event by event at once.
 * @param version of mesh, now
 */
export async function verifyTrace(
  path: string,
  version: string,
  runAgain: RunAgain,
  options: ReplayOptions = {},
): Promise<Verification> {
  const summary = await summariseTrace(path, options);
  const nothing = {
    summary,
    version,
    fingerprint: null,
    sameFingerprint: null,
    comparison: undefined,
    comparedInPart: false,
    stopped: undefined,
  };
  if (options.signal?.aborted === true) {
    return { ...nothing, stopped: { during: 'reading', atUs: summary.endUs } };
  }
  const first = await openTrace(path);
  const { opening } = first.cursor;
  await first.close();
  const isWhole = summary.fingerprint !== null && !summary.interrupted;
  if (!isWhole) return search(path, nothing, runAgain, opening, options);
  const { fingerprint, finished, nowUs } = await runAgain(opening, options);
  if (!finished) return { ...nothing, stopped: { during: 'running', atUs: nowUs } };
  const sameFingerprint = summary.fingerprint === fingerprint;
  const result = { ...nothing, fingerprint, sameFingerprint };
  return sameFingerprint ? result : search(path, result, runAgain, opening, options);
}

/** Runs with recording, as far as there is something to compare with, and looks for the first difference. */
async function search(
  path: string,
  result: Verification,
  runAgain: RunAgain,
  opening: TraceOpening,
  { signal, onProgress }: ReplayOptions,
): Promise<Verification> {
  const { summary, sameFingerprint } = result;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const { finished, nowUs } = await runAgain(opening, {
    signal,
    onProgress,
    untilUs: sameFingerprint === null ? summary.endUs : undefined,
    record: (piece) => {
      if (bytes < recordBytesMax) pieces.push(piece);
      bytes += piece.length;
    },
  });
  if (!finished) {
    const during = sameFingerprint === null ? 'running' : 'searching';
    return { ...result, stopped: { during, atUs: nowUs } };
  }
  const trace = await openTrace(path);
  try {
    const again = await TraceCursor.open(pieces, 'the new run');
    return {
      ...result,
      comparison: await compareOpen(trace.cursor, again),
      comparedInPart: bytes >= recordBytesMax,
    };
  } finally {
    await trace.close();
  }
}
