/** `mesh simulate`: runs a scenario and says what came of it. */
import { Args } from '@oclif/core';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import type { OpenScenario, ScenarioRequest } from '../core/app/simulate.js';
import { exitCodes, UserError } from '../core/base/errors.js';
import { formatCount, formatShare, formatSize } from '../core/base/units.js';

import { quoteWord } from '../core/base/shell.js';
import { simulateFlags } from './simulate-flags.js';

/** A trace that is larger is announced before the run: a disk should not be full without a word. */
const largeTraceBytes = 1e9;
/** Runs at each value for --search, where nobody says how many. */
const runsUsual = 20;
/** Pairs of runs for --permute-ties, where nobody says how many. */
const pairsUsual = 20;

export default class SimulateCommand extends MeshCommand {
  static override summary = 'Run a scenario: a scripted network in virtual time, bit for bit repeatable.';

  static override description = [
    'Reads a scenario (YAML, see docs/scenario.md), runs it, and prints a verdict, what was measured, what the faults touched and what the checks saw. The same file and seed give the same bytes on every machine.',
    'Exit codes: 0 passed, 2 refused, 3 an assertion failed or two runs differ, 4 output lost, 5 the run proves nothing, 130 interrupted (what was written until then is whole).',
  ].join('\n\n');

  static override examples = [
    { description: 'Run an example', command: '<%= config.bin %> <%= command.id %> examples/abilene.yaml' },
    {
      description: 'Another seed, more loss, the result for a program',
      command:
        '<%= config.bin %> <%= command.id %> examples/abilene.yaml --seed 42 --set network.loss=0.05 --json',
    },
    {
      description: 'Keep the messages for mesh observe and the run for mesh replay',
      command:
        '<%= config.bin %> <%= command.id %> examples/abilene.yaml --messages messages.jsonl --record run.trace',
    },
    {
      description: 'A hundred runs with seeds of their own, means and intervals',
      command:
        '<%= config.bin %> <%= command.id %> examples/abilene.yaml --repetitions 100 --set network.loss=0.1',
    },
    {
      description: 'The largest loss that the network bears',
      command:
        "<%= config.bin %> <%= command.id %> examples/abilene.yaml --search network.loss --high 0.2 --until 'deliveryRatio >= 0.9'",
    },
    {
      description: 'How coverage and the other metrics move, for a plot',
      command: '<%= config.bin %> <%= command.id %> examples/abilene.yaml --series metrics.csv',
    },
    {
      description: 'A protocol of your own',
      command:
        '<%= config.bin %> <%= command.id %> examples/plugin/gossip-once.yaml --plugin examples/plugin/gossip-once.ts',
    },
    {
      description: 'See every default that a scenario relies on',
      command: '<%= config.bin %> <%= command.id %> examples/abilene.yaml --print-config',
    },
  ];

  static override args = {
    file: Args.string({ description: 'The scenario; - is standard input.', required: true }),
  };

  static override flags = simulateFlags;

