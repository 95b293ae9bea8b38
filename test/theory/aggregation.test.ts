/**
 * Averaging against Jelasity, Montresor, Babaoglu (ACM TOCS 23(3), 2005): the variance falls by 1/(2 sqrt e) a cycle when all take one
 * turn in random order, and by 1/e when pairs are random. Sums are whole numbers and conserved exactly.
 */
import { describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import type { AggregationFigures } from '../../src/core/model/result.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';
import { mean, standardDeviation, tolerance } from './statistics.js';

function simulate(text: string, seed = 1, options?: SimulationOptions): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\ndissemination: direct\nmeasureEvery: 1s\n${text}`,
    fileName: 'aggregation.yaml',
    readFile: () => new Uint8Array(),
    set: [`seed=${seed}`],
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

function aggregation(text: string, seed = 1): AggregationFigures {
  const { aggregation: figures } = resultOf(simulate(text, seed));
  if (figures === undefined) throw new Error('nothing was aggregated');
  return figures;
}

const base = (more: string): string =>
  `stopTime: 12s\nnodes: { count: 1000 }\nnetwork: { latency: 1us }\nstate: ${more}\n`;

describe('averaging', () => {
  it.each([
    ['sequential', 1 / (2 * Math.sqrt(Math.E))],
    ['poisson', 1 / Math.E],
  ])('%s: the variance falls by %f a cycle', (activation, factor) => {
    const logs = Array.from({ length: 30 }, (_, i) => {
      const { factorPerCycle, sumError } = aggregation(
        `activation: ${activation}\n${base('averaging')}`,
        repetitionSeed(3, i),
      );
      expect(sumError).toBe(0);
      return factorPerCycle ?? NaN;
    });
    // The geometric mean over eleven cycles lies a little below the mean of the factors: its own spread squared, over two.
    const spread = standardDeviation(logs);
    expect(Math.abs(mean(logs) - factor)).toBeLessThan(tolerance(spread, logs.length, 0.004));
  });

  it('finds the mean of 1,000 values, and counts nodes from a peak', () => {
    const text = (initial: string): string =>
      base(`{ type: averaging, initial: ${initial} }`).replace('12s', '60s');
    const uniform = aggregation(text('uniform'));
    expect(Math.abs((uniform.trueMean ?? 0) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 1000));
    expect(uniform.maxError).toBeLessThan(1e-6);
    expect(aggregation(text('peak')).mean).toBeCloseTo(1 / 1000, 12);
    expect(aggregation(text('halves')).trueMean).toBe(0.5);
  });

  it('with lost messages the sum is lost as well, and the result says how much', () => {
    const { sumError } = aggregation(base('averaging').replace('1us', '1us, loss: 0.1'));
    expect(sumError).not.toBe(0);
    expect(Math.abs(sumError ?? 1)).toBeLessThan(0.2);
  });

  it('long delays and many at once: not a grain is lost', () => {
    const text = `stopTime: 20s\nnodes: { count: 50 }\nnetwork: { latency: 700ms, jitter: 300ms }\nstate: { type: averaging, interval: 100ms }\n`;
    let given = 0;
    let arrived = 0;
    const { experiment } = loadScenario({
      text: `version: 1\ndissemination: direct\n${text}`,
      fileName: 'a.yaml',
      readFile: () => new Uint8Array(),
    });
    const slot = experiment.stack.findIndex(({ protocol }) => protocol.slot === 'state');
    const simulation = new Simulation(experiment, {
      listener: {
        sent: (_time, envelope) => {
          if (envelope.slot === slot && envelope.kind === 1) given += envelope.a;
        },
        delivered: (_time, envelope) => {
          if (envelope.slot === slot && envelope.kind === 1) arrived += envelope.a;
        },
      },
    });
    simulation.begin();
    while (simulation.advance(1 << 16));
    const held = (simulation.readingsOf('state') ?? new Float64Array()).reduce(
      (sum, value) => sum + value,
      0,
    );
    expect(held + given - arrived).toBe(simulation.figuresOf('state')?.grainsAtStart);
  });
});

describe('push-sum', () => {
  it('conserves sum and weight to the grain, and finds the mean', () => {
    const simulation = simulate(`activation: sequential\n${base('push-sum').replace('12s', '59900500us')}`);
    const figures = simulation.figuresOf('state') ?? {};
    expect(figures.grainsHeld).toBe(figures.grainsAtStart);
    expect(figures.weightHeld).toBe(1000 * 2 ** 32);
    expect(resultOf(simulation).aggregation?.maxError).toBeLessThan(1e-6);
  });

  it('loses sum and weight together, so that 5 % loss leaves a fair estimate', () => {
    const errors = Array.from({ length: 8 }, (_, i) => {
      const { mean: found, trueMean } = aggregation(
        base('{ type: push-sum, initial: halves }').replace('12s', '30s').replace('1us', '1us, loss: 0.05'),
        repetitionSeed(1, i),
      );
      return Math.abs((found ?? 1) - (trueMean ?? 0));
    });
    expect(mean(errors)).toBeLessThan(0.02);
  });
});

it.each(['averaging', 'push-sum'])('N populations of one are one of N: %s', (type) => {
  const text = `stopTime: 10s\nnodes: { count: 20 }\nnetwork: { latency: 30ms, jitter: 20ms, loss: 0.05 }\nstate: ${type}\nfaults:\n  - { crash: { nodes: { count: 3 }, restartAfter: 2s, state: lose }, at: 3s }\n`;
  expect(resultOf(simulate(text, 9, { populations: 'single' }))).toEqual(resultOf(simulate(text, 9)));
});
