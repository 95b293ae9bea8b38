/**
 * What must hold. Each assertion is looked at with every measurement in its window and once at the end. One that never had anything to
 * look at proves nothing: its status is `unevaluated`, and the run is invalid.
 */
import type { Assertion } from '../model/experiment.js';
import type { AssertionVerdict } from '../model/result.js';

/** What an assertion asks of the network now. */
export interface BoundAssertion {
  readonly assertion: Omit<Assertion, 'condition'>;
  /** 1, 0, or NaN when there is nothing to look at. */
  readonly holds: () => number;
  /** The number to show beside the verdict; NaN for none. */
  readonly value: () => number;
  /** What was measured, by name. */
  readonly seen: () => Readonly<Record<string, number | null>>;
}

interface Row extends BoundAssertion {
  status: 'open' | 'passed' | 'failed';
  atUs: number | undefined;
  shown: number;
  shownAll: Readonly<Record<string, number | null>>;
  evaluated: boolean;
}

export class AssertionLedger {
  readonly #rows: Row[];

  constructor(assertions: readonly BoundAssertion[]) {
    this.#rows = assertions.map((bound) => ({
      ...bound,
      status: 'open',
      atUs: undefined,
      shown: NaN,
      shownAll: {},
      evaluated: false,
    }));
  }

  /** A regular measurement. */
  look(nowUs: number): void {
    for (const row of this.#rows) {
      const { assertion } = row;
      if (row.status !== 'open' || assertion.mode === 'finally') continue;
      if (nowUs >= assertion.fromUs && nowUs <= assertion.untilUs) this.#evaluate(row, nowUs);
      if (nowUs >= assertion.untilUs) this.#close(row, nowUs);
    }
  }

  /** The run is over: windows that are open are looked at once more and closed. */
  end(nowUs: number): void {
    for (const row of this.#rows) {
      const { assertion } = row;
      if (row.status !== 'open') continue;
      if (nowUs >= assertion.fromUs && (nowUs <= assertion.untilUs || assertion.mode === 'finally'))
        this.#evaluate(row, nowUs);
      this.#close(row, nowUs);
    }
  }

  #evaluate(row: Row, nowUs: number): void {
    const holds = row.holds();
    if (Number.isNaN(holds)) return;
    row.evaluated = true;
    row.shown = row.value();
    const { mode } = row.assertion;
    if (mode === 'eventually' && holds === 1) this.#decide(row, 'passed', nowUs);
    if (mode === 'always' && holds === 0) this.#decide(row, 'failed', nowUs);
    if (mode === 'finally') this.#decide(row, holds === 1 ? 'passed' : 'failed', nowUs);
  }

  #close(row: Row, nowUs: number): void {
    if (row.status !== 'open' || !row.evaluated) return;
    this.#decide(row, row.assertion.mode === 'always' ? 'passed' : 'failed', nowUs);
  }

  #decide(row: Row, status: 'passed' | 'failed', nowUs: number): void {
    row.status = status;
    row.atUs = nowUs;
    row.shownAll = row.seen();
  }

  /** The number beside each verdict as it is: NaN for none, and perhaps infinite. */
  measured(): number[] {
    return this.#rows.map(({ shown }) => shown);
  }

  verdicts(): AssertionVerdict[] {
    return this.#rows.map((row) => ({
      text: row.assertion.text,
      status: row.status === 'open' ? 'unevaluated' : row.status,
      atMs: row.atUs === undefined ? null : row.atUs / 1000,
      value: Number.isFinite(row.shown) ? row.shown : null,
      seen: row.shownAll,
    }));
  }
}
