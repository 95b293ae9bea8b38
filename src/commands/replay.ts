/** `mesh replay`: looks into a recorded run, proves that it repeats, and finds where two runs part. */
import { Args, Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { UserError, exitCodes } from '../core/base/errors.js';
import { quoteText, showText } from '../core/base/escape.js';
import { parseDuration } from '../core/base/units.js';
import type { EventWish } from '../core/app/replay.js';

/** Rows of a table, unless asked for more. */
const rowsDefault = 50;
/** Nodes and events in a JSON result, unless asked for more or fewer. */
const itemsDefault = 100_000;

const moment = Flags.custom<number>({
  helpValue: '<time>',
  parse: async (text, _context, options) => {
    const us = parseDuration(text);
    if (typeof us === 'number') return us;
    throw new UserError('bad-flag', { place: `--${options.name}`, ...us });
  },
});

const speed = Flags.custom<number>({
  helpValue: '<n>',
  parse: async (text) => {
    const value = /^[0-9]{1,5}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : NaN;
    if (value >= 0.001 && value <= 65_536) return value;
    throw new UserError('bad-flag', {
      place: '--speed',
      what: `${quoteText(text)} is not a speed`,
      expected: 'seconds of virtual time in one of real time, 0.001 to 65536',
    });
  },
});

/** Each asks another question; one at a time. */
const questions = ['verify', 'at', 'jsonl', 'against', 'live', 'speed'] as const;
/** Questions that choose among events can be narrowed. */
const narrowing = ['node', 'from', 'until', 'kind'] as const;

export default class ReplayCommand extends MeshCommand {
  static override summary = 'Look into a recorded run, prove that it repeats, or find where two runs part.';

  static override description = [
    'Reads a trace that mesh simulate --record has written. Without further flags it prints a summary: what happened how often, which faults lasted when, and the fingerprint.',
    'A trace that was cut is read as far as it is whole; the result says so, and the exit code is 4. --verify and --against exit with 3 when something differs.',
    'In the live view: space pauses, n or the right arrow steps, j jumps to the next fault or flag, + and - change the speed, r rewinds, q quits.',
  ].join('\n\n');

  static override examples = [
    { description: 'What happened?', command: '<%= config.bin %> <%= command.id %> run.trace' },
    { description: 'Does it repeat?', command: '<%= config.bin %> <%= command.id %> run.trace --verify' },
    {
      description: 'The network after 12.5 s',
      command: '<%= config.bin %> <%= command.id %> run.trace --at 12.5s',
    },
    {
      description: 'What one node found wrong',
      command: '<%= config.bin %> <%= command.id %> run.trace --node sensor-1 --kind flagged',
    },
    {
      description: 'Watch it, ten times as fast',
      command: '<%= config.bin %> <%= command.id %> run.trace --speed 10',
    },
    {
      description: 'Where do two runs part?',
      command: '<%= config.bin %> <%= command.id %> run.trace --against other.trace',
    },
  ];

  static override args = {
    trace: Args.string({ description: 'The trace; - is standard input.', required: true }),
  };

  static override flags = {
    verify: Flags.boolean({ summary: 'Run the recorded scenario again and compare fingerprints.' }),
    at: moment({ summary: 'Show the network at this moment of virtual time, such as 12.5s.' }),
    node: Flags.string({
      summary: 'Show what this node did and saw; with --at, how it was at that moment.',
      helpValue: '<id>',
    }),
    from: moment({ summary: 'Only events from this moment on.' }),
    until: moment({ summary: 'Only events up to this moment.' }),
    kind: Flags.string({
      summary: 'Only events of this kind, such as sent, flagged or crashed; may be given several times.',
      helpValue: '<kind>',
      multiple: true,
    }),
    jsonl: Flags.boolean({ summary: 'Print one JSON object an event.' }),
    against: Flags.string({
      summary: 'Find the first event that differs from this trace.',
      helpValue: '<trace>',
    }),
    live: Flags.boolean({ summary: 'Watch the run on the terminal.' }),
    speed: speed({ summary: 'Watch it with so many seconds of virtual time in one. Default 1.' }),
    limit: wholeNumber({ summary: `Rows of a table. Default ${rowsDefault}.` }),
  };

  protected async execute(): Promise<Outcome> {
    const { args, flags } = await this.parse(ReplayCommand);
    const path = args.trace;
    const asked = questions.filter((name) => flags[name] !== undefined && flags[name] !== false);
    const isLive = flags.live || flags.speed !== undefined;
    const narrowed = narrowing.filter((name) => flags[name] !== undefined);
    if (asked.length > (flags.live && flags.speed !== undefined ? 2 : 1)) {
      throw new UserError('bad-flag', {
        what: `${asked.map((name) => `--${name}`).join(' and ')} ask different questions`,
        expected: 'one of them',
        next: flags.jsonl && flags.at !== undefined ? 'Events up to a moment: --jsonl --until' : undefined,
      });
    }
    const idle = narrowed.filter((name) => !(name === 'node' && flags.at !== undefined));
    if (idle.length > 0 && asked.length > 0 && !flags.jsonl) {
      throw new UserError('bad-flag', {
        what: `--${idle[0]} chooses events and does nothing beside --${asked[0]}`,
        expected: 'one of them',
      });
    }
    if (this.json && (flags.jsonl || isLive)) {
      throw new UserError('bad-flag', {
        what: `--json does not go with --${flags.jsonl ? 'jsonl' : 'live'}`,
        expected: 'one of them',
      });
    }
    const limit = flags.limit ?? (this.json ? itemsDefault : rowsDefault);
    const wish: EventWish = {
      node: flags.node,
      kinds: flags.kind,
      fromUs: flags.from,
      untilUs: flags.until,
    };
    if (isLive) return this.#live(path, flags.speed ?? 1);
    if (flags.verify) return this.#verify(path);
    if (flags.at !== undefined) return this.#at(path, flags.at, limit, flags.node);
    if (flags.jsonl) return this.#lines(path, wish);
    if (flags.against !== undefined) return this.#against(path, flags.against);
    if (narrowed.length > 0) return this.#events(path, wish, limit);
    return this.#summary(path);
  }

  /** What use cases may have from us. */
  get #options(): { signal: AbortSignal; onProgress: (events: number) => void } {
    return { signal: this.interrupted, onProgress: (events) => this.progress(`${events} events`) };
  }

  async #summary(path: string): Promise<Outcome> {
    const { summariseTrace } = await import('../core/app/replay.js');
    const { summaryBlocks } = await import('../core/reports/replay.js');
    const summary = await summariseTrace(path, this.#options);
    return {
      result: { trace: path, ...summary },
      blocks: summaryBlocks(summary),
      exitCode: whole(summary.complete),
    };
  }

  async #verify(path: string): Promise<Outcome> {
    const { requireFile } = await import('../core/app/replay.js');
    const { verifyTrace } = await import('../core/app/replay-verify.js');
    const { verificationBlocks, verificationResult } = await import('../core/reports/replay-verify.js');
    const { runAgain } = await import('../core/app/replay-again.js');
    requireFile(path, '--verify');
    const verification = await verifyTrace(path, this.config.version, runAgain, this.#options);
    const { sameFingerprint, comparison } = verification;
    const differs = sameFingerprint === false || comparison?.divergence !== undefined;
    return {
      result: { trace: path, ...verificationResult(verification) },
      blocks: verificationBlocks(verification, showText(path)),
      exitCode: verification.summary.complete
        ? differs
          ? exitCodes.findings
          : exitCodes.done
        : exitCodes.incomplete,
    };
  }

  async #at(path: string, atUs: number, limit: number, node: string | undefined): Promise<Outcome> {
    const { networkAt } = await import('../core/app/replay.js');
    const { stateBlocks, stateResult } = await import('../core/reports/replay-state.js');
    const report = await networkAt(path, atUs, { ...this.#options, node });
    if (report.node !== undefined) {
      const { nodeAtResult, nodeBlocks } = await import('../core/reports/replay-node.js');
      return {
        result: { trace: path, ...nodeAtResult(report, report.node) },
        blocks: nodeBlocks(report, report.node),
        exitCode: whole(report.ending?.complete),
      };
    }
    return {
      result: { trace: path, ...stateResult(report, limit) },
      blocks: stateBlocks(report, limit),
      exitCode: whole(report.ending?.complete),
    };
  }

  async #events(path: string, wish: EventWish, limit: number): Promise<Outcome> {
    const { chooseEvents } = await import('../core/app/replay.js');
    const { eventsBlocks, eventsResult } = await import('../core/reports/replay-state.js');
    const report = await chooseEvents(path, wish, limit, this.#options);
    return {
      result: { trace: path, ...eventsResult(report) },
      blocks: eventsBlocks(report, wish.node !== undefined),
      exitCode: whole(report.ending?.complete),
    };
  }

  async #lines(path: string, wish: EventWish): Promise<Outcome> {
    const { writeEventLines } = await import('../core/app/replay.js');
    const write = (text: string): Promise<boolean> => this.output.write(text);
    const ending = await writeEventLines(path, wish, write, { signal: this.interrupted });
    if (ending?.complete === false && !this.interrupted.aborted) {
      this.note(
        `${showText(path)}: the trace is cut (${ending.problem}); ${ending.events} events are whole.`,
      );
    }
    return { result: {}, streamed: true, exitCode: whole(ending?.complete) };
  }

  async #against(path: string, other: string): Promise<Outcome> {
    const { compareTraces } = await import('../core/app/replay.js');
    const { comparisonBlocks, comparisonResult } = await import('../core/reports/replay.js');
    const comparison = await compareTraces(path, other);
    const { divergence, endingA, endingB } = comparison;
    const cut = endingA?.complete === false || endingB?.complete === false;
    return {
      result: { trace: path, against: other, ...comparisonResult(comparison) },
      blocks: comparisonBlocks(comparison, showText(path), showText(other)),
      exitCode: cut ? exitCodes.incomplete : divergence === undefined ? exitCodes.done : exitCodes.findings,
    };
  }

  async #live(path: string, speedFactor: number): Promise<Outcome> {
    const { requireTerminal } = await import('../cli/live-view-terminal.js');
    requireTerminal('Use --at or --jsonl instead.');
    const { requireFile } = await import('../core/app/replay.js');
    requireFile(path, '--live');
    const { LiveReplay } = await import('../core/app/replay-live.js');
    const { showLiveView } = await import('../cli/live-view.js');
    const replay = await LiveReplay.open(path);
    try {
      await showLiveView(replay, {
        speed: speedFactor,
        colour: this.output.colour,
        signal: this.interrupted,
        onInterruptKey: () => process.kill(process.pid, 'SIGINT'),
      });
    } finally {
      await replay.close();
    }
    return { result: {}, streamed: true };
  }
}

/** Undefined: the end was not asked for. */
function whole(complete: boolean | undefined): number {
  return complete === false ? exitCodes.incomplete : exitCodes.done;
}
