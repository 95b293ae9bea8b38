/** Faults that wait for something: `when`. */
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../src/core/sim/simulation.js';
import { worldChanges } from '../../src/core/model/record.js';
import { resultOf } from '../../src/core/sim/result.js';
import { complaints, load, small } from '../scenario/helpers.js';

/** [time in seconds, what] of the changes of the world after the start. */
function changes(text: string): {
  readonly list: (readonly [number, number, number])[];
  readonly simulation: Simulation;
} {
  const { experiment } = load(small(text));
  const list: (readonly [number, number, number])[] = [];
  const simulation = new Simulation(experiment, {
    listener: {
      world: (timeUs: number, change: number, subject: number) => {
        if (timeUs > 0) list.push([timeUs / 1e6, change, subject]);
      },
    },
  });
  simulation.begin();
  while (simulation.advance(1000));
  return { list, simulation };
}

const { crash, faultBegins, faultEnds } = worldChanges;
const loss = 'loss: { ratio: 0.5 }';
const twoCrashes = `  - { crash: { nodes: { ids: [node-1] } }, at: 2s }\n  - { crash: { nodes: { ids: [node-2] } }, at: 4s }\n`;

describe('when', () => {
  it('begins a microsecond after the first look at which it holds, and lasts as long as it says', () => {
    const { list } = changes(`faults:\n${twoCrashes}  - { ${loss}, when: nodesUp < 3, duration: 3s }\n`);
    // Looks come every 100 ms; at 4 s the crash is before the look.
    expect(list.filter(([, change, subject]) => change !== crash && subject === 2)).toEqual([
      [4.000001, faultBegins, 2],
      [7.000001, faultEnds, 2],
    ]);
  });

  it('not before `from`, though it holds already', () => {
    const { list } = changes(
      `faults:\n${twoCrashes}  - { ${loss}, when: nodesUp < 3, from: 5s, duration: 1s }\n`,
    );
    expect(list.find(([, change, subject]) => change === faultBegins && subject === 2)?.[0]).toBe(5.000001);
  });

  it('never after `until`: a fault that never begins makes the run invalid', () => {
    const { simulation } = changes(
      `faults:\n${twoCrashes}  - { id: late, ${loss}, when: nodesUp < 3, until: 4s }\n`,
    );
    expect(resultOf(simulation)).toMatchObject({
      status: 'invalid',
      invalidBecause: ['The fault late (loss) never began.'],
      faults: [{}, {}, { id: 'late', fired: 0 }],
    });
  });

  it('a moment: who crashes when another has', () => {
    const third = '  - { crash: { nodes: { ids: [node-3] } }, when: nodesUp <= 3 }\n';
    const { list } = changes(`faults:\n${twoCrashes}${third}`);
    expect(list.filter(([, change]) => change === crash)).toEqual([
      [2, crash, 1],
      [2.000001, crash, 3],
      [4, crash, 2],
    ]);
  });

  it('what cannot be said yet does not hold', () => {
    const { list } = changes(
      `faults:\n  - { crash: { nodes: { ids: [node-3] } }, when: deliveryRatio < 1 }\n`,
    );
    expect(list).toEqual([]);
  });

  it.each([
    [
      '{ crash: { nodes: all }, when: nodesUp < 3, at: 1s }',
      'faults[0].at: when says when it begins, so at means nothing',
    ],
    ['{ crash: { nodes: all }, when: nodesup < 3 }', '4:41: faults[0].when: unknown metric "nodesup"'],
    ['{ crash: { nodes: all }, when: true }', 'faults[0].when: expected a comparison such as'],
    [
      `{ ${loss}, at: 1s, duration: 2s, until: 5s }`,
      'faults[0].until: duration and until both say when it ends',
    ],
  ])('%s is refused', (entry, said) => {
    expect(complaints(small(`faults: [${entry}]\n`)).join('\n')).toContain(said);
  });
});
