/** `mesh observe`: checks recorded message logs, of any size and any quality. */
import { Args, Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { UserError } from '../core/base/errors.js';
import { quoteText } from '../core/base/escape.js';
import { parseDuration } from '../core/base/units.js';
import type { ObserveProgress } from '../core/app/observe.js';

/** Headings of `--help`, in the order in which a reader asks: which pattern, how the log is written, what of it, what else. */
const pattern = 'PATTERN';
const fields = 'LOG FORMAT';
const reading = 'READING';
const checks = 'CHECKS';
const outputs = 'OUTPUT';
const field = Flags.custom<string>({ helpValue: '<path>', helpGroup: fields });

export default class ObserveCommand extends MeshCommand {
  static override summary = 'Check recorded message logs: replays, forged values, gaps, damaged lines.';

  static override description = `Reads logs of one JSON object a line, of any size and any quality, and says of every line
whether it is healthy, and if not, why: wrong pattern values, repeated and replayed steps, two payloads under one
step, gaps, and lines that are no messages at all. Counts are exact; samples show the first findings.

Files are read in the order given; - is standard input. Names that end in .gz (and .zst where this Node can) are
unpacked. Logs of others are read with field flags or a profile: see examples/profiles.

Exit code 0: healthy. 3: findings. 4: input was lost on the way. 2: refused before work.`;

  static override examples = [
    {
      description: 'Is this log healthy? Where is the replay?',
      command: '<%= config.bin %> <%= command.id %> messages.jsonl',
    },
    {
      description: 'Every finding as a line of JSON',
      command: '<%= config.bin %> <%= command.id %> messages.jsonl --all',
    },
    {
      description: 'A LoRaWAN log',
      command:
        '<%= config.bin %> <%= command.id %> uplinks.ndjson.gz --profile examples/profiles/lorawan.yaml',
    },
    {
      description: 'Watch a log grow',
      command: '<%= config.bin %> <%= command.id %> messages.jsonl --follow',
    },
    {
      description: 'Signatures, and a page with a timeline',
      command: '<%= config.bin %> <%= command.id %> messages.jsonl --keys keys.json --report findings.html',
    },
  ];

  static override strict = false;

  static override args = {
    file: Args.string({ description: 'Logs, read in this order; - is standard input.', required: false }),
  };

  static override flags = {
    pattern: Flags.string({
      summary: 'Which pattern: digit-collapse (the default) or hmac.',
      helpValue: '<name>',
      helpGroup: pattern,
    }),
    seed: wholeNumber({
      min: 1,
      summary: 'Number that all nodes share, 1 to 2^53-1. Default 7.',
      helpGroup: pattern,
    }),
    interval: wholeNumber({
      min: 1,
      summary: 'Steps from one reset to the next. Default 100.',
      helpGroup: pattern,
    }),
    'key-file': Flags.string({
      summary: 'File with the key of a keyed pattern.',
      helpValue: '<path>',
      helpGroup: pattern,
    }),
    'no-pattern': Flags.boolean({ summary: 'Do not check pattern values.', helpGroup: pattern }),
    'no-data': Flags.boolean({ summary: 'Do not ask for a payload.', helpGroup: fields }),
    'no-timestamp': Flags.boolean({ summary: 'Do not look at timestamps.', helpGroup: fields }),
    resync: Flags.boolean({
      summary: 'Compare each line with the previous one of its sender: for counters that restart.',
      helpGroup: fields,
    }),
    profile: Flags.string({
      summary: 'YAML file that says how this log is written.',
      helpValue: '<path>',
      helpGroup: fields,
    }),
    'sender-field': field({ summary: 'Field with the sender; dots reach into objects.' }),
    'step-field': field({ summary: 'Field with the step; dots reach into objects.' }),
    'pattern-field': field({ summary: 'Field with the pattern value; dots reach into objects.' }),
    'data-field': field({ summary: 'Field with the payload; dots reach into objects.' }),
    'timestamp-field': field({ summary: 'Field with the timestamp in ms; dots reach into objects.' }),
    'max-jump': wholeNumber({
      min: 1,
      summary: 'Report steps further ahead of their sender.',
      helpGroup: checks,
    }),
    tolerance: wholeNumber({
      summary: 'Report steps further from the step most senders reached.',
      helpGroup: checks,
    }),
    'max-rate': wholeNumber({
      min: 1,
      summary: 'Report more messages of a sender in a second.',
      helpGroup: checks,
    }),
    'max-skew': Flags.string({
      summary: 'Report clocks further off, such as 5s.',
      helpValue: '<duration>',
      helpGroup: checks,
    }),
    keys: Flags.string({
      summary: 'File with keys of senders: check signatures.',
      helpValue: '<path>',
      helpGroup: checks,
    }),
    'from-line': wholeNumber({ min: 1, summary: 'Pass over the lines before this one.', helpGroup: reading }),
    since: Flags.string({
      summary: 'Pass over what is before this time: 2026-01-31T12:00:00Z or ms since 1970.',
      helpValue: '<time>',
      helpGroup: reading,
    }),
    follow: Flags.boolean({
      summary: 'Keep reading as the file grows, and print findings as they come.',
      exclusive: ['json'],
      helpGroup: reading,
    }),
    'max-samples': wholeNumber({
      default: 100,
      max: 10_000_000,
      summary: 'Findings kept as samples; all are counted.',
      helpGroup: outputs,
    }),
    'max-line-bytes': wholeNumber({
      default: 67_108_864,
      min: 1,
      max: 1_073_741_824,
      summary: 'Longest line that is read.',
      helpGroup: reading,
    }),
    workers: wholeNumber({
      min: 1,
      max: 64,
      summary: 'Threads that scan a large file. The result is the same for any number.',
      helpGroup: reading,
    }),
    all: Flags.boolean({
      summary: 'Print every finding as a line of JSON instead of the summary.',
      exclusive: ['json', 'csv'],
      helpGroup: outputs,
    }),
    csv: Flags.boolean({
      summary: 'Print every finding as CSV instead of the summary.',
      exclusive: ['json'],
      helpGroup: outputs,
    }),
    junit: Flags.string({ summary: 'Write JUnit XML for CI.', helpValue: '<path>', helpGroup: outputs }),
    markdown: Flags.string({
      summary: 'Write a summary in Markdown.',
      helpValue: '<path>',
      helpGroup: outputs,
    }),
    report: Flags.string({
      summary: 'Write an HTML page with a timeline of findings.',
      helpValue: '<path>',
      helpGroup: outputs,
    }),
    force: Flags.boolean({ summary: 'Replace output files that exist.', helpGroup: outputs }),
  };

  protected async execute(): Promise<Outcome> {
    const { argv, flags } = await this.parse(ObserveCommand);
    const files = argv.map(String);
    const stray = files.find((file) => file.startsWith('--'));
    if (stray !== undefined)
      throw new UserError('bad-flag', { what: `unknown flag ${quoteText(stray)}`, next: 'See --help.' });
    if (files.length === 0) {
      throw new UserError('bad-flag', {
        what: 'no log is named',
        expected: 'a file, or - for standard input',
      });
    }
    const { observeSession, keyVariable } = await import('../core/app/observe-session.js');
    const stream = flags.all ? 'json' : flags.csv ? 'csv' : flags.follow ? 'text' : undefined;
    const { result, blocks, exitCode } = await observeSession(
      {
        files,
        pattern: flags.pattern,
        seed: flags.seed,
        interval: flags.interval,
        keyFile: flags['key-file'],
        keyText: process.env[keyVariable],
        noPattern: flags['no-pattern'],
        noData: flags['no-data'],
        noTimestamp: flags['no-timestamp'],
        resync: flags.resync ? true : undefined,
        profile: flags.profile,
        fields: given({
          sender: flags['sender-field'],
          step: flags['step-field'],
          pattern: flags['pattern-field'],
          data: flags['data-field'],
          timestamp: flags['timestamp-field'],
        }),
        maxJump: flags['max-jump'],
        tolerance: flags.tolerance,
        maxRate: flags['max-rate'],
        maxSkewMs: durationMs('--max-skew', flags['max-skew']),
        keys: flags.keys,
        maxSamples: flags['max-samples'],
        maxLineBytes: flags['max-line-bytes'],
        workers: flags.workers,
        follow: flags.follow,
        fromLine: flags['from-line'],
        sinceMs: timeMs('--since', flags.since),
        junit: flags.junit,
        markdown: flags.markdown,
        report: flags.report,
        force: flags.force,
      },
      {
        stream,
        write: (text) => this.output.write(text),
        onProgress: (progress) => this.progress(progressText(progress, performance.now())),
        signal: this.interrupted,
      },
    );
    for (const hint of flags.all || flags.csv ? result.hints : []) this.note(hint);
    const written = [flags.junit, flags.markdown, flags.report];
    if (!this.json) return { result, blocks, exitCode, streamed: flags.all || flags.csv, written };
    const { safeJson } = await import('../core/base/safe-json.js');
    await this.output.write(`${safeJson(result)}\n`);
    return { result, exitCode, streamed: true };
  }
}

/** Only what was said. */
function given(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function durationMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const reading = parseDuration(text);
  if (typeof reading === 'number') return reading / 1000;
  throw new UserError('bad-flag', {
    place: flag,
    what: `${quoteText(text)} is not a duration`,
    expected: 'such as 5s or 250ms',
  });
}

function timeMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^-?\d{1,16}$/.test(text)
    ? Number(text)
    : /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text)
      ? Date.parse(text)
      : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new UserError('bad-flag', {
    place: flag,
    what: `${quoteText(text)} is not a time`,
    expected: 'such as 2026-01-31T12:00:00Z (UTC), or milliseconds since 1970',
  });
}

function progressText({ bytes, bytesTotal, lines, findings }: ObserveProgress, nowMs: number): string {
  const mega = (value: number): string => (value / 1e6).toFixed(0);
  const rate = bytes / Math.max(1, nowMs - startedMs);
  const found = `${lines} lines, ${findings} findings, ${mega(rate * 1000)} MB/s`;
  if (bytesTotal === undefined) return `${mega(bytes)} MB, ${found}`;
  const leftSeconds = Math.ceil(Math.max(0, bytesTotal - bytes) / Math.max(1, rate) / 1000);
  return `${mega(bytes)} of ${mega(bytesTotal)} MB, ${found}, ${leftSeconds} s left`;
}

const startedMs = performance.now();
