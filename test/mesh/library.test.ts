import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/mesh/clock.js';
import { MeshObserver, type Anomaly } from '../../src/core/mesh/mesh-observer.js';
import { PatternGenerator } from '../../src/core/mesh/pattern-generator.js';
import { PerformanceMonitor } from '../../src/core/mesh/performance-monitor.js';
import { SyncProtocol, type StepPeer } from '../../src/core/mesh/sync-protocol.js';
import { reconcileSteps } from '../../src/core/parts/step-rules.js';

describe('PatternGenerator', () => {
  it('gives the published sequence, before and after clearing its cache', () => {
    const generator = new PatternGenerator(7, 100);
    const values = [0, 1, 2, 3, 4, 99, 100, 101, 102];
    expect(values.map((step) => generator.computeValue(step))).toEqual([7, 4, 1, 7, 4, 7, 7, 4, 1]);
    generator.clearCache();
    expect(generator.computeValue(47)).toBe(1);
    expect(() => generator.computeValue(-1)).toThrow(expect.objectContaining({ code: 'invalid-step' }));
    expect(() => new PatternGenerator(0)).toThrow(expect.objectContaining({ code: 'invalid-seed' }));
  });
});

describe('MeshObserver', () => {
  const good = { senderId: 'a', globalStep: 0, patternValue: 7, data: 1 };

  it('counts two messages, one of them wrong: 2, 1, 1, 50 %', () => {
    const clock = new ManualClock(5000);
    const observer = new MeshObserver({ seed: 7, phaseResetInterval: 100, clock });
    const anomalies: Anomaly[] = [];
    const valid: unknown[] = [];
    observer.onAnomaly((anomaly) => anomalies.push(anomaly));
    observer.onValidMessage((message) => valid.push(message));
    expect(observer.getStatistics()).toEqual({
      totalObserved: 0,
      validMessages: 0,
      anomalies: 0,
      successRate: null,
    });
    expect(observer.observe(good)).toBe(true);
    expect(observer.observe({ ...good, senderId: 'b', patternValue: 9 })).toBe(false);
    expect(observer.getStatistics()).toEqual({
      totalObserved: 2,
      validMessages: 1,
      anomalies: 1,
      successRate: 50,
    });
    expect(anomalies).toMatchObject([
      { type: 'pattern-mismatch', expected: 7, received: 9, timestamp: 5000, message: { senderId: 'b' } },
    ]);
    expect(valid).toMatchObject([good]);
  });

  it('notices replays and steps that go back, as mesh observe does', () => {
    const observer = new MeshObserver();
    observer.observe(good);
    observer.observe({ ...good, globalStep: 5, patternValue: 1 });
    observer.observe({ ...good, globalStep: 5, patternValue: 1 });
    observer.observe({ ...good, globalStep: 3, patternValue: 7 });
    expect(observer.anomalies().map(({ type }) => type)).toEqual(['step-repeat', 'step-backwards']);
  });

  it('counts anything malformed, and never throws', () => {
    const observer = new MeshObserver();
    observer.onAnomaly(() => { throw new Error('handler'); }); // prettier-ignore
    for (const rubbish of [undefined, 1, {}, [], { ...good, globalStep: 1e400 }])
      expect(observer.observe(rubbish)).toBe(false);
    expect(observer.getStatistics()).toMatchObject({ totalObserved: 5, anomalies: 5, successRate: 0 });
    expect(observer.handlerErrors).toBe(5);
  });

  it('keeps a bounded history with exact counters, and forgets on request', () => {
    const observer = new MeshObserver({ historySize: 3 });
    for (let i = 0; i < 50; i++) observer.observe({ ...good, patternValue: 9, senderId: `s${i}` });
    expect(observer.anomalies()).toHaveLength(3);
    expect(observer.getStatistics().anomalies).toBe(50);
    observer.clearHistory();
    expect(observer.anomalies()).toEqual([]);
    expect(observer.getStatistics().successRate).toBeNull();
    expect(observer.observe(good)).toBe(true);
  });
});

describe('PerformanceMonitor', () => {
  it('measures by name: count, mean, extremes, total and percentiles', () => {
    const clock = new ManualClock();
    const monitor = new PerformanceMonitor({ clock });
    for (let ms = 1; ms <= 100; ms++) {
      monitor.startTimer('work');
      clock.advance(ms);
      expect(monitor.endTimer('work')).toBe(ms);
    }
    const metrics = monitor.getMetrics('work');
    expect(metrics).toMatchObject({ count: 100, avg: 50.5, min: 1, max: 100, total: 5050 });
    // Nearest rank of 1..100 is the rank itself; the histogram is within 1/256.
    expect(Math.abs((metrics?.p50 ?? 0) - 50)).toBeLessThan(50 / 256);
    expect(Math.abs((metrics?.p95 ?? 0) - 95)).toBeLessThan(95 / 256);
    expect(Math.abs((metrics?.p99 ?? 0) - 99)).toBeLessThan(99 / 256);
    expect([...monitor.getAllMetrics().keys()]).toEqual(['work']);
    monitor.reset();
    expect(monitor.getMetrics('work')).toBeUndefined();
  });

  it('ends the timer that is meant, and refuses one that does not run', () => {
    const clock = new ManualClock();
    const monitor = new PerformanceMonitor({ clock });
    const outer = monitor.startTimer('x');
    clock.advance(10);
    monitor.startTimer('x');
    clock.advance(1);
    expect(monitor.endTimer('x')).toBe(1);
    expect(outer()).toBe(11);
    expect(() => monitor.endTimer('x')).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    expect(() => outer()).toThrow();
  });
});