  protected async execute(): Promise<Outcome> {
    const { args, flags } = await this.parse(SimulateCommand);
    const app = await import('../core/app/simulate.js');
    const set = [...(flags.set ?? []), ...(flags.seed === undefined ? [] : [`seed=${flags.seed}`])];
    const vocabulary =
      flags.plugin === undefined
        ? undefined
        : await (await import('../core/app/plugins.js')).pluginVocabulary(flags.plugin);
    const request = {
      file: args.file,
      set,
      force: flags.force,
      filesAnywhere: flags['files-anywhere'],
      vocabulary,
    };
    if (flags['print-config']) {
      const scenario = app.openScenario(request);
      const text = app.resolvedText(scenario);
      if (!this.json) await this.output.write(text);
      return { result: scenario.resolved, streamed: !this.json };
    }
    const { recipeOf } = await import('../core/app/recipe.js');
    const recipe = (...more: string[]): string =>
      recipeOf({
        file: args.file,
        seed: flags.seed,
        set: flags.set,
        plugins: flags.plugin,
        filesAnywhere: flags['files-anywhere'],
        more,
      });
    if (flags['compare-authentication']) {
      const { compareAuthentication } = await import('../core/app/compare-authentication.js');
      const comparison = await compareAuthentication({ ...request, signal: this.interrupted });
      const { comparisonBlocks } = await import('../core/reports/compare-authentication.js');
      return {
        result: comparison,
        blocks: comparisonBlocks(comparison, recipe('--compare-authentication')),
        exitCode: comparison.interrupted ? exitCodes.interrupted : exitCodes.done,
      };
    }
    const scenario = app.openScenario(request);
    const repetitions = flags.repetitions ?? scenario.repetitions;
    if (flags.search !== undefined && flags.until !== undefined)
      return this.#search({ ...flags, search: flags.search, until: flags.until }, request, scenario, recipe);
    if (flags['permute-ties']) return this.#permuteTies(flags, request, scenario, recipe);
    if (repetitions > 1 || scenario.sweep !== undefined)
      return this.#repeat(flags, request, scenario, repetitions, recipe);
    if (flags.csv !== undefined) {
      throw new UserError('bad-flag', {
        place: '--csv',
        what: 'it is about many runs, and there is one',
        next: 'Add --repetitions or a sweep; --series is the table for one run.',
      });
    }
    const traceBytes = flags.record === undefined ? 0 : app.expectedTraceBytes(scenario);
    if (traceBytes >= largeTraceBytes)
      this.note(
        `--record: the trace may grow to about ${formatSize(traceBytes)}; Ctrl-C keeps what there is by then`,
      );
    const { simulateWithFiles } = await import('../core/app/failure-files.js');
    const { report, failure } = await simulateWithFiles(
      {
        ...request,
        messages: flags.messages,
        record: flags.record,
        series: flags.series,
        telemetry: flags.telemetry,
        checkDeterminism: flags['check-determinism'],
        signal: this.interrupted,
        onProgress: (share, events) =>
          this.progress(`simulating: ${formatShare(share)}, ${formatCount(events)} events`),
      },
      { junit: flags.junit, bundle: flags.bundle, plugins: flags.plugin },
      scenario,
    );
    const { result, determinism } = report;
    const { simulateBlocks } = await import('../core/reports/simulate.js');
    const { failureBlocks } = await import('../core/reports/failure.js');
    return {
      result: { ...result, ...(determinism && { determinism }), ...failure },
      blocks: [...simulateBlocks(report, failure?.repeatWith ?? recipe()), ...failureBlocks(failure)],
      exitCode: exitCodeOf(result.status, determinism?.same),
      written: [flags.messages, flags.record, flags.series, flags.telemetry, flags.junit],
    };
  }

