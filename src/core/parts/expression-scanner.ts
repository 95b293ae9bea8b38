/**
 * Cuts the text of an expression into words, numbers with their units, quoted names and signs, one at a time, as the grammar asks for
 * them. What other languages would write (`&&`, `!x`, `=`) is answered with what is written here.
 */
import { quoteText } from '../base/escape.js';
import { parseBandwidth, parseDuration, parseRate, parseSize } from '../base/units.js';
import type { Stretch } from '../model/expression.js';
import type { Measure } from '../model/metrics.js';

/** What is wrong with an expression, and where: characters from its beginning. */
export interface ExpressionProblem {
  readonly at: number;
  readonly what: string;
  readonly next?: string;
}

/** Carries a problem out of the depths of the grammar; never leaves parts/expression.ts. */
export class Complaint extends Error {
  constructor(
    readonly at: number,
    readonly what: string,
    readonly next?: string,
  ) {
    super(what);
  }
}

export type Token = Stretch &
  (
    | { readonly kind: 'word' | 'name' | 'sign'; readonly text: string }
    /** A number; `percent` where it was written with %, `bare` without any unit. */
    | {
        readonly kind: 'number';
        readonly text: string;
        readonly value: number;
        readonly measure: Measure;
        readonly unit: 'bare' | 'percent' | 'unit';
      }
    | { readonly kind: 'end'; readonly text: '' }
  );

const blanks = /[ \t\r\n]*/y;
const numberForm = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// A blank may stand before a unit; what comes after a slash belongs to the number only where it is a unit of time.
const unitForm =
  /(?: ?(?!(?:and|or|not)(?![A-Za-z]))[A-Za-z\u00b5\u03bc]+(?:\/[A-Za-z]+)?| ?%|\/(?:s|sec|m|min|h)(?![A-Za-z0-9_.(]))/y;
const wordForm = /[A-Za-z_][A-Za-z0-9_]*/y;
const nameForm = /[A-Za-z0-9_][\w.-]*/y;
const quotedForm = /'[^']*'|"[^"]*"/y;
const signForm = /<=|>=|==|!=|=>|=<|<>|[<>!] +=(?!=)|&&|\|\||[<>=!(),:.+\-*/≤≥≠]/y;

const otherWords: ReadonlyMap<string, readonly [what: string, next: string]> = new Map([
  ['=', ['a comparison is written with ==, not =', 'Write ==']],
  ['&&', ['both is written as and, not &&', 'Write and']],
  ['||', ['either is written as or, not ||', 'Write or']],
  ['=>', ['at least is written as >=, not =>', 'Write >=']],
  ['=<', ['at most is written as <=, not =<', 'Write <=']],
  ['<>', ['not equal is written as !=, not <>', 'Write !=']],
  ['> =', ['the two signs of >= stand together', 'Write >=']],
  ['< =', ['the two signs of <= stand together', 'Write <=']],
  ['! =', ['the two signs of != stand together', 'Write !=']],
  ['\u2265', ['at least is written as >=', 'Write >=']],
  ['\u2264', ['at most is written as <=', 'Write <=']],
  ['\u2260', ['not equal is written as !=', 'Write !=']],
  ['!', ['the opposite is written as not, not !', 'Write not']],
]);

export class Scanner {
  #at = 0;
  #next: Token | undefined;
  /** Everything that was taken, for the text with single blanks. */
  readonly taken: Token[] = [];

  constructor(readonly text: string) {}

