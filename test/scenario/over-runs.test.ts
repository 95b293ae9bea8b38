/** `runs` of an assertion: what it takes, what it becomes, and what it says to what makes no sense. */
import { describe, expect, it } from 'vitest';
import { scenarioText } from '../../src/core/scenario/print.js';
import { complaints, load, small } from './helpers.js';

const asserting = (...entries: string[]): string =>
  small(`assertions:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`);

describe('runs', () => {
  it('a share of any assertion, and a figure with its bound on the right', () => {
    const { experiment } = load(
      asserting(
        'always: nodesUp >= 3, until: 5s, runs: 0.95',
        'finally: disseminationLatency.p99 < 250ms, runs: p95',
        'finally: 0.99 <= deliveryRatio, runs: mean',
        'never: nodesUp < 3',
      ),
    );
    expect(experiment.assertions.map(({ text, overRuns }) => [text, overRuns])).toEqual([
      ['always nodesUp >= 3, until 5s, in 0.95 of the runs', { kind: 'share', share: 0.95 }],
      [
        'finally disseminationLatency.p99 < 250ms, p95 of the runs',
        { kind: 'figure', figure: 'p95', comparison: '<', bound: 250, unit: 'milliseconds' },
      ],
      [
        'finally 0.99 <= deliveryRatio, mean of the runs',
        { kind: 'figure', figure: 'mean', comparison: '>=', bound: 0.99, unit: 'ratio' },
      ],
      ['never nodesUp < 3', undefined],
    ]);
  });

  it('is written down as it was said', () => {
    const text = asserting('always: nodesUp >= 3, runs: 0.95', 'finally: reach > 0.5, runs: p5');
    const again = load(scenarioText(load(text).resolved));
    expect(again.experiment.assertions).toMatchObject(
      load(text).experiment.assertions.map(({ text: said }) => ({ text: said })),
    );
    expect(again.resolved.assertions).toMatchObject([{ runs: 0.95 }, { runs: 'p5' }]);
  });

  it.each([
    ['finally: nodesUp >= 1, runs: 20', 'said by repetitions'],
    ['finally: nodesUp >= 1, runs: 95%', 'such as 0.95'],
    ['finally: nodesUp >= 1, runs: p96', 'Did you mean p9'],
    ['finally: nodesUp >= 1, runs: 0', 'above 0'],
    ['finally: nodesUp >= 1, runs: -0.5', 'above 0'],
    ['finally: nodesUp >= 1, runs: "0.9"', 'a share of the runs'],
    ['finally: nodesUp >= 1, runs: [mean]', 'a share of the runs'],
    ['finally: nodesUp >= 1, run: 0.9', 'Did you mean runs?'],
    ['always: nodesUp >= 1, runs: mean', 'one number a run'],
    ['finally: nodesUp == 1, runs: p95', 'one comparison with a number'],
    ['finally: not nodesUp >= 1, runs: p95', 'one comparison with a number'],
    ['finally: nodesUp >= 1 and stepMax > 3, runs: p95', 'one comparison with a number'],
    ['finally: nodesUp >= stepMax, runs: mean', 'one comparison with a number'],
    ['finally: 1 >= 2, runs: mean', 'one comparison with a number'],
  ])('{ %s } is refused with the next step', (entry, words) => {
    const lines = complaints(asserting(entry));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(words);
  });
});
