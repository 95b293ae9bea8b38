/**
 * One run of `mesh observe` from flags to files: profile, keys and outputs are opened before anything is read, findings
 * are written as they come, and reports appear whole at the end or not at all.
 */
import type { Block } from '../base/blocks.js';
import { UserError, exitCodes } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import { safeJson } from '../base/safe-json.js';
import { keyFromText, readKeyFile } from '../io/key-file.js';
import { readSmallFile } from '../io/small-file.js';
import { expandGlobs } from '../io/globs.js';
import { openOutput, type OutputFile } from '../io/output-file.js';
import { readSignatureKeys } from '../io/signature-keys.js';
import { threadsOfMachine } from '../io/workers.js';
import { patternDefaults } from '../model/pattern.js';
import type { LogSample } from '../parts/log-tally.js';
import { patterns } from '../patterns/registry.js';
import { csvHead, csvRow } from '../reports/observe-csv.js';
import { observeHtml } from '../reports/observe-html.js';
import { observeJunit } from '../reports/observe-junit.js';
import { observeMarkdown } from '../reports/observe-markdown.js';
import type { ObserveResult } from '../reports/observe-result.js';
import { observeBlocks } from '../reports/observe.js';
import { type LogProfile, readLogProfile } from '../scenario/log-profile.js';
import { type ObserveProgress, type ObserveRequest, explanations, observe } from './observe.js';

/** Samples that a page with a timeline draws. */
const reportSamples = 10_000;
const threadsMax = 4;
/** The variable of the environment that may hold the key of a keyed pattern. */
export const keyVariable = 'MESH_PATTERN_KEY';

/** What the user said. Undefined: nothing, so that a profile may speak. */
export interface ObserveFlags {
  readonly files: readonly string[];
  readonly pattern?: string;
  readonly seed?: number;
  readonly interval?: number;
  readonly keyFile?: string;
  readonly keyText?: string;
  readonly noPattern?: boolean;
  readonly noData?: boolean;
  readonly noTimestamp?: boolean;
  readonly resync?: boolean;
  readonly profile?: string;
  readonly fields: LogProfile['fields'];
  readonly maxJump?: number;
  readonly tolerance?: number;
  readonly maxRate?: number;
  readonly maxSkewMs?: number;
  readonly keys?: string;
  readonly maxSamples: number;
  readonly maxLineBytes: number;
  readonly workers?: number;
  readonly follow?: boolean;
  readonly fromLine?: number;
  readonly sinceMs?: number;
  readonly junit?: string;
  readonly markdown?: string;
  readonly report?: string;
  readonly force?: boolean;
}

