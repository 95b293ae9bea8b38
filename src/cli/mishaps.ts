/**
 * What we say when something goes wrong. A user's mishap becomes one line a problem on stderr and an exit code from the
 * table; the framework's own complaints are put into the same words; everything else is a bug of ours and is called so.
 * Stack traces are for those who ask with DEBUG=1.
 */
import { CLIError } from '@oclif/core/errors';
import { type ErrorCode, UserError, describeProblem, errorTable, exitCodes } from '../core/base/errors.js';
import { quoteText, showText } from '../core/base/escape.js';
import { suggest } from '../core/base/suggest.js';

/** What is printed and returned for one failure. */
export interface Mishap {
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** The `--json` form, printed on stdout. */
  readonly envelope: {
    readonly error: {
      readonly code: ErrorCode | 'bug' | 'interrupted';
      readonly message: string;
      readonly problems: object[];
    };
  };
}

/** The parts of the framework's parse errors that we read. */
interface ParseComplaint extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly (string | { readonly name: string })[];
}

const dialogueLeft: Mishap = {
  lines: [],
  exitCode: exitCodes.interrupted,
  envelope: { error: { code: 'interrupted', message: 'interrupted', problems: [] } },
};

/** Longest line of a foreign message that is still shown. */
const messageCharactersMax = 400;

/**
 * Puts any thrown thing into words.
 * @param flagNames the flags of the command, for "did you mean"
 */
export function describeMishap(error: unknown, flagNames: readonly string[] = []): Mishap {
  // Ctrl-C in a dialogue, where the terminal sends no signal.
  if (error instanceof Error && error.name === 'ExitPromptError') return dialogueLeft;
  const mishap = error instanceof UserError ? error : complaint(error, flagNames);
  if (mishap === undefined) return describeBug(error);
  return {
    lines: mishap.problems.map(describeProblem),
    exitCode: errorTable[mishap.code].exitCode,
    envelope: {
      // Not the error's own message: the framework writes its wrapper into that.
      error: {
        code: mishap.code,
        message: mishap.problems.map(describeProblem).join('\n'),
        problems: [...mishap.problems],
      },
    },
  };
}

function describeBug(error: unknown): Mishap {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = showText(words, messageCharactersMax);
  const lines = [
    `this is a bug in mesh, please report it (${message}). Run again with DEBUG=1 to see where.`,
  ];
  const debug = process.env.DEBUG ?? '';
  if (debug !== '' && debug !== '0' && error instanceof Error) {
    lines.push(...(error.stack ?? '').split('\n').map((line) => showText(line, messageCharactersMax)));
  }
  return { lines, exitCode: exitCodes.bug, envelope: { error: { code: 'bug', message, problems: [] } } };
}

/** The framework's complaints about flags and arguments, in our words; undefined when it is not one of those. */
function complaint(error: unknown, flagNames: readonly string[]): UserError | undefined {
  if (!(error instanceof CLIError)) return undefined;
  const { flags, args } = error as ParseComplaint;
  const kind = error.constructor.name;
  if (kind === 'NonExistentFlagsError' && flags !== undefined) {
    return new UserError(
      'bad-flag',
      flags.map((flag) => unknownFlag(flag, flagNames)),
    );
  }
  if (kind === 'UnexpectedArgsError' && args !== undefined) {
    return new UserError(
      'bad-flag',
      args.map((argument) => ({
        what: `unexpected argument ${quoteText(String(argument))}`,
        next: 'See --help',
      })),
    );
  }
  if (kind === 'RequiredArgsError' && args !== undefined) {
    return new UserError(
      'bad-flag',
      args.map((argument) => ({
        what: `missing argument ${typeof argument === 'string' ? argument : argument.name.toUpperCase()}`,
        next: 'See --help',
      })),
    );
  }
  const choice = /^Expected (--\S+?)=(.*) to be one of: (.*?)$/m.exec(error.message);
  if (choice !== null) {
    const [, place = '', typed = '', words = ''] = choice;
    const near = suggest(typed, words.split(', '));
    return new UserError('bad-flag', {
      place,
      what: `there is no ${quoteText(typed)}`,
      expected: `one of ${words}`,
      next: near === undefined ? undefined : `Did you mean ${near}?`,
    });
  }
  const together = [...new Set(togetherProblems(error.message))];
  if (together.length > 0) {
    return new UserError(
      'bad-flag',
      together.map((what) => ({ what })),
    );
  }
  return new UserError('bad-flag', { what: tidy(error.message) });
}

/** Flags that do not go together, and flags that go only together. */
function* togetherProblems(message: string): Generator<string> {
  for (const [, one = '', other = ''] of message.matchAll(
    /(--[\w-]+)(?:=.*)? cannot also be provided when using (--[\w-]+)/g,
  ))
    yield [one, other].sort().join(' and ') + ' do not go together';
  for (const [, one = '', others = ''] of message.matchAll(/must be provided when using (--[\w-]+): (.*)/g))
    yield `${one} needs ${others.replaceAll(', ', ' and ')} beside it`;
}

/** One problem for a flag that does not exist. */
export function unknownFlag(typed: string, flagNames: readonly string[]): { what: string; next: string } {
  const bare = typed.replace(/^-+/, '').replace(/=.*$/s, '');
  const near = suggest(bare, flagNames);
  return {
    what: `unknown flag ${quoteText(typed)}`,
    next: near === undefined ? 'See --help' : `Did you mean --${near}?`,
  };
}

/** One line out of the framework's several: no colours, no pointer to help, no "Parsing --flag". */
function tidy(message: string): string {
  const words = message
    // eslint-disable-next-line no-control-regex -- the framework colours some of its messages
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^Parsing (--\S+)\s*\n\s*/, '$1: ')
    .replace(/The following errors? occurred:\s*/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
  const lowered = /^[A-Z][a-z]/.test(words) ? words[0]?.toLowerCase() + words.slice(1) : words;
  return showText(lowered, messageCharactersMax);
}
