/** `mesh simulate`: runs a scenario and says what came of it. */
import { Args, Flags } from '@oclif/core';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { wholeNumber } from '../cli/flags.js';
import type { OpenScenario, ScenarioRequest } from '../core/app/simulate.js';
import { exitCodes, UserError } from '../core/base/errors.js';
import { formatCount, formatShare } from '../core/base/units.js';
import { quoteWord } from '../core/base/shell.js';

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

  static override flags = {
    seed: wholeNumber({
      summary: "The run's seed, from which every random choice comes. Default: the scenario's.",
    }),
    set: Flags.string({
      summary: 'Override one key, such as network.loss=0.1; may be given several times.',
      helpValue: '<key=value>',
      multiple: true,
    }),
    messages: Flags.string({
      summary: "Write the observers' message log (JSON lines) here.",
      helpValue: '<path>',
    }),
    record: Flags.string({ summary: 'Write a trace for mesh replay here.', helpValue: '<path>' }),
    series: Flags.string({
      summary: 'Write the metrics over time (CSV, a row every measureEvery) here.',
      helpValue: '<path>',
    }),
    plugin: Flags.string({
      summary:
        'Load protocols, topologies, faults or adversaries from this module; it runs with your rights.',
      helpValue: '<module>',
      multiple: true,
    }),
    repetitions: wholeNumber({
      min: 1,
      summary: "Run so often, each with a seed of its own. Default: the scenario's `repetitions`.",
    }),
    jobs: wholeNumber({ min: 1, summary: 'Threads for repetitions. Default: one for each core.' }),
    'compare-authentication': Flags.boolean({
      summary: 'Run without and with signatures, liars inside and outside, and compare what is detected.',
    }),
    'check-determinism': Flags.boolean({ summary: 'Run twice and compare.' }),
    'permute-ties': Flags.boolean({
      summary: 'Run each seed a second time with equal times in random order, and say which metrics move.',
      exclusive: ['messages', 'record', 'series', 'check-determinism', 'csv'],
    }),
    csv: Flags.string({
      summary: 'Write a row for each variant of a sweep (CSV) here: means and intervals.',
      helpValue: '<path>',
    }),
    'print-config': Flags.boolean({ summary: 'Print the scenario with every default, and do not run it.' }),
    'print-schema': Flags.boolean({
      summary: 'Print the JSON Schema of the language, for editors.',
      hidden: true,
    }),
    'files-anywhere': Flags.boolean({ summary: 'Let the scenario name files outside of its folder.' }),
    force: Flags.boolean({ summary: 'Overwrite outputs, and run what is absurdly expensive.' }),
  };

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
    const recipe = [
      'mesh simulate',
      quoteWord(args.file),
      ...set.map((item) => `--set ${quoteWord(item)}`),
      ...(flags.plugin ?? []).map((item) => `--plugin ${quoteWord(item)}`),
    ];
    if (flags['compare-authentication']) {
      const { compareAuthentication } = await import('../core/app/compare-authentication.js');
      const comparison = await compareAuthentication({ ...request, signal: this.interrupted });
      const { comparisonBlocks } = await import('../core/reports/compare-authentication.js');
      return {
        result: comparison,
        blocks: comparisonBlocks(comparison, [...recipe, '--compare-authentication'].join(' ')),
        exitCode: comparison.interrupted ? exitCodes.interrupted : exitCodes.done,
      };
    }
    const scenario = app.openScenario(request);
    const repetitions = flags.repetitions ?? scenario.repetitions;
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
    const report = await app.simulate(
      {
        ...request,
        messages: flags.messages,
        record: flags.record,
        series: flags.series,
        checkDeterminism: flags['check-determinism'],
        signal: this.interrupted,
        onProgress: (share, events) =>
          this.progress(`simulating: ${formatShare(share)}, ${formatCount(events)} events`),
      },
      scenario,
    );
    const { result, determinism } = report;
    const { simulateBlocks } = await import('../core/reports/simulate.js');
    return {
      result: determinism === undefined ? result : { ...result, determinism },
      blocks: simulateBlocks(report, recipe.join(' ')),
      exitCode: exitCodeOf(result.status, determinism?.same),
    };
  }

  async #permuteTies(
    flags: { readonly repetitions?: number; readonly jobs?: number; readonly plugin?: readonly string[] },
    request: ScenarioRequest,
    scenario: OpenScenario,
    recipe: readonly string[],
  ): Promise<Outcome> {
    const usual = scenario.repetitions > 1 ? scenario.repetitions : pairsUsual;
    const repetitions = flags.repetitions ?? usual;
    const { permuteTies } = await import('../core/app/permute-ties.js');
    const result = await permuteTies(
      { ...request, repetitions, jobs: flags.jobs, plugins: flags.plugin, ...this.#runsWatch() },
      scenario,
    );
    const { tieBlocks } = await import('../core/reports/ties.js');
    const words = [...recipe, '--permute-ties', `--repetitions ${repetitions}`].join(' ');
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
      readonly [name in 'messages' | 'record' | 'series' | 'csv']?: string;
    } & {
      readonly 'check-determinism': boolean;
      readonly jobs?: number;
      readonly plugin?: readonly string[];
    },
    request: ScenarioRequest,
    scenario: OpenScenario,
    repetitions: number,
    recipe: readonly string[],
  ): Promise<Outcome> {
    for (const name of ['messages', 'record', 'series'] as const) {
      if (flags[name] === undefined) continue;
      throw new UserError('bad-flag', {
        place: `--${name}`,
        what: 'it is about one run, and there are several',
        next: 'Pass --repetitions 1, and --set sweep=null if there is a sweep.',
      });
    }
    const { repeatAll } = await import('../core/app/repeat-all.js');
    const { result, determinism } = await repeatAll(
      {
        ...request,
        repetitions,
        jobs: flags.jobs,
        plugins: flags.plugin,
        csv: flags.csv,
        checkDeterminism: flags['check-determinism'],
        ...this.#runsWatch(),
      },
      scenario,
    );
    const { repetitionBlocks } = await import('../core/reports/repetitions.js');
    const words = [...recipe, `--repetitions ${repetitions}`].join(' ');
    return {
      result: determinism === undefined ? result : { ...result, determinism },
      blocks: repetitionBlocks(result, words, determinism),
      exitCode: exitCodeOf(result.status, determinism?.same),
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