export interface ObserveStreams {
  /** How findings are written as they come; undefined: they are not. */
  readonly stream?: 'json' | 'csv' | 'text';
  /** Standard output; false when nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>;
  readonly onProgress: (progress: ObserveProgress) => void;
  readonly signal: AbortSignal;
}

export interface ObserveOutcome {
  readonly result: ObserveResult;
  readonly blocks: readonly Block[];
  readonly exitCode: number;
}

/** @throws UserError for everything that is refused before work, and for outputs that are lost */
export async function observeSession(flags: ObserveFlags, streams: ObserveStreams): Promise<ObserveOutcome> {
  const files = await expandGlobs(flags.files);
  const request = await requestOf(flags, files);
  const inputs = files.filter((file) => file !== '-');
  const outputs = new Map<string, OutputFile>();
  try {
    for (const [kind, path] of [
      ['junit', flags.junit],
      ['markdown', flags.markdown],
      ['report', flags.report],
    ] as const) {
      if (path !== undefined) outputs.set(kind, await openOutput(path, { force: flags.force, inputs }));
    }
    const pieces: string[] = [];
    const flush = async (): Promise<boolean> => {
      if (pieces.length === 0) return true;
      return streams.write(pieces.splice(0).join(''));
    };
    if (streams.stream === 'csv') pieces.push(csvHead);
    const { stream } = streams;
    const result = await observe({
      ...request,
      onFinding: stream === undefined ? undefined : (sample) => void pieces.push(lineOf(sample, stream)),
      onChunk: stream === undefined ? undefined : flush,
      onProgress: streams.onProgress,
      signal: streams.signal,
    });
    await flush();
    const said = explanations(result);
    await outputs.get('junit')?.write(observeJunit(result, said));
    await outputs.get('markdown')?.write(observeMarkdown(result, said));
    await outputs.get('report')?.write(observeHtml(result, said));
    for (const output of outputs.values()) await output.commit();
    const shown = { ...result, samples: result.samples.slice(0, flags.maxSamples) };
    const omitted = result.samplesOmitted + result.samples.length - shown.samples.length;
    const trimmed = { ...shown, samplesOmitted: omitted };
    return { result: trimmed, blocks: observeBlocks(trimmed, said), exitCode: exitCodeOf(result) };
  } finally {
    for (const output of outputs.values()) await output.discard();
  }
}

function exitCodeOf(result: ObserveResult): number {
  if (!result.complete) return exitCodes.incomplete;
  return result.wellFormed !== result.valid || result.malformed > 0 ? exitCodes.findings : exitCodes.done;
}

function lineOf(sample: LogSample, stream: 'json' | 'csv' | 'text'): string {
  if (stream === 'json') return `${safeJson(sample)}\n`;
  if (stream === 'csv') return csvRow(sample, (text) => showText(text, 1000));
  const where = sample.file === undefined ? '' : `${showText(sample.file)}:`;
  const sender = sample.senderId === null ? '' : ` ${quoteText(sample.senderId, 60)}`;
  return `${where}${sample.line}: ${sample.kind}${sender}: ${sample.message}\n`;
}

async function requestOf(flags: ObserveFlags, files: readonly string[]): Promise<ObserveRequest> {
  const profile: LogProfile =
    flags.profile === undefined
      ? { fields: {} }
      : readLogProfile(await readSmallFile(flags.profile), flags.profile);
  if (flags.follow === true && (files.length !== 1 || files[0] === '-')) {
    throw new UserError('bad-flag', {
      place: '--follow',
      what: 'only one file can be followed',
      expected: 'one path',
    });
  }
  const checksPattern = flags.noPattern === true ? false : (profile.pattern ?? true);
  const isStreamed = flags.follow === true;
  return {
    files,
    pattern: flags.pattern,
    seed: flags.seed,
    phaseResetInterval: flags.interval,
    patternKey: checksPattern ? await patternKey(flags) : undefined,
    checksPattern,
    keys: flags.keys === undefined ? undefined : await readSignatureKeys(flags.keys),
    threads: isStreamed ? 1 : (flags.workers ?? Math.min(threadsMax, threadsOfMachine)),
    fromLine: flags.fromLine,
    sinceMs: flags.sinceMs,
    follow: flags.follow,
    validator: {
      fields: { ...profile.fields, ...flags.fields },
      needsData: flags.noData === true ? false : (profile.data ?? true),
      readsTimestamp: flags.noTimestamp === true ? false : (profile.timestamp ?? true),
      resync: flags.resync ?? profile.resync ?? false,
      jumpMax: flags.maxJump ?? profile.maxJump,
      tolerance: flags.tolerance ?? profile.tolerance,
      rateMax: flags.maxRate ?? profile.maxRate,
      skewMsMax: flags.maxSkewMs ?? profile.maxSkewMs,
      lineBytesMax: flags.maxLineBytes,
      samplesMax: flags.report === undefined ? flags.maxSamples : Math.max(flags.maxSamples, reportSamples),
    },
  };
}

async function patternKey(flags: ObserveFlags): Promise<Uint8Array | undefined> {
  const kind = patterns.get(flags.pattern ?? patternDefaults.name);
  if (!kind.keyed) {
    if (flags.keyFile === undefined) return undefined;
    throw new UserError('bad-flag', {
      place: '--key-file',
      what: `the pattern ${kind.name} has no key`,
      next: 'Leave it out; keys for signatures are given with --keys.',
    });
  }
  if (flags.keyFile !== undefined) return readKeyFile(flags.keyFile);
  if (flags.keyText !== undefined) return keyFromText(flags.keyText, keyVariable);
  throw new UserError('missing-key', {
    what: `the pattern ${kind.name} needs a key`,
    next: `Name a file with --key-file, or set ${keyVariable}.`,
  });
}
