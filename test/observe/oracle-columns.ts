/**
 * A second oracle for tests, in another style: the whole log is turned into a table by `JSON.parse` and regular
 * expressions, line by line without memory; then each sender's column is folded on its own and the results are put
 * together. Where the first oracle walks, this one sorts and groups.
 */
import type { OracleEntry, OracleOptions, OracleTally } from './oracle-book.js';

interface Row {
  readonly line: number;
  readonly malformed?: string;
  readonly sender?: string;
  readonly step?: number;
  readonly wrongValue?: boolean;
  readonly payload?: string;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu;

/** Splits the text of a JSON object or list into the texts of its parts. */
function partsOf(text: string): string[][] {
  const parts: string[][] = [];
  let part: string[] = [];
  let depth = 0;
  for (const [piece] of text.matchAll(token)) {
    if (piece === '}' || piece === ']') depth--;
    if (depth === 1 && piece === ',') {
      parts.push(part);
      part = [];
    } else if (depth >= 1) {
      part.push(piece);
    }
    if (piece === '{' || piece === '[') depth++;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** A spelling of JSON in which equal meaning is equal text; big numbers keep their digits. */
function normal(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) {
    const members = partsOf(trimmed).map(
      ([key, , ...rest]) => `${JSON.stringify(JSON.parse(key))}=${normal(rest.join(' '))}`,
    );
    return `{${members.sort().join('\n')}}`;
  }
  if (trimmed.startsWith('['))
    return `[${partsOf(trimmed)
      .map((part) => normal(part.join(' ')))
      .join('\n')}]`;
  if (/^[-0-9]/.test(trimmed)) {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'number' && Number.isFinite(value)
      ? `#${value + 0}`.replace('#-0', '#0').replace(/^#0$/, '#0')
      : `!${trimmed}`;
  }
  return JSON.stringify(JSON.parse(trimmed));
}

/** Moves the point by the exponent on the text, and reads what is left of it. */
function stepFrom(raw: string): number | undefined {
  const lower = raw.toLowerCase();
  const [mantissa, exponentText = '0'] = lower.split('e');
  const negative = mantissa.startsWith('-');
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.');
  if (/^0*$/.test(whole + fraction)) return 0;
  if (negative) return undefined;
  const exponent = Number(exponentText);
  const all = (whole + fraction).replace(/0+$/, '');
  const trailing = (whole + fraction).length - all.length;
  const zeros = exponent - fraction.length + trailing;
  if (zeros < 0 || zeros > 20) return undefined;
  const digits = (all + '0'.repeat(zeros)).replace(/^0+/, '');
  if (digits.length > 16) return undefined;
  const value = BigInt(digits);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

/** Powers by repeated multiplication modulo 9. */
function powerValue(step: number, seed: number, interval: number): number {
  const phase = Number(BigInt(step) % BigInt(interval));
  if (phase === 0) return seed;
  let power = 1n;
  let base = BigInt(seed) % 9n;
  for (let exponent = BigInt(phase) + 1n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = (power * base) % 9n;
    base = (base * base) % 9n;
  }
  return power === 0n ? 9 : Number(power);
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.compare(Buffer.from(bytes.toString('utf8'), 'utf8'), bytes) === 0;
}

function rowOf(line: number, bytes: Buffer, options: OracleOptions): Row | undefined {
  const latin = bytes.toString('latin1');
  if (/^[ \t\r]*$/.test(latin)) return undefined;
  if (bytes.length > options.lineBytesMax) return { line, malformed: 'line-too-long' };
  if (!isUtf8(bytes)) return { line, malformed: 'invalid-utf8' };
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, malformed: 'invalid-json' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, malformed: 'not-object' };
  const members = partsOf(text.trim()).map(
    ([key, , ...rest]) => [JSON.parse(key) as string, rest.join(' ')] as const,
  );
  const table = new Map(members);
  if (table.size !== members.length) return { line, malformed: 'duplicate-key' };
  const wanted: (readonly [name: string, start: RegExp, required: boolean, looks: boolean])[] = [
    ['senderId', /^"/, true, true],
    ['globalStep', /^[-0-9]/, true, true],
    ['patternValue', /^[-0-9]/, options.needsPattern, options.needsPattern],
    ['data', /^/, options.needsData, true],
    ['timestamp', /^[-0-9]/, false, true],
  ];
  if (wanted.some(([name, , required]) => required && !table.has(name)))
    return { line, malformed: 'missing-field' };
  if (
    wanted.some(([name, start, , looks]) => looks && table.has(name) && !start.test(table.get(name) ?? ''))
  ) {
    return { line, malformed: 'wrong-type' };
  }
  const step = stepFrom(table.get('globalStep') ?? '');
  if (step === undefined) return { line, malformed: 'bad-step' };
  const tooLarge = ['patternValue', 'timestamp'].some(
    (name) =>
      (name !== 'patternValue' || options.needsPattern) &&
      table.has(name) &&
      !isFinite(Number(table.get(name))),
  );
  if (tooLarge) return { line, malformed: 'bad-number' };
  const data = table.get('data');
  return {
    line,
    sender: JSON.parse(table.get('senderId') ?? '""') as string,
    step,
    wrongValue:
      options.needsPattern &&
      Number(table.get('patternValue')) !== powerValue(step, options.seed, options.interval),
    payload: data === undefined ? undefined : normal(data),
  };
}

interface Column {
  readonly mark?: Row;
  readonly entries: OracleEntry[];
  readonly gaps: bigint[];
  readonly valid: number;
  readonly unknown: number;
}

function fold(column: Column, row: Row, options: OracleOptions): Column {
  const { mark } = column;
  const step = row.step ?? 0;
  const ahead = mark?.step === undefined ? undefined : step - mark.step;
  const comparable = row.payload !== undefined && mark?.payload !== undefined;
  const kinds = [
    row.wrongValue === true && 'pattern-mismatch',
    ahead === 0 && 'step-repeat',
    ahead === 0 && comparable && row.payload !== mark?.payload && 'equivocation',
    ahead !== undefined && ahead < 0 && 'step-backwards',
    ahead !== undefined && options.jumpMax !== undefined && ahead > options.jumpMax && 'step-jump',
  ].filter((kind) => kind !== false);
  const moves = kinds.length === 0 || options.resync;
  return {
    mark: moves ? row : mark,
    entries: [
      ...column.entries,
      ...kinds.map((kind) => ({ line: row.line, kind, senderId: row.sender ?? '', step })),
    ],
    gaps: moves && ahead !== undefined && ahead > 1 ? [...column.gaps, BigInt(ahead) - 1n] : column.gaps,
    valid: column.valid + (kinds.length === 0 ? 1 : 0),
    unknown: column.unknown + (ahead === 0 && !comparable ? 1 : 0),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export function oracleByColumns(log: Uint8Array, options: OracleOptions): OracleTally {
  const latin = Buffer.from(log)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const lines = latin.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  const rows = lines.map((line, place) => rowOf(place + 1, Buffer.from(line, 'latin1'), options));
  const good = rows.filter((row) => row !== undefined && row.malformed === undefined) as Row[];
  const bad = rows.filter((row) => row?.malformed !== undefined) as Row[];
  const bySender = new Map<string, Row[]>();
  for (const row of good) bySender.set(row.sender ?? '', [...(bySender.get(row.sender ?? '') ?? []), row]);
  const empty: Column = { entries: [], gaps: [], valid: 0, unknown: 0 };
  const columns = [...bySender.values()].map((column) =>
    column.reduce((so, row) => fold(so, row, options), empty),
  );
  const found = columns.flatMap((column) => column.entries);
  const refused = bad.map((row) => ({
    line: row.line,
    kind: row.malformed ?? '',
    senderId: null,
    step: null,
  }));
  const gaps = columns.flatMap((column) => column.gaps);
  return {
    lines: lines.length,
    blank: rows.filter((row) => row === undefined).length,
    malformed: countBy(refused.map(({ kind }) => kind)),
    wellFormed: good.length,
    valid: columns.reduce((sum, { valid }) => sum + valid, 0),
    findings: countBy(found.map(({ kind }) => kind)),
    senders: bySender.size,
    gaps: gaps.length,
    missingSteps: gaps.reduce((sum, gap) => sum + gap, 0n),
    unknown: columns.reduce((sum, { unknown }) => sum + unknown, 0),
    // Findings of one line stand next to each other already, and the sort keeps their order.
    entries: [...found, ...refused].sort((a, b) => a.line - b.line),
  };
}
