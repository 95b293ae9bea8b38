/** What the report of a pattern says, and that it fits a terminal of 80 columns without colour. */
import { describe, expect, it } from 'vitest';
import { type Block, type Line } from '../../src/core/base/blocks.js';
import { paint } from '../../src/cli/paint.js';
import { type Pattern, type PatternSettings, stepMax } from '../../src/core/model/pattern.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { hmacPattern } from '../../src/core/patterns/hmac.js';
import { analyze } from '../../src/core/patterns/strength.js';
import { analysisBlocks, briefBlocks, patternTitle } from '../../src/core/reports/pattern.js';
import { patternTable, resetLegend } from '../../src/core/reports/pattern-table.js';

const text = async (blocks: readonly Block[]): Promise<string> => paint(blocks, { columns: 80, colour: 0 });

const full = async (settings: PatternSettings, against?: object): Promise<string> =>
  text(
    analysisBlocks(
      'digit-collapse',
      digitCollapse.create(settings),
      analyze(digitCollapse, settings, against),
    ),
  );

const brief = async (settings: PatternSettings): Promise<string> =>
  text(briefBlocks(digitCollapse.create(settings), analyze(digitCollapse, settings)));

async function table(
  pattern: Pattern,
  settings: PatternSettings,
  from: number,
  steps: number,
): Promise<string> {
  const lines: Line[] = [...patternTable(pattern.create(settings), { from, steps }, 80)];
  return text([{ kind: 'text', lines }]);
}

describe('the whole analysis', () => {
  it('names period, values and the three odds', async () => {
    const words = await full({ seed: 7, phaseResetInterval: 100 });
    expect(words).toMatch(/^Period +3 steps between resets$/m);
    expect(words).toMatch(/^Repeats after +100 steps$/m);
    expect(words).toMatch(/^Distinct values +3$/m);
    expect(words).toMatch(/^blind +11\.11 % = 1\/9 /m);
    expect(words).toMatch(/^informed +34 % += 17\/50 /m);
    expect(words).toMatch(/^observed +always /m);
  });

  it('says never where nothing is ever noticed', async () => {
    const words = await full({ seed: 7, phaseResetInterval: 99 }, { phaseResetInterval: 198 });
    expect(words).toMatch(/│ +7 │ +198 │ +0 % │ +never │/);
    expect(words).toMatch(/another\s+multiple\s+of\s+3\s+is\s+never\s+noticed/);
  });

  it('says that a seed of equal residue takes a hundred messages', async () => {
    expect(await full({ seed: 7 }, { seed: 16 })).toMatch(/│ +16 │ +100 │ +1 % │ +100 │/);
  });

  it('X-06: says in plain words that this is no security', async () => {
    for (const words of [await full({}), await brief({})]) {
      expect(words.replace(/\s+/g, ' ')).toContain('a synchronisation check and not security');
    }
  });

  it('P-05: warns of weak seeds, in brief too', async () => {
    expect(await brief({ seed: 9 })).toContain('Weak seed');
    expect(await brief({ seed: 9 })).toMatch(/A wrong interval +is never noticed/);
    expect(await brief({ seed: 7, phaseResetInterval: 99 })).toMatch(
      /A wrong interval +may never be noticed, such as 198/,
    );
    expect(await brief({ seed: 7 })).not.toContain('Weak seed');
  });

  it('fits 80 columns, whatever the settings', async () => {
    const numbers = [1, 2, 3, 7, 8, 9, 99, 100, 123_456, 2 ** 32, stepMax - 1, stepMax];
    for (const seed of numbers) {
      for (const phaseResetInterval of numbers) {
        const settings = { seed, phaseResetInterval };
        const pattern = digitCollapse.create(settings);
        const words = [
          patternTitle('digit-collapse', pattern),
          await full(settings, { seed: stepMax, phaseResetInterval: stepMax }),
          await brief(settings),
          resetLegend(pattern, { from: 0, steps: 1 }) ?? '',
          await table(digitCollapse, settings, 0, 30),
          await table(digitCollapse, settings, stepMax - 29, 30),
        ].join('\n');
        const longest = Math.max(...words.split('\n').map((line) => line.length));
        expect(longest, words).toBeLessThanOrEqual(80);
      }
    }
    const key = new Uint8Array(32);
    const analysis = analyze(hmacPattern, { key });
    const pattern = hmacPattern.create({ key });
    const words =
      (await text([...analysisBlocks('hmac', pattern, analysis), ...briefBlocks(pattern, analysis)])) +
      (await table(hmacPattern, { key }, stepMax - 30, 30));
    expect(Math.max(...words.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('the table', () => {
  it('has rows of ten steps, with resets marked', async () => {
    expect((await table(digitCollapse, {}, 95, 12)).split('\n')).toEqual([
      'step   +0  +1  +2  +3  +4  +5  +6  +7  +8  +9',
      '  90                        1   7   4   1   7',
      ' 100    7*  4   1   7   4   1   7',
      '',
    ]);
  });

  it('calls a long seed by its name', async () => {
    expect(await table(digitCollapse, { seed: 12_345, phaseResetInterval: 4 }, 0, 5)).toContain('seed*');
    expect(await table(digitCollapse, { seed: 1234, phaseResetInterval: 4 }, 0, 5)).toContain('1234*');
  });

  it('makes rows shorter for keyed values', async () => {
    const key = new Uint8Array(32);
    const value = String(hmacPattern.create({ key }).value(3));
    expect(await table(hmacPattern, { key }, 0, 8)).toContain(value);
  });

  it('explains the star only where there is one', () => {
    const pattern = digitCollapse.create({});
    expect(resetLegend(pattern, { from: 1, steps: 99 })).toBeUndefined();
    expect(resetLegend(pattern, { from: 1, steps: 100 })).toContain('the seed itself, 7');
    expect(resetLegend(pattern, { from: 0, steps: 1 })).toContain('the seed itself, 7');
  });

  it('is made line by line, however long it is', () => {
    const lines = patternTable(digitCollapse.create({}), { from: 0, steps: stepMax }, 80);
    for (let i = 0; i < 1000; i++) expect(lines.next().done).toBe(false);
  });

  it('is empty for no steps', async () => {
    expect(await table(digitCollapse, {}, 0, 0)).toBe('\n');
  });
});
