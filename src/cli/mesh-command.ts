/**
 * The manners of every command. A command says what it is and implements `execute`; this class sees to `--json`, colours,
 * errors and exit codes, signals, progress and an output that loses nothing. A command stays a few lines: flags in, one
 * use case, a result out.
 */
import { writeSync } from 'node:fs';
import { Command, type Interfaces } from '@oclif/core';
import type { Block } from '../core/base/blocks.js';
import { UserError, exitCodes } from '../core/base/errors.js';
import { safeJson } from '../core/base/safe-json.js';
import { jsonFlag } from './flags.js';
import { Interruption } from './interruption.js';
import { describeMishap, unknownFlag } from './mishaps.js';
import { Output, columnsDefault } from './output.js';
import { Progress } from './progress.js';

/** What a command comes back with. */
export interface Outcome {
  /** Printed as one line of JSON with `--json`; always an object. */
  readonly result: object;
  /** What is painted without `--json`. Nothing is fine. */
  readonly blocks?: readonly Block[];
  /** Default 0; see `exitCodes`. */
  readonly exitCode?: number;
  /** True when the command has written all of its output itself, through `this.output`. */
  readonly streamed?: boolean;
  /** Files and folders that were written besides, as the user named them: said on stderr, unless a program listens (`--json`). */
  readonly written?: readonly (string | undefined)[];
}

/** Flags or arguments by name. */
type Words = Record<string, unknown>;

export abstract class MeshCommand extends Command {
  static override baseFlags = { json: jsonFlag };

  #interruption = new Interruption();
  #output = new Output(this.#interruption);
  #progress = new Progress();

  /** The work. Parse with `await this.parse(ThisClass)`, import the use case here, and return what it found. */
  protected abstract execute(): Promise<Outcome>;

  /** Standard output, awaited and lossless. Only for commands that stream; others return blocks. */
  protected get output(): Output {
    return this.#output;
  }

  /** Aborted at the first SIGINT or SIGTERM: finish the record at hand and return. */
  protected get interrupted(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Whether `--json` was given; known even when the other flags make no sense. */
  protected get json(): boolean {
    const end = this.argv.indexOf('--');
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes('--json');
  }

  /** Shows what is being done, on a terminal, once it has taken about a second. */
  protected progress(text: string): void {
    this.#progress.show(text);
  }

  /** Says something on the side, on stderr: one line, foreign text escaped already. */
  protected note(line: string): void {
    say(`mesh ${this.id ?? ''}: ${line}`);
  }

  /** Runs `execute` and says how it went. Never throws: sets `process.exitCode`. */
  async run(): Promise<void> {
    let exitCode: number = exitCodes.done;
    try {
      const outcome = await this.#work();
      exitCode = outcome.exitCode ?? exitCodes.done;
      if (outcome.streamed !== true) await this.#speak(outcome);
      if (outcome.written !== undefined && !this.json) await this.#tellWritten(outcome.written);
    } catch (error) {
      const mishap = describeMishap(error, Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags }));
      exitCode = mishap.exitCode;
      mishap.lines.forEach((line) => this.note(line));
      if (this.json) await this.#output.writeLast(`${safeJson(mishap.envelope)}\n`).catch(() => undefined);
    }
    // A signal outranks the outcome; a reader that has left is content with what it got.
    process.exitCode = this.#interruption.exitCode ?? (this.#output.readerLeft ? exitCodes.done : exitCode);
    // A reader that has paused for ever must not keep an interrupted command alive.
    if (this.#output.abandoned) process.exit(process.exitCode);
  }

  protected override async parse<F extends Words, B extends Words, A extends Words>(
    options?: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    // Where NODE_ENV says that this is no production, it would complain of a command line that could not be parsed.
    this.parsed = true;
    // The framework keeps flags in a plain object, in which names such as "constructor" seem to exist.
    const end = argv.indexOf('--');
    for (const word of end === -1 ? argv : argv.slice(0, end)) {
      const name = /^--([^=]+)/.exec(word)?.[1] ?? '';
      if (name in Object.prototype) throw new UserError('bad-flag', unknownFlag(word, []));
      // It would take --force=yes for an argument, and complain of the next one.
      if (word.includes('=') && { ...this.ctor.baseFlags, ...this.ctor.flags }[name]?.type === 'boolean')
        throw new UserError('bad-flag', {
          place: `--${name}`,
          what: 'it takes no value',
          next: 'Leave out what follows the =',
        });
    }
    // It also reads missing arguments from standard input, which is not ours to take.
    for (const argument of Object.values(this.ctor.args)) argument.ignoreStdin = true;
    return super.parse(options, argv);
  }

  /** `execute`, with signals and progress looked after. */
  async #work(): Promise<Outcome> {
    this.#interruption.listen();
    try {
      return await this.execute();
    } finally {
      await this.#progress.end();
      await this.#interruption.stop();
    }
  }

  async #tellWritten(paths: NonNullable<Outcome['written']>): Promise<void> {
    if (paths.every((path) => path === undefined)) return;
    const { writtenLine } = await import('./written.js');
    const line = writtenLine(paths);
    if (line !== undefined) this.note(line);
  }

  async #speak(outcome: Outcome): Promise<void> {
    if (this.json) {
      await this.#output.writeLast(`${safeJson(outcome.result)}\n`);
    } else if (outcome.blocks !== undefined && outcome.blocks.length > 0) {
      const { paint } = await import('./paint.js');
      const columns = this.#output.terminalColumns ?? columnsDefault;
      await this.#output.writeLast(await paint(outcome.blocks, { columns, colour: this.#output.colour }));
    }
  }
}

/** One line on stderr, at once. Whether anybody reads it is not our concern. */
export function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // nobody listens, or not now
  }
}
