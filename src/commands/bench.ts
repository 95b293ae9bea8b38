/** `mesh bench`: measures mesh on this machine, and compares with an earlier measurement. */
import { Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { exitCodes } from '../core/base/errors.js';

export default class BenchCommand extends MeshCommand {
  static override summary = 'Measure mesh on this machine: patterns, validation, simulation.';

  static override description = [
    'Every case is warmed up and sampled; the table shows the median and the spread (half of the distance between the quartiles); --json has every sample. Rates are things a second.',
    'With --compare, the exit code is 3 when a case is slower than the saved run by more than the noise of both.',
  ].join('\n\n');

  static override examples = [
    { description: 'Everything', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Only the simulator, kept for later',
      command: '<%= config.bin %> <%= command.id %> --filter simulate --save before.json',
    },
    {
      description: 'Is it right? Scenarios with known answers, on all cores',
      command: '<%= config.bin %> <%= command.id %> --reference',
    },
    {
      description: 'Has it become slower?',
      command: '<%= config.bin %> <%= command.id %> --filter simulate --compare before.json',
    },
  ];

  static override flags = {
    filter: Flags.string({ summary: 'Only cases whose name contains this.', helpValue: '<text>' }),
    reference: Flags.boolean({
      summary: 'Run the reference scenarios and compare with theory instead of measuring speed.',
      exclusive: ['samples', 'save', 'compare'],
    }),
    jobs: wholeNumber({
      min: 1,
      dependsOn: ['reference'],
      summary: 'Threads for the reference scenarios. Default: one for each core.',
    }),
    samples: wholeNumber({ min: 3, max: 1000, summary: 'Samples of each case. Default: 9.' }),
    save: Flags.string({ summary: 'Keep the figures in this file.', helpValue: '<path>' }),
    compare: Flags.string({ summary: 'Compare with figures that --save has kept.', helpValue: '<path>' }),
    force: Flags.boolean({ summary: 'Overwrite the file that --save names.' }),
  };

  protected async execute(): Promise<Outcome> {
    const { flags } = await this.parse(BenchCommand);
    if (flags.reference) return this.#reference(flags.filter, flags.jobs);
    const { bench } = await import('../core/app/bench.js');
    const { report, wanted, comparison } = await bench({
      ...flags,
      samples: flags.samples ?? 9,
      signal: this.interrupted,
      onProgress: (text) => this.progress(text),
    });
    const { benchBlocks } = await import('../core/reports/bench.js');
    const slower = comparison?.rows.some(({ verdict }) => verdict === 'slower') === true;
    return {
      result: comparison === undefined ? report : { ...report, comparison },
      blocks: benchBlocks(report, wanted, comparison),
      exitCode: slower ? exitCodes.findings : exitCodes.done,
      written: [flags.save],
    };
  }

  async #reference(filter: string | undefined, jobs: number | undefined): Promise<Outcome> {
    const { runReferences } = await import('../core/app/reference.js');
    const report = await runReferences({
      folder: `${this.config.root}/reference`,
      filter,
      jobs,
      signal: this.interrupted,
      onProgress: (text) => this.progress(text),
    });
    const { referenceBlocks } = await import('../core/reports/reference.js');
    const agree = report.rows.every(({ agrees }) => agrees);
    return {
      result: report,
      blocks: referenceBlocks(report),
      exitCode: !report.complete ? exitCodes.interrupted : agree ? exitCodes.done : exitCodes.findings,
    };
  }
}
