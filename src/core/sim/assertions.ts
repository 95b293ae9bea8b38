/**
 * What must hold. Each assertion is looked at with every measurement in its window and once at the end. One that never had anything to
 * look at proves nothing: its status is `unevaluated`, and the run is invalid.
 */
import type { Assertion, Comparison } from '../model/experiment.js';
import type { AssertionVerdict } from '../model/result.js';

interface Row {
  readonly assertion: Assertion;
  status: 'open' | 'passed' | 'failed';
  atUs: number | undefined;
  value: number | null;
  evaluated: boolean;
}

function holds(value: number, comparison: Comparison, bound: number): boolean {
  switch (comparison) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
    case '>=':
      return value >= bound;
    case '>':
      return value > bound;
  }
}

export class AssertionLedger {
  readonly #rows: Row[];

  constructor(assertions: readonly Assertion[]) {
    this.#rows = assertions.map((assertion) => ({
      assertion,
      status: 'open',
      atUs: undefined,
      value: null,
      evaluated: false,
    }));
  }

  /** A regular measurement. */
  look(nowUs: number, metric: (name: string) => number | null): void {
    for (const row of this.#rows) {
      const { assertion } = row;
      if (row.status !== 'open' || assertion.mode === 'finally') continue;
      if (nowUs >= assertion.fromUs && nowUs <= assertion.untilUs)
        this.#evaluate(row, nowUs, metric(assertion.metric));
      if (nowUs >= assertion.untilUs) this.#close(row, nowUs);
    }
  }

  /** The run is over: windows that are open are looked at once more and closed. */
  end(nowUs: number, metric: (name: string) => number | null): void {
    for (const row of this.#rows) {
      const { assertion } = row;
      if (row.status !== 'open') continue;
      if (nowUs >= assertion.fromUs && (nowUs <= assertion.untilUs || assertion.mode === 'finally')) {
        this.#evaluate(row, nowUs, metric(assertion.metric));
      }
      this.#close(row, nowUs);
    }
  }

  #evaluate(row: Row, nowUs: number, value: number | null): void {
    if (value === null) return;
    row.evaluated = true;
    row.value = value;
    const { mode, comparison, bound } = row.assertion;
    const good = holds(value, comparison, bound);
    if (mode === 'eventually' && good) this.#decide(row, 'passed', nowUs);
    if (mode === 'always' && !good) this.#decide(row, 'failed', nowUs);
    if (mode === 'finally') this.#decide(row, good ? 'passed' : 'failed', nowUs);
  }

  #close(row: Row, nowUs: number): void {
    if (row.status !== 'open' || !row.evaluated) return;
    this.#decide(row, row.assertion.mode === 'always' ? 'passed' : 'failed', nowUs);
  }

  #decide(row: Row, status: 'passed' | 'failed', nowUs: number): void {
    row.status = status;
    row.atUs = nowUs;
  }

  verdicts(): AssertionVerdict[] {
    return this.#rows.map((row) => ({
      text: row.assertion.text,
      status: row.status === 'open' ? 'unevaluated' : row.status,
      atMs: row.atUs === undefined ? null : row.atUs / 1000,
      value: row.value,
    }));
  }
}
