/**
 * What the pattern check sees of forged messages, against theory: a uniform digit is right one time in nine; with seed 7 three values
 * occur, one third of the time each, so a guess among them is right one time in three; an overheard value always is.
 */
import { describe, expect, it } from 'vitest';
import { adversaries } from '../../src/core/adversaries/registry.js';
import { simulatedSigner } from '../../src/core/io/signers.js';
import type { Experiment } from '../../src/core/model/experiment.js';
import { guards } from '../../src/core/protocols/registry.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, patternMesh, run } from '../sim/experiment.js';

function attacked(kind: string, parameters: Record<string, unknown>, changes: Partial<Experiment> = {}) {
  const experiment = patternMesh(completeGraph(6), {
    stopTimeUs: 400_000_000,
    measureEveryUs: 0,
    adversaries: [
      {
        id: 'liar',
        kind: adversaries.get(kind),
        who: { ids: ['n0'] },
        parameters,
        fromUs: 0,
        untilUs: Infinity,
      },
    ],
    ...changes,
  });
  const everySecond = { ...experiment.workload[0], everyUs: 250_000, untilUs: 400_000_000 };
  return resultOf(run({ ...experiment, workload: [everySecond] })).detection;
}

/** Within 4 standard deviations of a binomial share. */
function expectShare(found: number | null, expected: number, trials: number): void {
  expect(trials).toBeGreaterThan(1000);
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThan(
    4 * Math.sqrt((expected * (1 - expected)) / trials),
  );
}

describe('forged pattern values', () => {
  it('blind: one in nine passes', () => {
    const detection = attacked('forge-pattern', { knowledge: 'blind', ratio: 1 });
    const [row] = detection.adversaries;
    expectShare(row.detectionRate, 8 / 9, row.acts);
    // Every receiver computes the same value, so all agree.
    expect(row.receiverRecall).toBe(row.detectionRate);
    expect(detection.falseAlarms).toBe(0);
    expect(detection.precision).toBe(1);
  });

  it('informed: one in three passes with seed 7', () => {
    const [row] = attacked('forge-pattern', { knowledge: 'informed', ratio: 1 }).adversaries;
    expectShare(row.detectionRate, 2 / 3, row.acts);
  });

  it('observed: all pass', () => {
    const [row] = attacked('forge-pattern', { knowledge: 'observed', ratio: 1 }).adversaries;
    expect(row.acts).toBeGreaterThan(1000);
    expect(row.detected).toBe(0);
  });

  it('forges the share that was asked for', () => {
    const all = attacked('forge-pattern', { knowledge: 'blind', ratio: 1 }).adversaries[0].acts;
    const some = attacked('forge-pattern', { knowledge: 'blind', ratio: 0.25 }).adversaries[0].acts;
    expectShare(some / all, 0.25, all);
  });
});

describe('altered payloads', () => {
  it('are never seen by the pattern', () => {
    const [row] = attacked('tamper-payload', { ratio: 1 }, { stopTimeUs: 20_000_000 }).adversaries;
    expect(row.acts).toBeGreaterThan(100);
    expect(row.detected).toBe(0);
  });

  it.each(['hmac', 'ed25519'] as const)('are always seen with %s', (scheme) => {
    const base = patternMesh(completeGraph(6));
    const detection = attacked(
      'tamper-payload',
      { ratio: 1 },
      {
        stopTimeUs: 20_000_000,
        signer: simulatedSigner(scheme, 1),
        stack: [{ protocol: guards.get('authentication'), parameters: {} }, ...base.stack],
      },
    );
    const [row] = detection.adversaries;
    expect(row.reached).toBeGreaterThan(100);
    expect(row.detected).toBe(row.reached);
    expect(detection.falseAlarms).toBe(0);
  });
});
