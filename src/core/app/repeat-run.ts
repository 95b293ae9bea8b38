/** One run of many, in whatever thread: the scenario with another seed, and of its result what is kept. */
import type { ErrorCode, Problem } from '../base/errors.js';
import { repetitionSeed } from '../base/random.js';
import type { RepetitionRun } from '../model/repetitions.js';
import type { Vocabulary } from '../scenario/vocabulary.js';
import { resultOf } from '../sim/result.js';
import { Simulation } from '../sim/simulation.js';
import { openScenario, type ScenarioRequest } from './simulate.js';

/** What a thread is told once: plain data, so no vocabulary but the modules that it comes from. */
export interface RepeatTask {
  readonly request: Omit<ScenarioRequest, 'vocabulary'>;
  readonly plugins: readonly string[];
  /** The scenario's own seed, from which the seeds of the runs come. */
  readonly seed: number;
}

export interface RepeatOrder {
  /** The variant's overrides. */
  readonly set: readonly string[];
  readonly index: number;
  /** Equal times in random order: see sim/permuted-queue.ts. */
  readonly permuteTies?: boolean;
}

export interface RepeatReport {
  readonly run?: RepetitionRun;
  /** A mishap of the user's, taken apart for the way between threads. */
  readonly problem?: { readonly code: ErrorCode; readonly problems: readonly Problem[] };
}

/** A run that is ready to begin, and what is kept of it when it is over. */
export interface PreparedRun {
  readonly simulation: Simulation;
  outcome(): RepetitionRun;
}

export function prepareRun(
  { request, seed }: Pick<RepeatTask, 'request' | 'seed'>,
  { set, index, permuteTies = false }: RepeatOrder,
  vocabulary: Vocabulary | undefined,
): PreparedRun {
  const own = repetitionSeed(seed, index);
  const overrides = [...(request.set ?? []), ...set, `seed=${own}`];
  const { experiment } = openScenario({ ...request, set: overrides, vocabulary });
  const simulation = new Simulation(experiment, { tieSeed: permuteTies ? own : undefined });
  return {
    simulation,
    outcome() {
      const { fingerprint, status, stoppedAtMs, metrics, assertions, invalidBecause, ...found } = resultOf(
        simulation,
        { isOneOfMany: true },
      );
      const { detection, faults, adversaries, targets } = found;
      const asksForFigures = experiment.assertions.some(({ overRuns }) => overRuns?.kind === 'figure');
      return {
        index,
        seed: own,
        fingerprint,
        status,
        stoppedAtMs,
        metrics,
        sections: simulation.observations.sections,
        detection,
        faults,
        adversaries,
        ...(targets === undefined ? {} : { targets }),
        assertions: assertions.map((verdict) => verdict.status),
        ...(asksForFigures ? { measured: simulation.observations.assertions.measured() } : {}),
        troubles: assertions.filter((verdict) => verdict.status !== 'passed'),
        invalidBecause,
      };
    },
  };
}
