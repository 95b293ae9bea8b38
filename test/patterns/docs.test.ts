/** The figures in docs/pattern.md are those of the code, and the code's are those of the docs. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { analyze } from '../../src/core/patterns/strength.js';

const page = await readFile(new URL('../../docs/pattern.md', import.meta.url), 'utf8');

/** Cells of the table rows that match. */
function rows(pattern: RegExp): string[][] {
  return page
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/pattern.md', () => {
  it('has the strength of each residue', () => {
    const table = rows(/^\| +\d +\|/);
    expect(table.map(([residue]) => Number(residue))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [residue, ...cells] of table) {
      const seed = residue === '0' ? 9 : Number(residue);
      const { period, distinctValues, odds } = analyze(digitCollapse, { seed });
      expect(cells).toEqual([
        String(period),
        String(distinctValues),
        odds.blind.exact,
        String(odds.informed.value),
        odds.observed.exact,
      ]);
    }
  });

  it('has the values of the example', () => {
    const steps = rows(/^\| +step +\| +0 /)[0] ?? [];
    const values = rows(/^\| +value +\| +7 /)[0] ?? [];
    const pattern = digitCollapse.create({});
    const shown = steps.flatMap((step, column) =>
      /^\d+$/.test(step) ? [[Number(step), values[column]]] : [],
    );
    expect(shown.length).toBe(10);
    for (const [step, value] of shown) expect(String(pattern.value(Number(step)))).toBe(value);
  });

  it('has the share of altered steps that are noticed', () => {
    const share = rows(/its step is changed to one drawn at random/)[0]?.[1];
    expect(share).toBe(String(analyze(digitCollapse, {}).noticed.alteredStep.value));
  });
});
