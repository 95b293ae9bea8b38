/**
 * An oracle for tests, by the book: a recursive-descent parser over decoded text that builds trees, and a judge that reads
 * like the page on formats. Slow and plain on purpose, and it shares no code with the validator.
 */
export interface OracleOptions {
  readonly seed: number;
  readonly interval: number;
  readonly lineBytesMax: number;
  readonly resync: boolean;
  readonly needsPattern: boolean;
  readonly needsData: boolean;
  readonly jumpMax?: number;
}

export interface OracleEntry {
  readonly line: number;
  readonly kind: string;
  readonly senderId: string | null;
  readonly step: number | null;
}

export interface OracleTally {
  lines: number;
  blank: number;
  malformed: Record<string, number>;
  wellFormed: number;
  valid: number;
  findings: Record<string, number>;
  senders: number;
  gaps: number;
  missingSteps: bigint;
  unknown: number;
  entries: OracleEntry[];
}

export type Tree =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'number'; readonly raw: string }
  | { readonly type: 'word'; readonly raw: string }
  | { readonly type: 'list'; readonly items: Tree[] }
  | { readonly type: 'object'; readonly members: [string, Tree][] };

class NotJson extends Error {}

class Parser {
  at = 0;
  constructor(readonly text: string) {}

  whole(): Tree {
    const tree = this.value();
    this.blanks();
    if (this.at !== this.text.length) throw new NotJson();
    return tree;
  }

  blanks(): void {
    while (' \t\r'.includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
  }

  eat(pattern: RegExp): string {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match === null) throw new NotJson();
    this.at += match[0].length;
    return match[0];
  }

  value(): Tree {
    this.blanks();
    const first = this.text.charAt(this.at);
    if (first === '"') return { type: 'string', text: this.string() };
    if (first === '{') return this.object();
    if (first === '[') return this.list();
    if (/[-0-9]/.test(first))
      return { type: 'number', raw: this.eat(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) };
    return { type: 'word', raw: this.eat(/true|false|null/) };
  }