  /** The next token, without taking it. */
  peek(): Token {
    return (this.#next ??= this.#scan());
  }

  take(): Token {
    const token = this.peek();
    this.#next = undefined;
    this.#at = token.end;
    this.taken.push(token);
    return token;
  }

  /** Takes the next token when it is this sign or word. */
  accept(text: string): boolean {
    const token = this.peek();
    if ((token.kind !== 'sign' && token.kind !== 'word') || token.text !== text) return false;
    this.take();
    return true;
  }

  expect(sign: string, why: string): Token {
    const token = this.peek();
    if (token.kind === 'sign' && token.text === sign) return this.take();
    throw new Complaint(token.at, `expected ${sign} ${why}, found ${found(token)}`);
  }

  /** A name of the scenario, such as `eu-west` or `"Los Angeles"`. */
  takeName(what: string): Token & { readonly kind: 'name' } {
    this.#skipBlanks();
    const at = this.#at;
    const quoted = this.#match(quotedForm);
    const text = quoted ?? this.#match(nameForm);
    if (text === undefined) throw new Complaint(at, `expected ${what}, found ${found(this.peek())}`);
    this.#next = undefined;
    this.#at = at + text.length;
    const name = quoted === undefined ? text : quoted.slice(1, -1);
    const token = { kind: 'name', text: name, at, end: this.#at } as const;
    this.taken.push(token);
    return token;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    return form.exec(this.text)?.[0];
  }

  #skipBlanks(): void {
    this.#at += this.#match(blanks)?.length ?? 0;
  }

  #scan(): Token {
    this.#skipBlanks();
    const at = this.#at;
    if (at >= this.text.length) return { kind: 'end', text: '', at, end: at };
    const digits = this.#match(numberForm);
    if (digits !== undefined) return this.#number(at, digits);
    const word = this.#match(wordForm);
    if (word !== undefined) return { kind: 'word', text: word, at, end: at + word.length };
    const sign = this.#match(signForm);
    if (sign === undefined) {
      const character = String.fromCodePoint(this.text.codePointAt(at) ?? 0);
      throw new Complaint(at, `${quoteText(character)} has no place in an expression`);
    }
    const other = otherWords.get(sign.replace(/ +/, ' '));
    if (other !== undefined) throw new Complaint(at, ...other);
    return { kind: 'sign', text: sign, at, end: at + sign.length };
  }

  #number(at: number, digits: string): Token {
    this.#at = at + digits.length;
    const unit = this.#match(unitForm) ?? '';
    this.#at = at;
    const text = digits + unit;
    const place = { at, end: at + text.length };
    const value = Number(digits);
    if (!Number.isFinite(value)) throw new Complaint(at, `${quoteText(digits, 40)} is too large`);
    if (unit === '') return { kind: 'number', text, value, measure: 'number', unit: 'bare', ...place };
    if (unit.endsWith('%'))
      return { kind: 'number', text, value, measure: 'percent', unit: 'percent', ...place };
    const reading = readUnit(text, unit.trim());
    if (typeof reading === 'string') throw new Complaint(at, reading);
    return { kind: 'number', text, unit: 'unit', ...reading, ...place };
  }
}

/** What kind of unit it is shows in its form: `/s`, `MB/s`, `KiB`, and otherwise time. */
function readUnit(text: string, unit: string): { value: number; measure: Measure } | string {
  const [read, measure]: [typeof parseSize, Measure] = unit.startsWith('/')
    ? [parseRate, 'perSecond']
    : unit.includes('/')
      ? [parseBandwidth, 'bytesPerSecond']
      : /^[kKMG]?i?[bB](?:ytes)?$/.test(unit)
        ? [parseSize, 'bytes']
        : [parseDuration, 'milliseconds'];
  const value = read(text);
  if (typeof value !== 'number') return `${value.what}, expected ${value.expected}`;
  return { value: measure === 'milliseconds' ? value / 1000 : value, measure };
}

/** For messages: what stands there instead. */
export function found(token: Token): string {
  return token.kind === 'end' ? 'the end' : quoteText(token.text, 40);
}

const tight = new Set(['(', '.', ':']);

/** The tokens with single blanks between them, so that one expression always looks the same. */
export function tidy(tokens: readonly Token[]): string {
  let text = '';
  let before: Token | undefined;
  // True after what ends a value: a minus is between two values there, and belongs to its value elsewhere.
  let afterValue = false;
  let glued = true;
  for (const token of tokens) {
    if (token.kind === 'end') break;
    const { text: said } = token;
    const isSign = token.kind === 'sign';
    const opensCall = said === '(' && before?.kind === 'word' && !['and', 'or', 'not'].includes(before.text);
    const noBlank =
      glued || (isSign && (said === ')' || said === ',' || said === '.' || said === ':' || opensCall));
    text += (noBlank ? '' : ' ') + (token.kind === 'name' ? nameText(said) : said);
    const isUnary = isSign && said === '-' && !afterValue;
    glued = isUnary || (isSign && tight.has(said) && said !== ':');
    afterValue = !isSign ? !(token.kind === 'word' && ['and', 'or', 'not'].includes(said)) : said === ')';
    before = token;
  }
  return text;
}

function nameText(name: string): string {
  nameForm.lastIndex = 0;
  if (nameForm.exec(name)?.[0] === name) return name;
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}
