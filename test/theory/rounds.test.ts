/**
 * Gossip in rounds against the exact law of rumours on a complete network: the mean number of rounds, and its whole distribution, for
 * push, pull and push-pull, with lost calls, with silent nodes, and for healing from a share.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import type { Experiment, PlannedFault, Schedule } from '../../src/core/model/experiment.js';
import { noLatency } from '../../src/core/model/experiment.js';
import { pull } from '../../src/core/protocols/spread/pull.js';
import { pushPull } from '../../src/core/protocols/spread/push-pull.js';
import { push } from '../../src/core/protocols/spread/push.js';
import type { Protocol } from '../../src/core/model/protocol.js';
import { resultOf } from '../../src/core/sim/result.js';
import { moments, roundsDistribution, type ChainMode, type ChainSetting } from './rumour-chain.js';
import { repeat, roundUs, rumourInRounds } from './rumour.js';
import { chiSquare, mean, tolerance } from './statistics.js';

const modes: Record<ChainMode, Protocol> = { push, pull, 'push-pull': pushPull };

interface PublishedRow extends Required<Omit<ChainSetting, 'informed' | 'pullSuccess'>> {
  readonly mean: number;
  readonly sd: number;
}

const published = JSON.parse(
  readFileSync(new URL('../data/published/rumour-rounds.json', import.meta.url), 'utf8'),
) as { readonly rows: readonly PublishedRow[] };

function planned(
  kind: string,
  parameters: Record<string, unknown>,
  schedule: Partial<Schedule>,
): PlannedFault {
  return {
    id: kind,
    kind: faults.get(kind),
    parameters,
    schedule: { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity, ...schedule },
  };
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `n${from + i}`);

/** The experiment that a setting of the chain describes. */
function experimentOf(setting: ChainSetting, changes: Partial<Experiment> = {}): Experiment {
  const { nodes, mode, callSuccess = 1, silent = 0 } = setting;
  const down = { nodes: { ids: names(nodes - silent, nodes) }, state: 'lose', maxDown: 1 };
  return rumourInRounds(
    nodes,
    modes[mode],
    {},
    {
      network: { latency: noLatency, jitterUs: 0, lossRatio: 1 - callSuccess },
      faults: silent === 0 ? [] : [planned('crash', down, {})],
      ...changes,
    },
  );
}

function expectLaw(rounds: readonly number[], setting: ChainSetting): void {
  const law = roundsDistribution(setting);
  const { mean: expected, sd } = moments(law);
  expect(Math.abs(mean(rounds) - expected)).toBeLessThan(tolerance(sd, rounds.length));
  const { statistic, limit } = chiSquare(rounds, law);
  expect(statistic).toBeLessThan(limit);
}

describe('the chain of the tests', () => {
  it.each(published.rows)(
    '$mode, $nodes nodes, success $callSuccess, $silent silent: the published mean and deviation',
    ({ mean: publishedMean, sd: publishedSd, ...setting }) => {
      const { mean: own, sd } = moments(roundsDistribution(setting));
      expect(own).toBeCloseTo(publishedMean, 4);
      expect(sd).toBeCloseTo(publishedSd, 4);
    },
  );
});

describe('rounds until everybody knows', () => {
  const settings: ChainSetting[] = (['push', 'pull', 'push-pull'] as const).flatMap((mode) => [
    { nodes: 100, mode },
    { nodes: 100, mode, callSuccess: 0.5 },
    { nodes: 100, mode, silent: 33 },
    { nodes: 60, mode, callSuccess: 0.9, silent: 6 },
  ]);
  it.each(settings)('%j: mean and shape', (setting) => {
    const rounds = repeat(
      700,
      experimentOf(setting),
      (simulation) => resultOf(simulation).metrics.convergenceRounds,
    );
    expect(rounds).not.toContain(null);
    expectLaw(rounds as number[], setting);
  });

  it.each(['push', 'pull', 'push-pull'] as const)('%s heals from a share', (mode) => {
    const partition = planned(
      'partition',
      { groups: [{ ids: names(0, 30) }], effect: 'drop' },
      { durationUs: 60 * roundUs },
    );
    const rounds = repeat(500, experimentOf({ nodes: 100, mode }, { faults: [partition] }), (simulation) => {
      const { metrics, stoppedAtMs } = resultOf(simulation);
      expect(stoppedAtMs / 1000).toBe(60 + (metrics.convergenceRounds ?? NaN));
      return metrics.convergenceRounds;
    });
    expectLaw(rounds as number[], { nodes: 100, mode, informed: 30 });
  });

  it('takes no round more than theory: a pair of nodes needs one', () => {
    for (const mode of ['push', 'push-pull', 'pull'] as const) {
      const [metrics] = repeat(
        1,
        experimentOf({ nodes: 2, mode }),
        (simulation) => resultOf(simulation).metrics,
      );
      expect(metrics).toMatchObject({
        convergenceRounds: 1,
        convergenceTime: 1000,
        deliveryRatio: 1,
        residue: 0,
      });
    }
  });
});
