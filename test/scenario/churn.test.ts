/** The section `churn` in scenarios: what becomes of it, and what its files may hold. */
import { describe, expect, it } from 'vitest';
import type { ChurnPlan } from '../../src/core/faults/churn.js';
import { complaints, load, small } from './helpers.js';

const planOf = (text: string, files: Readonly<Record<string, string>> = {}): ChurnPlan =>
  load(small(text), { files }).experiment.faults[0].parameters as unknown as ChurnPlan;

const trace = (lines: string): string[] =>
  complaints(small('churn: { trace: a.csv }\n'), { files: { 'a.csv': lines } });

describe('churn', () => {
  it('becomes one fault of its own kind, behind the others', () => {
    const { experiment } = load(
      small('churn: { lifetime: 60min, downtime: 20min }\nfaults: [{ crash: { nodes: all }, at: 1s }]\n'),
    );
    expect(experiment.faults.map(({ id, kind }) => [id === 'churn', kind.name])).toEqual([
      [false, 'crash'],
      [true, 'churn'],
    ]);
  });

  it('durations are constants, distributions keep their words', () => {
    expect(
      planOf('churn: { lifetime: 60s, downtime: { distribution: weibull, scale: 5s, shape: 0.5 } }\n'),
    ).toMatchObject({
      lifetime: { distribution: 'constant', valueUs: 60e6 },
      downtime: { distribution: 'weibull', scaleUs: 5e6, shape: 0.5 },
    });
  });

  it('prints as it was written, and reads again as the same', () => {
    const text =
      'churn: { lifetime: { distribution: exponential, mean: 1min }, joinRate: 30/min, targetSize: 3 }\n';
    const { resolved, experiment } = load(small(text));
    const again = load(JSON.stringify(resolved));
    expect(again.resolved).toEqual(resolved);
    expect(again.experiment.faults[0].parameters).toEqual(experiment.faults[0].parameters);
  });

  it('of nodes that change their minds a million times a second is refused with what it would cost', () => {
    const text =
      'version: 1\nstopTime: 1h\nnodes: { count: 1000 }\nchurn: { lifetime: 1us, downtime: 1us }\n';
    expect(complaints(text).join()).toContain('the run would take about 3,600,000,000,000 events');
  });

  it('none switches it off', () => {
    expect(
      load(small('churn: { lifetime: 1s, downtime: 1s }\n'), { set: ['churn=none'] }).experiment.faults,
    ).toEqual([]);
  });

  it('an id that it needs is refused for others', () => {
    const text =
      'churn: { lifetime: 1s, downtime: 1s }\nfaults: [{ id: churn, crash: { nodes: all }, at: 1s }]\n';
    expect(complaints(small(text)).join()).toContain('5:16: faults[0].id: the section churn has this id');
  });
});

describe('a churn trace', () => {
  it('has times in seconds or with a unit, a heading or none, comments and empty lines', () => {
    const lines =
      'time,node,state\r\n# from a measurement\n0.5, node-1, down\n\n2min,node-1,up\n120,node-2,left\n';
    expect(planOf('churn: { trace: a.csv }\n', { 'a.csv': lines }).moves).toEqual([
      { atUs: 500_000, node: 1, to: 'down' },
      { atUs: 120e6, node: 1, to: 'up' },
      { atUs: 120e6, node: 2, to: 'left' },
    ]);
  });

  it.each([
    ['1,node-1', 'a.csv:1: 2 cells (expected time,node,up|down|left)'],
    ['1,node-1,down\n2,node-9,up', 'a.csv:2: there is no node "node-9"'],
    ['1,node-1,off', 'a.csv:1: "off" (expected up, down or left)'],
    ['soon,node-1,down', 'a.csv:1: '],
    ['2,node-1,down\n1,node-2,down', 'a.csv:2: this is earlier than the line before'],
    ['1,node-1,down\n2,node-1,left', 'a.csv:2: "node-1" is down already'],
    ['1,\u001b[31m,down', 'there is no node "\\u001b[31m"'],
  ])('%j is refused with its line', (lines, said) => {
    const all = trace(lines);
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(said);
    expect(all[0]).toMatch(/^scenario\.yaml:4:\d+: churn\.trace: /);
  });
});