describe('step rules', () => {
  // By hand: sorted, the claims are 3 5 7 7 1000.
  const claims = [7, 1000, 3, 7, 5];
  it.each([
    ['max', undefined, 1000],
    ['quorum', 1, 7],
    ['quorum', 0, 1000],
    ['quorum', 4, 3],
    ['quorum', 5, undefined],
    ['median', undefined, 7],
    ['majority', undefined, undefined],
  ] as const)('%s with f = %s gives %s', (rule, f, expected) => {
    expect(reconcileSteps(claims, rule, f)).toBe(expected);
  });

  it('majority wants more than half; even numbers have the lower median; nothing comes of nothing', () => {
    expect(reconcileSteps([4, 4, 9], 'majority')).toBe(4);
    expect(reconcileSteps([4, 4, 9, 9], 'majority')).toBeUndefined();
    expect(reconcileSteps([1, 2, 3, 4], 'median')).toBe(2);
    expect(reconcileSteps([], 'max')).toBeUndefined();
    expect(() => reconcileSteps([1, -1], 'max')).toThrow(expect.objectContaining({ code: 'invalid-step' }));
  });

  it('with f liars among n > 3f, quorum never exceeds what an honest node claims', () => {
    // 7 voices bear floor(6/3) = 2 liars.
    expect(reconcileSteps([10, 11, 12, 10, 11, 999, 998], 'quorum')).toBe(12);
    expect(reconcileSteps([10, 11, 12, 10, 999, 999, 998], 'quorum')).toBe(998);
  });
});

describe('SyncProtocol', () => {
  const peer = (nodeId: string, answer: () => number | Promise<number>): StepPeer => ({
    nodeId,
    currentStep: answer,
  });

  it('asks, waits so long, and leaves out who fails, lies about types or is silent', async () => {
    const clock = new ManualClock();
    const peers = [
      peer('good', () => 40),
      peer('slow', () => new Promise<number>(() => undefined)),
      peer('broken', () => Promise.reject(new Error('no'))),
      peer('nonsense', () => NaN),
      peer('thrower', () => { throw new Error('no'); }), // prettier-ignore
    ];
    const sync = new SyncProtocol(
      peer('own', () => 12),
      () => peers,
      { rule: 'max', timeoutMs: 500, clock },
    );
    const answer = sync.requestCurrentStep();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    expect(await answer).toBe(40);
    expect(clock.pending).toBe(0);
  });

  it('asks again those that failed or were silent, so often and no more', async () => {
    const clock = new ManualClock();
    const asked = { flaky: 0, silent: 0, good: 0 };
    const peers = [
      peer('good', () => ++asked.good),
      // Answers the second time.
      peer('flaky', () => (++asked.flaky < 2 ? Promise.reject(new Error('busy')) : 77)),
      peer('silent', () => {
        asked.silent++;
        return new Promise<number>(() => undefined);
      }),
    ];
    const sync = new SyncProtocol(
      peer('own', () => 12),
      () => peers,
      { rule: 'max', timeoutMs: 500, retryAttempts: 2, clock },
    );
    const answer = sync.requestCurrentStep();
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(500);
    }
    expect(await answer).toBe(77);
    expect(asked).toEqual({ good: 1, flaky: 2, silent: 3 });
    expect(clock.pending).toBe(0);
    expect(() => new SyncProtocol(peers[0], () => peers, { retryAttempts: -1 })).toThrow(/retryAttempts/);
  });

  it('tells peers a step, but not itself', () => {
    const told: number[] = [];
    const own = { ...peer('own', () => 1), announce: (step: number) => told.push(-step) };
    const other = { ...peer('other', () => 1), announce: (step: number) => told.push(step) };
    const sync = new SyncProtocol(own, () => [own, other, peer('deaf', () => 1)]);
    expect(sync.broadcastStep(9)).toBe(1);
    expect(told).toEqual([9]);
    expect(() => sync.broadcastStep(-1)).toThrow(expect.objectContaining({ code: 'invalid-step' }));
    expect(sync.reconcileSteps([1, 5])).toBe(5);
  });
});
