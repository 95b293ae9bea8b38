/**
 * Mishaps: what a user, a file or a peer can cause. Each has a code, a place, a cause and a next step, and each code has
 * one row in the table below, from which `docs/errors.md` is generated. An exit code is a promise to scripts.
 */

/** The exit codes of every command. 1 is left to nobody, so that a crash can never be read as a finding. */
export const exitCodes = {
  done: 0,
  refused: 2,
  findings: 3,
  incomplete: 4,
  invalid: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export interface ErrorRow {
  readonly exitCode: number;
  readonly meaning: string;
  readonly nextStep: string;
  /** True when the refused work surely did not happen, not even in part. */
  readonly nothingHappened: boolean;
}

const refused = { exitCode: exitCodes.refused, nothingHappened: true } as const;

/** One row for each code; the docs are generated from it. */
export const errorTable = {
  'bad-flag': {
    ...refused,
    meaning: 'a flag or argument is unknown, missing or malformed',
    nextStep: 'see --help',
  },
  'unknown-command': { ...refused, meaning: 'there is no such command', nextStep: 'see mesh --help' },
  'unknown-kind': {
    ...refused,
    meaning: 'a name is not in the registry that it was looked up in',
    nextStep: 'use one of the known names',
  },
  'bad-scenario': { ...refused, meaning: 'the scenario file is not valid', nextStep: 'mend the named line' },
  'bad-profile': { ...refused, meaning: 'the log profile is not valid', nextStep: 'mend the named line' },
  'bad-plugin': {
    ...refused,
    meaning: 'a plug-in cannot be loaded, or does not bring what it should',
    nextStep: 'mend the plug-in',
  },
  'bad-topology-file': {
    ...refused,
    meaning: 'a topology or matrix file cannot be used',
    nextStep: 'mend the file',
  },
  'too-expensive': {
    ...refused,
    meaning: 'the estimated cost in events or memory is absurd',
    nextStep: 'make the scenario smaller, or pass --force',
  },
  'input-unreadable': {
    ...refused,
    meaning: 'an input cannot be opened or read',
    nextStep: 'check the path',
  },
  'output-exists': {
    ...refused,
    meaning: 'an output file exists already',
    nextStep: 'choose another or pass --force',
  },
  'output-is-input': { ...refused, meaning: 'an output is also an input', nextStep: 'choose another output' },
  'output-unwritable': { ...refused, meaning: 'an output cannot be opened', nextStep: 'check the folder' },
  'not-a-terminal': {
    ...refused,
    meaning: 'a dialogue or live view needs a terminal',
    nextStep: 'use the named flag',
  },
  'missing-key': {
    ...refused,
    meaning: 'a keyed pattern or signature needs a key',
    nextStep: 'name a key file',
  },
  'bad-trace': {
    ...refused,
    meaning: 'the file is not a trace that this version reads',
    nextStep: 'check the file',
  },
  'bad-benchmark': {
    ...refused,
    meaning: 'a saved benchmark cannot be compared',
    nextStep: 'save a new one',
  },
  'output-lost': {
    exitCode: exitCodes.incomplete,
    nothingHappened: false,
    meaning: 'output was lost on the way, for example on a full disk',
    nextStep: 'free some space and run again',
  },
  'input-lost': {
    exitCode: exitCodes.incomplete,
    nothingHappened: false,
    meaning: 'input ended or failed before its end',
    nextStep: 'check the source and run again',
  },
  'invalid-seed': {
    ...refused,
    meaning: 'a pattern seed is not an integer from 1 to 2^53-1',
    nextStep: 'choose one',
  },
  'invalid-interval': {
    ...refused,
    meaning: 'a phase reset interval is not an integer from 1 to 2^53-1',
    nextStep: 'choose one',
  },
  'invalid-step': {
    ...refused,
    meaning: 'a step is not an integer from 0 to 2^53-1',
    nextStep: 'choose one',
  },
  'invalid-value': {
    ...refused,
    meaning: 'an argument of the library is out of its range',
    nextStep: 'see the docs',
  },
  'duplicate-node': {
    ...refused,
    meaning: 'a node with this id exists already',
    nextStep: 'choose another id',
  },
  'unknown-node': { ...refused, meaning: 'there is no node with this id', nextStep: 'list the nodes' },
  'network-full': {
    ...refused,
    meaning: 'the network holds maxNodes nodes already',
    nextStep: 'raise maxNodes',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** One thing that is wrong: `place: what (expected). next`. Foreign text in it must be escaped already. */
export interface Problem {
  /** Such as `scenario.yaml:7:12`, `--seed`, or a file name. */
  readonly place?: string;
  readonly what: string;
  readonly expected?: string;
  readonly next?: string;
}

/** A longer list of what is known hides the suggestion that stands behind it. */
const listCharactersMax = 60;

/** A problem as one line of text. A suggestion goes before a long list of what else there is. */
export function describeProblem(problem: Problem): string {
  const place = problem.place === undefined ? '' : `${problem.place}: `;
  const end = (sentence: string): string => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`);
  if (problem.next?.startsWith('Did you mean') === true) {
    const { what, expected } = listApart(problem);
    if (expected !== undefined && expected.length > listCharactersMax)
      return `${place}${what}. ${end(problem.next)} (expected ${expected})`;
  }
  const expected = problem.expected === undefined ? '' : ` (expected ${problem.expected})`;
  const next = problem.next === undefined ? '' : ` ${end(problem.next)}`;
  const stop = next === '' ? '' : '.';
  return `${place}${problem.what}${expected}${stop}${next}`;
}

/** What is expected, where the sentence has it at its end or in its middle. */
function listApart({ what, expected }: Problem): Pick<Problem, 'what' | 'expected'> {
  if (expected !== undefined) return { what, expected };
  const [, head, list] = /^(.*), expected (.*)$/s.exec(what) ?? [];
  if (head !== undefined) return { what: head, expected: list };
  const [, before, words, found] = /^(.*?)expected (one of .*), (found .*)$/s.exec(what) ?? [];
  return before === undefined ? { what } : { what: `${before}${found}`, expected: words };
}

/** A mishap on its way to the user. `message` has one line for each problem. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, problems: Problem | readonly Problem[]) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list.map(describeProblem).join('\n'));
    this.code = code;
    this.problems = list;
  }

  get exitCode(): number {
    return errorTable[this.code].exitCode;
  }
}
