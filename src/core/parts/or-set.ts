/**
 * A set in which adding wins: who removes an element removes those additions of it that it has seen, and no others, so an element that is
 * added here while it is removed there stays. For every writer an element has one line: the number of the writer's last word about it, and
 * whether that is an addition that still stands. Of two versions of a line the later number is the newer; of the same number, that somebody
 * saw and removed it is the newer.
 *
 * The observed-remove set of Shapiro et al. (INRIA RR-7506, 2011, specification 15) without a tag for every addition, as in A. Bieniusa et
 * al., "An optimized conflict-free replicated set", INRIA RR-8083, 2012; the context is kept for each element, so elements travel alone.
 */
import { canonicalJson } from '../base/canonical-json.js';
import { Entry, isWhole, Replica } from './replica.js';
import type { VersionVector } from './version-vector.js';

/** A writer, the number of its last word about the element, and 1 if that is an addition that nobody has removed. */
type Line = readonly [writer: string, writes: number, stands: 0 | 1];

class Element extends Entry {
  /** Is it in the set? */
  readonly isIn: boolean;

  /** @param lines sorted by writer, one for each */
  constructor(
    readonly value: unknown,
    readonly lines: readonly Line[],
  ) {
    super(canonicalJson(value), [value, lines]);
    this.isIn = lines.some(([, , stands]) => stands === 1);
  }
}
export type { Element as OrSetEntry };

export class OrSet extends Replica<Element> {
  #live = 0;

  /** Elements in the set. */
  get size(): number {
    return this.#live;
  }

  /** @param value any JSON value; equal ones are those with equal canonical JSON */
  has(value: unknown): boolean {
    return this.entryAt(canonicalJson(value))?.isIn ?? false;
  }

  /** The elements, sorted by their canonical JSON. */
  values(): unknown[] {
    return this.entries().flatMap(({ isIn, value }) => (isIn ? [value] : []));
  }

  /** @throws UserError `invalid-value` when the value is not JSON */
  add(value: unknown): void {
    const before = this.entryAt(canonicalJson(value))?.lines ?? [];
    this.#say(value, before, 1);
  }

  /** Removes what this replica has seen of the element; what it has not seen it leaves alone. */
  remove(value: unknown): void {
    const before = this.entryAt(canonicalJson(value));
    if (before?.isIn === true)
      this.#say(
        value,
        before.lines.map(([writer, writes]): Line => [writer, writes, 0]),
        0,
      );
  }

  #say(value: unknown, before: readonly Line[], stands: 0 | 1): void {
    const own: Line = [this.id, this.nextWrite, stands];
    const others = before.filter(([writer]) => writer !== this.id);
    this.write(new Element(value, [...others, own].sort(byWriter)));
  }

  protected join(a: Element, b: Element): Element {
    const lines: Line[] = [];
    let isA = true;
    let isB = true;
    for (let i = 0, k = 0; i < a.lines.length || k < b.lines.length;) {
      const p = i < a.lines.length ? a.lines[i] : undefined;
      const q = k < b.lines.length ? b.lines[k] : undefined;
      const order = p === undefined ? 1 : q === undefined ? -1 : byWriter(p, q);
      if (order <= 0) i++;
      if (order >= 0) k++;
      const line = order < 0 ? p : order > 0 ? q : newer(p as Line, q as Line);
      if (order > 0 || (order === 0 && !isSame(line as Line, p as Line))) isA = false;
      if (order < 0 || (order === 0 && !isSame(line as Line, q as Line))) isB = false;
      lines.push(line as Line);
    }
    return isA ? a : isB ? b : new Element(a.value, lines);
  }

  protected isKnown({ lines }: Element, version: VersionVector): boolean {
    return lines.every(([writer, writes]) => version.of(writer) >= writes);
  }

  readEntry(json: unknown): Element | undefined {
    if (!Array.isArray(json) || json.length !== 2 || !Array.isArray(json[1])) return undefined;
    const [value, lines] = json as [unknown, unknown[]];
    const isSorted = lines.every(
      (line, i) => isLine(line) && (i === 0 || (lines[i - 1] as Line)[0] < line[0]),
    );
    return isSorted && lines.length > 0 ? new Element(value, lines as Line[]) : undefined;
  }

  protected override replaced(before: Element | undefined, after: Element): void {
    this.#live += Number(after.isIn) - Number(before?.isIn ?? false);
  }
}

function byWriter([p]: Line, [q]: Line): number {
  return p === q ? 0 : p < q ? -1 : 1;
}

function newer(p: Line, q: Line): Line {
  if (p[1] !== q[1]) return p[1] > q[1] ? p : q;
  return p[2] < q[2] ? p : q;
}

function isSame(p: Line, q: Line): boolean {
  return p[1] === q[1] && p[2] === q[2];
}

function isLine(value: unknown): value is Line {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [writer, writes, stands] = value as unknown[];
  return typeof writer === 'string' && isWhole(writes, 1) && (stands === 0 || stands === 1);
}
