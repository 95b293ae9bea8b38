/** Expressions in scenarios: errors stand at their character, names must exist, and groups and nodes are measured as they are. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/core/app/simulate-text.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { complaints, load, small } from './helpers.js';

describe('errors stand at their character', () => {
  it.each([
    ['assertions: [{ always: nodesUp > 1 and stpMax > 1 }]', 40],
    ['assertions: [{ always: "nodesUp > 1 and stpMax > 1" }]', 41],
    ["assertions: [{ always: 'nodesUp > 1 and stpMax > 1' }]", 41],
    // An escape moves everything behind it: the place is that of the text, and the character is counted.
    ['assertions: [{ always: "nodesUp\\x20> 1 and stpMax > 1" }]', 24],
  ])('%s: column %i', (text, column) => {
    const [complaint] = complaints(small(`${text}\n`));
    expect(complaint).toContain('unknown metric "stpMax"');
    expect(complaint).toContain('Did you mean stepMax?');
    expect(complaint).toMatch(new RegExp(`^scenario\\.yaml:\\d+:${column}: assertions\\[0\\]\\.always: `));
    expect(complaint.includes('(at character 17)')).toBe(text.includes('x20'));
  });

  it('over several lines', () => {
    for (const sign of ['', '>', '|-', '>-']) {
      const text = `assertions:\n  - always: ${sign}\n      nodesUp > 1\n      and stpMax > 1\n`;
      const lines = small(text).split('\n');
      const line = lines.findIndex((each) => each.includes('stpMax')) + 1;
      expect(complaints(small(text))[0]).toMatch(new RegExp(`^scenario\\.yaml:${line}:11: `));
    }
  });

  it('a comma in a text without quotes', () => {
    expect(complaints(small('assertions: [{ always: all(live, step > 3) }]\n'))).toContainEqual(
      expect.stringMatching(
        /:32: .*expected , and what to look at, found the end. Put the expression between quotes/,
      ),
    );
  });

  it('groups and nodes must exist', () => {
    const text = small(
      'assertions: [{ always: "coverage(group: europ) > 0" }, { always: "up(node: us-7)" }]\n',
    ).replace(/nodes:.*/, 'nodes: { groups: [{ id: europe, count: 3 }, { id: us, count: 2 }] }');
    expect(complaints(text)).toEqual([
      expect.stringMatching(
        /^scenario\.yaml:\d+:41: assertions\[0\]\.always: there is no group "europ", expected one of europe, us. Did you mean europe\?$/,
      ),
      expect.stringMatching(/^scenario\.yaml:\d+:76: assertions\[1\]\.always: there is no node "us-7"/),
    ]);
  });
});

/** Two groups that a partition keeps apart to the end; the first has 3 nodes, the second 5. */
const apart = `version: 1
stopTime: 20s
nodes: { groups: [{ id: few, count: 3 }, { id: many, count: 5 }] }
workload:
  - { broadcast: { nodes: { group: few }, data: {} }, every: 1s, deadline: 1s }
faults:
  - { partition: { isolate: { group: few } } }
  - { id: down, crash: { nodes: { ids: [many-4] } }, at: 5s }
`;

describe('groups and nodes', () => {
  it.each([
    ['finally', 'deliveryRatio(group: few) == 1 and deliveryRatio(group: many) == 0', 'passed'],
    // Two of the three hear each message; all five, or four, do not.
    ['finally', 'deliveryRatio > 0.28 and deliveryRatio < 0.34', 'passed'],
    ['finally', 'coverage(group: few) == 1 and coverage(group: many) == 0', 'passed'],
    ['finally', 'disseminationLatency.max(group: few) == 10ms', 'passed'],
    ['finally', 'disseminationLatency.p50(group: many) > 1h and disseminationLatency.p99 > 1h', 'passed'],
    ['finally', 'averageLatency(group: many) >= 0', 'unevaluated'],
    ['finally', 'nodesUp(group: few) == 3 and nodesUp(group: many) == 4', 'passed'],
    ['finally', 'messagesSent(group: few) > 0 and messagesSent(group: many) == 0', 'passed'],
    ['finally', 'messagesSent(group: few) == sum(nodes(group: few), sent)', 'passed'],
    ['finally', 'stepMin(group: few) >= 19 and stepMax(group: many) < 19', 'passed'],
    ['finally', 'not up(node: many-4) and up(node: many-3)', 'passed'],
    ['always', 'all(nodes, up)', 'failed'],
    ['sometimes', 'any(nodes, not up)', 'passed'],
    ['never', 'any(nodes, not up)', 'failed'],
    ['never', 'nodesUp(group: few) < 3', 'passed'],
    ['sometimes', 'nodesUp(group: few) < 3', 'failed'],
  ])('%s %s: %s', (mode, text, status) => {
    const { assertions } = simulate(`${apart}assertions: [{ ${mode}: '${text}' }]\n`);
    expect(assertions.map((verdict) => verdict.status)).toEqual([status]);
  });

  it('figures of groups add up to those of the network where nodes come and go, and where not', () => {
    for (const faults of ['', 'faults: [{ crash: { nodes: { count: 2 }, restartAfter: 3s }, every: 4s }]']) {
      const { assertions, metrics } = simulate(`version: 1
stopTime: 20s
nodes: { groups: [{ id: few, count: 3 }, { id: many, count: 9 }] }
network: { loss: 0.3 }
dissemination: { mode: direct }
workload: [{ broadcast: {}, every: 1s, deadline: 1s }]
${faults}
assertions:
  - { finally: 'deliveryRatio(group: few) > 0' }
  - { finally: 'deliveryRatio(group: many) > 0' }
  - { finally: 'messagesSent(group: few) + messagesSent(group: many) == messagesSent' }
  - { always: 'min(coverage(group: few), coverage(group: many)) <= coverage' }
  - { always: 'max(coverage(group: few), coverage(group: many)) >= coverage' }
`);
      expect(assertions.map(({ status }) => status)).toEqual(Array(5).fill('passed'));
      const [few, many] = assertions.map(({ value }) => value ?? NaN);
      const all = metrics.deliveryRatio ?? NaN;
      expect(few === many).toBe(false);
      expect(Math.min(few, many)).toBeLessThan(all);
      expect(Math.max(few, many)).toBeGreaterThan(all);
      // Without crashes everybody counts for every message but its own: 3 * 11 and 9 * 11 pairs a second.
      if (faults === '') expect((few * 3 + many * 9) / 12).toBeCloseTo(all, 12);
    }
  });

  it('are the same for N populations of one as for one population of N', () => {
    const text = `${apart}state: { type: averaging, interval: 1s }
assertions:
  - { finally: 'min(live, step) + max(nodes(group: few), sent) + sum(live, degree) > 0' }
  - { finally: 'mean(live, reading) > 0 and stepMax(group: few) > stepMin(group: many)' }
  - { finally: 'step(node: few-1) + count(nodes, honest and up) == 0' }
recovery: { after: 15s, within: 2s }
`;
    const [shared, single] = (['shared', 'single'] as const).map((populations) => {
      const simulation = new Simulation(load(text).experiment, { populations });
      simulation.begin();
      while (simulation.advance(10_000));
      return resultOf(simulation).assertions;
    });
    expect(single).toEqual(shared);
    expect(shared.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed', 'failed']);
    expect(shared.map(({ value }) => typeof value)).toEqual(['number', 'object', 'number', 'object']);
  });
});
