/**
 * The four threats, with and without signatures: what must be seen always, never, or by luck follows from what each check covers; the
 * shares by luck are 8 in 9 for a blind digit and, with the three values of seed 7, 2 in 3 for a digit of another step.
 */
import { describe, expect, it } from 'vitest';
import { adversaries } from '../../src/core/adversaries/registry.js';
import { compareAuthentication } from '../../src/core/app/compare-authentication.js';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { guards } from '../../src/core/protocols/registry.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, patternMesh, run } from '../sim/experiment.js';

const layer = (name: string) => {
  const protocol = guards.get(name);
  return { protocol, parameters: sectionDefault(knobFields(protocol.knobs)) };
};

describe('the four threats', () => {
  it('are seen by what covers them, and by nothing else', async () => {
    const file = new URL('../../examples/threats.yaml', import.meta.url).pathname;
    const { rows } = await compareAuthentication({ file });
    const row = (id: string, keys: string) => rows.find((one) => one.id === id && one.keys === keys);
    for (const id of ['malicious', 'corruption', 'steps'])
      expect(row(id, 'outsider')).toMatchObject({ hmac: 1, ed25519: 1 });
    for (const id of ['malicious', 'steps'])
      expect(row(id, 'insider')).toMatchObject({ hmac: 0, ed25519: 0 });
    // Who has the group's key speaks for everybody; a key pair speaks for one.
    expect(row('corruption', 'insider')).toMatchObject({ pattern: 0, hmac: 0, ed25519: 1 });
    // An old message is as true as it was: only the replay window knows it.
    for (const keys of ['insider', 'outsider'])
      expect(row('replay', keys)).toMatchObject({ pattern: 0, none: 1, hmac: 0, ed25519: 0 });
  });

  it.each([
    ['blind', 2 / 3],
    ['informed', 0],
  ])('a claimed step with %s value is seen by the pattern in that share', (knowledge, expected) => {
    const kind = adversaries.get('step-inflate');
    const parameters = { ...sectionDefault(knobFields(kind.knobs)), by: 300, knowledge };
    const experiment = patternMesh(completeGraph(4), {
      stopTimeUs: 400_000_000,
      measureEveryUs: 0,
      adversaries: [{ id: 'liar', kind, who: { ids: ['n0'] }, parameters, fromUs: 0, untilUs: Infinity }],
    });
    const workload = [{ ...experiment.workload[0], everyUs: 250_000, untilUs: 400_000_000 }];
    const [row] = resultOf(run({ ...experiment, workload })).detection.adversaries;
    expect(row.acts).toBeGreaterThan(1000);
    const spread = 4 * Math.sqrt((expected * (1 - expected)) / row.acts);
    expect(Math.abs((row.detectionRate ?? NaN) - expected)).toBeLessThanOrEqual(spread);
  });
});

describe('reputation', () => {
  it('a bad signer is found and ignored by all its neighbours, and nobody else is', () => {
    const kind = adversaries.get('forge-pattern');
    const parameters = { knowledge: 'observed', ratio: 1, keys: 'outsider' };
    const base = patternMesh(completeGraph(8));
    const accusations: string[] = [];
    const heardUs: number[] = [];
    const simulation = run(
      {
        ...base,
        signer: simulatedSigner('hmac', 1),
        stack: [layer('authentication'), layer('reputation'), ...base.stack],
        adversaries: [{ id: 'liar', kind, who: { ids: ['n3'] }, parameters, fromUs: 0, untilUs: Infinity }],
      },
      {
        listener: {
          reported: (timeUs, node, report, _body, value, envelope) => {
            if (report === reportKinds.accused) accusations.push(`${node} ${value}`);
            if (report === reportKinds.flagged && envelope.from === 3) heardUs.push(timeUs);
          },
        },
      },
    );
    expect(accusations.sort()).toEqual([0, 1, 2, 4, 5, 6, 7].map((node) => `${node} 3`));
    // Three messages, 0.2 each, take trust from 1 below 0.5; the liar publishes once a second.
    expect(heardUs).toHaveLength(7 * 3);
    expect(resultOf(simulation).detection.falseAlarms).toBe(0);
  });
});
