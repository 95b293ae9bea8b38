/** Recovery: faults and liars end in time, the time to come back is exact, and what cannot come back fails. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/core/app/simulate-text.js';
import { complaints, load } from '../scenario/helpers.js';

const badDay = (faultEnd: string, liarEnd: string, workEnd: string, more: string): string => `version: 1
stopTime: 40s
nodes: { groups: [{ id: island, count: 4 }, { id: mainland, count: 8 }] }
network: { latency: 20ms, jitter: 5ms, loss: 0.1 }
dissemination: { mode: push-pull, fanout: 2, interval: 200ms, antiEntropy: { interval: 1s } }
workload: [{ broadcast: { nodes: { count: 3 } }, every: 1s${workEnd} }]
adversaries: [{ id: liars, drop: { nodes: { ids: [mainland-2] } }${liarEnd} }]
faults:
  - { id: cut, partition: { isolate: { group: island } }, from: 5s${faultEnd} }
  - { id: crashes, crash: { nodes: { count: 1 }, restartAfter: 2s }, every: 3s${faultEnd} }
${more}`;

describe('recovery', () => {
  it('is the same run as one in which everything ends by hand', () => {
    const end = ', until: 20s';
    const byHand = simulate(badDay(end, end, end, ''));
    const recovered = simulate(badDay('', '', '', 'recovery: { after: 20s, within: 10s }\n'));
    expect(recovered.fingerprint).toBe(byHand.fingerprint);
    expect(recovered.faults).toEqual(byHand.faults);
    expect(simulate(badDay('', '', '', '')).fingerprint).not.toBe(byHand.fingerprint);
    expect(recovered.assertions).toMatchObject([
      { text: 'recovery after 20s, within 10s', status: 'passed' },
    ]);
    // A crash at 18 s is over at 20 s, so that nothing stands in the way; anti-entropy takes some of its turns of a second.
    const { timeToRecover } = recovered.metrics;
    expect(timeToRecover).toBeGreaterThan(0);
    expect(timeToRecover).toBeLessThan(6000);
    expect(recovered.assertions[0].value).toBe(timeToRecover);
  });

  it('ends an end that would come later, and leaves one that comes sooner', () => {
    const sooner = simulate(badDay(', until: 10s', '', '', 'recovery: { after: 20s, within: 10s }\n'));
    const later = simulate(badDay(', until: 39s', '', '', 'recovery: { after: 20s, within: 10s }\n'));
    const never = simulate(badDay('', '', '', 'recovery: { after: 20s, within: 10s }\n'));
    expect(later.fingerprint).toBe(never.fingerprint);
    expect(sooner.fingerprint).not.toBe(never.fingerprint);
  });

  it('the time to recover is that of the first exchange after the cut', () => {
    // One node knows, the other is cut off to 10.25 s. Both turn at whole seconds; a push takes 30 ms.
    const { metrics, assertions, status } = simulate(`version: 1
stopTime: 20s
activation: synchronous
nodes: { count: 2 }
network: { latency: 30ms }
dissemination: { mode: push, fanout: 1, interval: 1s }
workload: [{ rumor: { nodes: { ids: [node-0] } } }]
faults: [{ partition: { isolate: { ids: [node-1] } } }]
recovery: { after: 10.25s, within: 5s }
`);
    expect([status, assertions[0].atMs]).toEqual(['passed', 11_100]);
    expect(metrics.timeToRecover).toBe(780);
  });

  it('an aim of your own, and publications that go on', () => {
    // Down from 8 s to 13 s, and looked at every 100 ms.
    const { metrics, assertions } = simulate(`version: 1
stopTime: 30s
nodes: { count: 4 }
workload: [{ broadcast: {}, every: 1s }]
faults: [{ crash: { nodes: { ids: [node-2] }, restartAfter: 5s }, at: 8s }]
recovery: { after: 10s, within: 5s, until: 'all(nodes, up) and deliveryRatio > 0.5', workload: continue }
`);
    expect(assertions).toMatchObject([
      { text: 'recovery after 10s, within 5s, all(nodes, up) and deliveryRatio > 0.5', atMs: 13_000 },
    ]);
    expect(metrics.timeToRecover).toBe(3000);
    // Four publishers to 30 s, where publishing stopped at 10 s it would be a third of that.
    expect(metrics.publications + metrics.censored).toBeGreaterThan(100);
  });

  it('what was lost for good fails, and so does what takes too long', () => {
    const flood = simulate(`version: 1
stopTime: 20s
nodes: { count: 6 }
workload: [{ broadcast: {}, every: 1s }]
faults: [{ partition: { isolate: { share: 0.5 } } }]
recovery: { after: 10s, within: 5s }
`);
    expect(flood.assertions).toMatchObject([{ status: 'failed', atMs: 15_000, value: null }]);
    expect(flood.status).toBe('failed');
    expect(flood.metrics.timeToRecover).toBe(null);
    const slow = simulate(`version: 1
stopTime: 20s
nodes: { count: 4 }
faults: [{ crash: { nodes: { count: 1 }, restartAfter: 5s }, at: 9s }]
recovery: { after: 10s, within: 3s }
`);
    // All hold the same, which is nothing; but somebody has yet to come back.
    expect(slow.assertions).toMatchObject([{ status: 'failed', atMs: 13_000 }]);
  });

  it('with stopWhen, the run is over when it has recovered', () => {
    const run = simulate(badDay('', '', '', 'stopWhen: converged\nrecovery: { after: 20s, within: 10s }\n'));
    expect(run.status).toBe('passed');
    expect(run.stoppedAtMs).toBeCloseTo(20_000 + (run.metrics.timeToRecover ?? NaN), -1);
  });

  it('is printed and read again', () => {
    const { resolved } = load(
      badDay(
        '',
        '',
        '',
        "recovery: { after: 20s, within: 10s, until: 'all( live,step>3)', workload: continue }\n",
      ),
    );
    expect(resolved.recovery).toEqual({
      after: '20s',
      within: '10s',
      until: 'all(live, step > 3)',
      workload: 'continue',
    });
  });

  it.each([
    [
      'recovery: { after: 20s, within: 21s }',
      /recovery\.within: the network would have until after stopTime. Make stopTime at least 41s/,
    ],
    ['recovery: { within: 5s }', /"after" is missing/],
    ['recovery: { after: 4s, within: 5s }', /faults\[0\]: this begins when all faults have ended/],
    [
      "recovery: { after: 20s, within: 5s, until: 'coverage(group: iland) > 0' }",
      /:61: recovery\.until: there is no group "iland".*Did you mean island/,
    ],
    ['recovery: { after: 20s, within: 5s, until: nodesUp }', /expected a comparison/],
  ])('%s', (text, expected) => {
    expect(complaints(badDay('', '', '', `${text}\n`)).join('\n')).toMatch(expected);
  });

  it('liars and messages that would come too late are refused', () => {
    const late = badDay('', ', from: 25s', ', from: 22s', 'recovery: { after: 20s, within: 5s }\n');
    expect(complaints(late).join('\n')).toMatch(
      /adversaries\[0\]\.from: this begins.*workload|workload.*adversaries\[0\]\.from: this begins/s,
    );
  });
});