  async #search(
    flags: {
      readonly [name in 'low' | 'high' | 'tolerance' | 'share']?: string;
    } & {
      readonly search: string;
      readonly until: string;
      readonly repetitions?: number;
      readonly jobs?: number;
      readonly plugin?: readonly string[];
    },
    request: ScenarioRequest,
    scenario: OpenScenario,
    recipe: (...more: string[]) => string,
  ): Promise<Outcome> {
    const share = flags.share === undefined ? 0.5 : Number(flags.share);
    if (!(share > 0 && share < 1) || flags.share === '')
      throw new UserError('bad-flag', {
        place: '--share',
        what: 'expected a number above 0 and below 1',
        next: 'For nearly all runs take 0.95, with at least 73 repetitions.',
      });
    const usual = scenario.repetitions > 1 ? scenario.repetitions : runsUsual;
    const repetitions = flags.repetitions ?? usual;
    const { search } = await import('../core/app/search.js');
    const { low, high, tolerance, until, jobs, search: path } = flags;
    const result = await search(
      {
        ...request,
        path,
        until,
        low,
        high,
        tolerance,
        share,
        repetitions,
        jobs,
        plugins: flags.plugin,
        signal: this.interrupted,
        onPoint: (value, points) =>
          this.progress(`searching: ${formatCount(points)} values done, now ${path} = ${value}`),
      },
      scenario,
    );
    const { searchBlocks } = await import('../core/reports/search.js');
    const said = { search: path, until, low, high, tolerance, share: flags.share, repetitions };
    const words = Object.entries(said).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${quoteWord(String(value))}`],
    );
    return {
      result,
      blocks: searchBlocks(result, recipe(...words)),
      exitCode:
        result.status === 'nowhere'
          ? exitCodes.findings
          : result.status === 'found' || result.status === 'everywhere'
            ? exitCodes.done
            : exitCodeOf(result.status, undefined),
    };
  }

  async #permuteTies(
    flags: { readonly repetitions?: number; readonly jobs?: number; readonly plugin?: readonly string[] },
    request: ScenarioRequest,
    scenario: OpenScenario,
    recipe: (...more: string[]) => string,
  ): Promise<Outcome> {
    const usual = scenario.repetitions > 1 ? scenario.repetitions : pairsUsual;
    const repetitions = flags.repetitions ?? usual;
    const { permuteTies } = await import('../core/app/permute-ties.js');
    const result = await permuteTies(
      { ...request, repetitions, jobs: flags.jobs, plugins: flags.plugin, ...this.#runsWatch() },
      scenario,
    );
    const { tieBlocks } = await import('../core/reports/ties.js');
    const words = recipe('--permute-ties', `--repetitions ${repetitions}`);
    return { result, blocks: tieBlocks(result, words), exitCode: exitCodeOf(result.status, undefined) };
  }

  /** How many runs are watched and interrupted. */
  #runsWatch(): { readonly signal: AbortSignal; readonly onProgress: (done: number, all: number) => void } {
    return {
      signal: this.interrupted,
      onProgress: (done, all) =>
        this.progress(`simulating: ${formatCount(done)} of ${formatCount(all)} runs`),
    };
  }

  /** Many runs: what is written down about one run alone makes no sense for them. */
  async #repeat(
    flags: {
      readonly [name in 'messages' | 'record' | 'series' | 'telemetry' | 'csv' | 'junit' | 'bundle']?: string;
    } & {
      readonly 'check-determinism': boolean;
      readonly jobs?: number;
      readonly plugin?: readonly string[];
    },
    request: ScenarioRequest,
    scenario: OpenScenario,
    repetitions: number,
    recipe: (...more: string[]) => string,
  ): Promise<Outcome> {
    for (const name of ['messages', 'record', 'series', 'telemetry'] as const) {
      if (flags[name] === undefined) continue;
      throw new UserError('bad-flag', {
        place: `--${name}`,
        what: 'it is about one run, and there are several',
        next: 'Pass --repetitions 1, and --set sweep=null if there is a sweep.',
      });
    }
    const { repeatWithFiles } = await import('../core/app/failure-files.js');
    const { report, failure } = await repeatWithFiles(
      {
        ...request,
        repetitions,
        jobs: flags.jobs,
        plugins: flags.plugin,
        csv: flags.csv,
        checkDeterminism: flags['check-determinism'],
        ...this.#runsWatch(),
      },
      { junit: flags.junit, bundle: flags.bundle, plugins: flags.plugin },
      scenario,
    );
    const { result, determinism } = report;
    const { repetitionBlocks } = await import('../core/reports/repetitions.js');
    const { failureBlocks } = await import('../core/reports/failure.js');
    const words = recipe(`--repetitions ${repetitions}`);
    return {
      result: { ...result, ...(determinism && { determinism }), ...failure },
      blocks: [...repetitionBlocks(result, words, determinism), ...failureBlocks(failure)],
      exitCode: exitCodeOf(result.status, determinism?.same),
      written: [flags.csv, flags.junit],
    };
  }
}

function exitCodeOf(
  status: 'passed' | 'failed' | 'invalid' | 'interrupted',
  same: boolean | undefined,
): number {
  if (status === 'interrupted') return exitCodes.interrupted;
  if (status === 'invalid') return exitCodes.invalid;
  return status === 'failed' || same === false ? exitCodes.findings : exitCodes.done;
}