  string(): string {
    // eslint-disable-next-line no-control-regex -- JSON forbids control characters in strings
    const raw = this.eat(/"([^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/);
    return raw.slice(1, -1).replace(/\\(u(....)|.)/g, (_all, letter: string, code?: string) => {
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter;
    });
  }

  object(): Tree {
    this.eat(/\{/);
    const members: [string, Tree][] = [];
    this.blanks();
    if (this.text.charAt(this.at) !== '}') {
      for (;;) {
        this.blanks();
        const key = this.string();
        this.blanks();
        this.eat(/:/);
        members.push([key, this.value()]);
        this.blanks();
        if (this.text.charAt(this.at) !== ',') break;
        this.at++;
      }
    }
    this.eat(/\}/);
    return { type: 'object', members };
  }

  list(): Tree {
    this.eat(/\[/);
    const items: Tree[] = [];
    this.blanks();
    if (this.text.charAt(this.at) !== ']') {
      for (;;) {
        items.push(this.value());
        this.blanks();
        if (this.text.charAt(this.at) !== ',') break;
        this.at++;
      }
    }
    this.eat(/\]/);
    return { type: 'list', items };
  }
}

/** One text for all trees that say the same. */
export function sameText(tree: Tree): string {
  switch (tree.type) {
    case 'string':
      return JSON.stringify(tree.text);
    case 'number': {
      const value = Number(tree.raw);
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : `raw ${tree.raw}`;
    }
    case 'word':
      return tree.raw;
    case 'list':
      return `[${tree.items.map(sameText).join()}]`;
    case 'object':
      return `{${tree.members
        .map(([key, value]) => `${JSON.stringify(key)}:${sameText(value)}`)
        .sort()
        .join()}}`;
  }
}

/** The exact value of a JSON number as a fraction of big integers, if that is cheap; undefined when it is surely no step. */
function exactStep(raw: string): number | undefined {
  const [, sign, whole, fraction = '', exponentText = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(raw) ?? [];
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return 0;
  if (sign === '-') return undefined;
  const exponent = BigInt(exponentText) - BigInt(fraction.length);
  if (exponent > 20n || exponent < -100_000n) return undefined;
  if (exponent >= 0n) {
    const value = digits * 10n ** exponent;
    return value <= 9007199254740991n ? Number(value) : undefined;
  }
  const divisor = 10n ** -exponent;
  if (digits % divisor !== 0n) return undefined;
  return digits / divisor <= 9007199254740991n ? Number(digits / divisor) : undefined;
}

function digitalRoot(value: bigint): bigint {
  let rest = value;
  while (rest > 9n) rest = [...String(rest)].reduce((sum, digit) => sum + BigInt(digit), 0n);
  return rest;
}

const known = new Map<string, number>();

/** The recursion of the definition, walked from the last reset. */
export function bookValue(step: number, seed: number, interval: number): number {
  // Exact as doubles: both are whole numbers below 2^53. After 600 steps the digits have long been going in circles of 1, 2, 3 or 6.
  const phase = step % interval;
  const walk = phase < 600 ? phase : 600 + (phase % 600);
  const name = `${seed} ${walk}`;
  let value = known.get(name);
  if (value === undefined) {
    let digits = BigInt(seed);
    for (let k = 0; k < walk; k++) digits = digitalRoot(digits * BigInt(seed));
    value = Number(digits);
    known.set(name, value);
  }
  return value;
}

interface Mark {
  step: number;
  payload: string | undefined;
}

export function oracleByTheBook(log: Uint8Array, options: OracleOptions): OracleTally {
  const tally: OracleTally = {
    lines: 0,
    blank: 0,
    malformed: {},
    wellFormed: 0,
    valid: 0,
    findings: {},
    senders: 0,
    gaps: 0,
    missingSteps: 0n,
    unknown: 0,
    entries: [],
  };
  const marks = new Map<string, Mark>();
  const senders = new Set<string>();
  const bytes = log[0] === 0xef && log[1] === 0xbb && log[2] === 0xbf ? log.subarray(3) : log;
  let from = 0;
  while (from < bytes.length) {
    let to = bytes.indexOf(10, from);
    if (to < 0) to = bytes.length;
    tally.lines++;
    judgeLine(bytes.subarray(from, to), tally, marks, senders, options);
    from = to + 1;
  }
  tally.senders = senders.size;
  return tally;
}

function judgeLine(
  line: Uint8Array,
  tally: OracleTally,
  marks: Map<string, Mark>,
  senders: Set<string>,
  options: OracleOptions,
): void {
  const malformed = (kind: string): void => {
    tally.malformed[kind] = (tally.malformed[kind] ?? 0) + 1;
    tally.entries.push({ line: tally.lines, kind, senderId: null, step: null });
  };
  if (line.every((byte) => byte === 32 || byte === 9 || byte === 13)) {
    tally.blank++;
    return;
  }
  if (line.length > options.lineBytesMax) return malformed('line-too-long');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return malformed('invalid-utf8');
  }
  let tree: Tree;
  try {
    tree = new Parser(text).whole();
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return malformed('invalid-json');
  }
  if (tree.type !== 'object') return malformed('not-object');
  const fields = new Map<string, Tree>();
  for (const [key, value] of tree.members) {
    if (fields.has(key)) return malformed('duplicate-key');
    fields.set(key, value);
  }
  const sender = fields.get('senderId');
  const stepTree = fields.get('globalStep');
  const pattern = fields.get('patternValue');
  const data = fields.get('data');
  const timestamp = fields.get('timestamp');
  if (sender === undefined || stepTree === undefined) return malformed('missing-field');
  if (options.needsPattern && pattern === undefined) return malformed('missing-field');
  if (options.needsData && data === undefined) return malformed('missing-field');
  if (sender.type !== 'string' || stepTree.type !== 'number') return malformed('wrong-type');
  if (options.needsPattern && pattern?.type !== 'number') return malformed('wrong-type');
  if (timestamp !== undefined && timestamp.type !== 'number') return malformed('wrong-type');
  const step = exactStep(stepTree.raw);
  if (step === undefined) return malformed('bad-step');
  if (options.needsPattern && pattern?.type === 'number' && !Number.isFinite(Number(pattern.raw)))
    return malformed('bad-number');
  if (timestamp?.type === 'number' && !Number.isFinite(Number(timestamp.raw))) return malformed('bad-number');

  tally.wellFormed++;
  senders.add(sender.text);
  const mark = marks.get(sender.text);
  const payload = data === undefined ? undefined : sameText(data);
  const found: string[] = [];
  if (options.needsPattern && pattern?.type === 'number') {
    if (Number(pattern.raw) !== bookValue(step, options.seed, options.interval))
      found.push('pattern-mismatch');
  }
  if (mark !== undefined && step === mark.step) {
    found.push('step-repeat');
    if (payload === undefined || mark.payload === undefined) tally.unknown++;
    else if (payload !== mark.payload) found.push('equivocation');
  }
  if (mark !== undefined && step < mark.step) found.push('step-backwards');
  if (mark !== undefined && options.jumpMax !== undefined && step - mark.step > options.jumpMax)
    found.push('step-jump');
  for (const kind of found) {
    tally.findings[kind] = (tally.findings[kind] ?? 0) + 1;
    tally.entries.push({ line: tally.lines, kind, senderId: sender.text, step });
  }
  if (found.length === 0) tally.valid++;
  if (found.length === 0 || options.resync) {
    if (mark !== undefined && step > mark.step + 1) {
      tally.gaps++;
      tally.missingSteps += BigInt(step) - BigInt(mark.step) - 1n;
    }
    marks.set(sender.text, { step, payload });
  }
}
