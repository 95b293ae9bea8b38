/**
 * Hostile logs by the million. A case is a small log: some good lines, then mutations that know what a log is made of
 * (numbers, escapes, keys, brackets, line ends, encodings) and some that know nothing at all. Each case is judged by both
 * oracles and by the validator, which gets the bytes in pieces of random sizes; all three must agree in every count and
 * every finding.
 */
import { createLogValidator, patternCheck } from '../../src/core/checks/registry.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { bookValue, oracleByTheBook, type OracleOptions, type OracleTally } from './oracle-book.js';
import { oracleByColumns } from './oracle-columns.js';

/** A small generator of numbers for tests alone: repeatable, and no better than it has to be. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 12345) >>> 0;
  }
  /** 0 .. sides-1 */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.roll(list.length)];
  }
  chance(oneIn: number): boolean {
    return this.roll(oneIn) === 0;
  }
}

const names = [
  'a',
  'b',
  'sensor-001',
  '',
  '__proto__',
  'constructor',
  'ü',
  '\\u00fc',
  '\\ud800',
  '\\ud83d\\ude00',
  '😀',
  'a\\u0000b',
  '\\u0061',
  'a b',
  '\\/',
  'x\\"y',
  'long'.repeat(9),
  '\u007f',
  '\\uDC00',
];
const numbers = [
  '0',
  '-0',
  '1',
  '7',
  '47.0',
  '4.7e1',
  '470e-1',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9007199254740991.0',
  '9007199254740991.1',
  '1e400',
  '-1e400',
  '1e-400',
  '0e999',
  '0.0e-5',
  '1e15',
  '1e16',
  '123456789012345678',
  '0.1',
  '23.5',
  '-3',
  '1E2',
  '1e+2',
  '00',
  '01',
  '+1',
  '1.',
  '.5',
  '1e',
  '-',
  '0x10',
  'NaN',
  'Infinity',
  '1e99999999999999999999',
  '0.001e3',
  '100000e-5',
  '90071992547409910e-1',
  '1.7976931348623157e308',
  '1.7976931348623159e308',
  '12345678901234567890',
  '0.5',
  '0.0000001',
  '1e-7',
  '100',
  '1e2',
  '23.50',
  '1234567890.12345',
  '0.10',
];
const scalars = [
  'true',
  'false',
  'null',
  '"text"',
  '"\\u0074ext"',
  '"ü"',
  '""',
  '"\\ud800"',
  '"a\\nb"',
  'tru',
  'nul',
  '"\\x"',
  '"\\u12"',
  '"tab\tin"',
  'undefined',
  "'a'",
  '[]',
  '{}',
  '[1,2]',
  '{"x":1}',
  '{"x":1,"y":[{}]}',
  '{"y":[{}],"x":1.0}',
  '{ "x" : 1 }',
  '{"x":1,"x":2}',
  '[[[[]]]]',
  '[1,]',
  '{"a"}',
  '{,}',
  '[',
  '{',
  '"',
];
const keys = [
  'senderId',
  'globalStep',
  'patternValue',
  'data',
  'timestamp',
  'x',
  'sequence',
  'signature',
  '\\u0064ata',
  'dat\\u0061',
  '__proto__',
  '',
  'ключ',
];
const badBytes: readonly (readonly number[])[] = [
  [0x80],
  [0xc0, 0xaf],
  [0xc1, 0x81],
  [0xc2],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xef, 0xbb, 0xbf],
  [0xef, 0xbf, 0xbe],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xe2, 0x82, 0xac],
  [0xe2, 0x82],
  [0x00],
  [0x00, 0x00, 0x00, 0x00],
  [0x0d],
  [0x0d, 0x0a],
  [0x0a],
  [0x1b, 0x5b],
  [0x7f],
  [0x22],
  [0x5c],
  [0x0b],
  [0x0c],
  [0xc2, 0x85],
  [0xe2, 0x80, 0xa8],
];

function jsonLine(dice: Dice, step: number, options: OracleOptions): string {
  const gap = dice.chance(6) ? dice.pick([' ', '\t', '\r', '  ']) : '';
  const value = dice.chance(8) ? dice.pick(numbers) : String(bookValue(step, options.seed, options.interval));
  const stepText = dice.chance(8) ? dice.pick(numbers) : dice.chance(5) ? `${step}.0` : String(step);
  const payload = dice.chance(3)
    ? dice.pick([...scalars, ...numbers])
    : `{"t":${dice.roll(3)},"u":"${dice.pick(['v', 'w'])}"}`;
  const members: [string, string][] = [
    [
      'senderId',
      dice.chance(30)
        ? dice.pick([...scalars, ...numbers])
        : `"${dice.pick(dice.chance(2) ? names : ['a', 'b'])}"`,
    ],
    ['globalStep', dice.chance(60) ? dice.pick(scalars) : stepText],
    ['patternValue', dice.chance(60) ? dice.pick(scalars) : value],
    ['data', payload],
  ];
  if (!dice.chance(3))
    members.push([
      'timestamp',
      dice.chance(10) ? dice.pick([...scalars, ...numbers]) : `17320608${dice.roll(100000)}`,
    ]);
  if (dice.chance(8))
    members.splice(dice.roll(members.length + 1), 0, [dice.pick(keys), dice.pick([...scalars, ...numbers])]);
  if (dice.chance(20)) members.splice(dice.roll(members.length), 1);
  if (dice.chance(10)) members.sort(() => dice.roll(3) - 1);
  if (dice.chance(60)) for (let i = 0; i < 25; i++) members.push([`k${dice.roll(200)}`, '1']);
  return `${gap}{${members.map(([key, text]) => `${gap}"${key}"${gap}:${gap}${text}${gap}`).join(',')}}${gap}`;
}

function mutate(dice: Dice, bytes: number[]): void {
  const at = dice.roll(bytes.length + 1);
  switch (dice.roll(8)) {
    case 0:
      bytes[Math.min(at, bytes.length - 1)] = dice.roll(256);
      break;
    case 1:
      bytes.splice(at, 1 + dice.roll(4));
      break;
    case 2:
      bytes.splice(at, 0, ...dice.pick(badBytes));
      break;
    case 3:
      bytes.splice(at, 0, ...bytes.slice(at, at + dice.roll(40)));
      break;
    case 4:
      bytes.length = at;
      break;
    case 5:
      bytes.splice(at, 0, ...Buffer.from(dice.pick([...scalars, ...numbers, ...names])));
      break;
    case 6:
      bytes.splice(
        at,
        dice.roll(3),
        ...Buffer.from(dice.pick(['{', '}', '[', ']', ',', ':', '"', '\\', '[[[', '"\\u', 'e', '-', '.'])),
      );
      break;
    default:
      bytes.splice(at, 0, dice.roll(256), dice.roll(256));
  }
}

export interface FuzzCase {
  readonly log: Uint8Array;
  readonly options: OracleOptions;
  /** Sizes of the pieces in which the validator gets the log, used in turn. */
  readonly pieces: readonly number[];
}

export function makeCase(number: number): FuzzCase {
  const dice = new Dice(number);
  const options: OracleOptions = {
    seed: dice.chance(4) ? dice.pick([1, 2, 3, 5, 9, 123456789, 9007199254740991]) : 7,
    interval: dice.chance(4) ? dice.pick([1, 2, 3, 50]) : 100,
    lineBytesMax: dice.chance(10) ? 20 + dice.roll(150) : 1_000_000,
    resync: dice.chance(6),
    needsPattern: !dice.chance(8),
    needsData: !dice.chance(8),
    jumpMax: dice.chance(8) ? 1 + dice.roll(3) : undefined,
  };
  const lines: string[] = [];
  const count = 1 + dice.roll(10);
  let step = dice.roll(120);
  for (let i = 0; i < count; i++) {
    if (dice.chance(12)) lines.push(dice.pick(['', ' ', '\r', ' \t\r', ...scalars, ...numbers]));
    else if (lines.length > 0 && dice.chance(8)) lines.push(dice.pick(lines));
    else lines.push(jsonLine(dice, step, options));
    if (!dice.chance(5)) step += dice.chance(6) ? dice.roll(5) : 1;
    else step = Math.max(0, step - dice.roll(4));
  }
  const bytes = [...Buffer.from(lines.join('\n') + (dice.chance(3) ? '' : '\n'))];
  if (dice.chance(20)) bytes.unshift(0xef, 0xbb, 0xbf);
  if (dice.chance(2)) for (let i = dice.roll(4); i >= 0; i--) mutate(dice, bytes);
  const pieces = dice.chance(2)
    ? [1_000_000]
    : Array.from({ length: 5 }, () => 1 + dice.roll(dice.pick([3, 30, 300])));
  return { log: Uint8Array.from(bytes), options, pieces };
}

/** The verdict of the validator, in the form of the oracles. */
export function validatorTally({ log, options, pieces }: FuzzCase): OracleTally {
  const pattern = digitCollapse.create({ seed: options.seed, phaseResetInterval: options.interval });
  const validator = createLogValidator({
    patternCheck: options.needsPattern ? patternCheck((step) => pattern.value(step)) : undefined,
    needsData: options.needsData,
    lineBytesMax: options.lineBytesMax,
    resync: options.resync,
    jumpMax: options.jumpMax,
    samplesMax: 1_000_000,
  });
  validator.begin();
  for (let at = 0, turn = 0; at < log.length; turn++) {
    const size = pieces[turn % pieces.length];
    validator.push(log.slice(at, at + size));
    at += size;
  }
  validator.end();
  const tally = validator.tally();
  const nonZero = (counts: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0));
  return {
    lines: tally.lines,
    blank: tally.blank,
    malformed: nonZero(tally.malformedKinds),
    wellFormed: tally.wellFormed,
    valid: tally.valid,
    findings: nonZero(tally.findings),
    senders: tally.senders,
    gaps: tally.gaps,
    missingSteps: BigInt(tally.missingSteps),
    unknown: tally.equivocationUnknown,
    entries: tally.samples.map(({ line, kind, senderId, step }) => ({ line, kind, senderId, step })),
  };
}

function textOf(tally: OracleTally): string {
  const sorted = (counts: Record<string, number>): [string, number][] =>
    Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    ...tally,
    malformed: sorted(tally.malformed),
    findings: sorted(tally.findings),
    missingSteps: String(tally.missingSteps),
  });
}

/** Undefined when all three agree on case `number`; else what each says. */
export function differenceOf(
  number: number,
): { log: string; options: OracleOptions; verdicts: string[] } | undefined {
  const fuzzCase = makeCase(number);
  const verdicts = [
    textOf(oracleByTheBook(fuzzCase.log, fuzzCase.options)),
    textOf(oracleByColumns(fuzzCase.log, fuzzCase.options)),
    textOf(validatorTally(fuzzCase)),
  ];
  if (verdicts[0] === verdicts[1] && verdicts[1] === verdicts[2]) return undefined;
  return {
    log: JSON.stringify(Buffer.from(fuzzCase.log).toString('latin1')),
    options: fuzzCase.options,
    verdicts,
  };
}
