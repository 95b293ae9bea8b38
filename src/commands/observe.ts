/** `mesh observe`: checks recorded message logs, of any size and any quality. */
import { Args, Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { UserError, exitCodes } from '../core/base/errors.js';

export default class ObserveCommand extends MeshCommand {
  static override summary = 'Check recorded message logs, and name every line that is wrong and why.';

  static override description = `Reads JSON lines, one message a line, from files, pipes or standard input (-).`;

  static override strict = false;

  static override args = {
    file: Args.string({ description: 'Logs, read in this order; - is standard input.', required: false }),
  };

  static override flags = {
    pattern: Flags.string({
      summary: 'Which pattern: digit-collapse (the default) or hmac.',
      helpValue: '<name>',
    }),
    seed: wholeNumber({ min: 1, summary: 'Number that all nodes share. Default 7.' }),
    interval: wholeNumber({ min: 1, summary: 'Steps from one reset to the next. Default 100.' }),
    'key-file': Flags.string({ summary: 'File with the key of a keyed pattern.', helpValue: '<path>' }),
    'max-samples': wholeNumber({
      default: 100,
      max: 10_000_000,
      summary: 'Findings that are kept as samples; all are counted.',
    }),
    'max-line-bytes': wholeNumber({
      default: 67_108_864,
      min: 1,
      max: 1_073_741_824,
      summary: 'Longest line that is read.',
    }),
  };

  protected async execute(): Promise<Outcome> {
    const { argv, flags } = await this.parse(ObserveCommand);
    const files = argv.map(String);
    if (files.length === 0) {
      throw new UserError('bad-flag', {
        what: 'no log is named',
        expected: 'a file, or - for standard input',
      });
    }
    const { explanations, observe } = await import('../core/app/observe.js');
    const { observeBlocks } = await import('../core/reports/observe.js');
    const result = await observe({
      files,
      pattern: flags.pattern,
      seed: flags.seed,
      phaseResetInterval: flags.interval,
      validator: { samplesMax: flags['max-samples'], lineBytesMax: flags['max-line-bytes'] },
      signal: this.interrupted,
      onProgress: ({ bytes, bytesTotal, lines }) =>
        this.progress(
          `${lines} lines, ${bytesTotal === undefined ? bytes : `${Math.floor((100 * bytes) / bytesTotal)} %`}`,
        ),
    });
    const found = result.wellFormed !== result.valid || result.malformed > 0;
    return {
      result,
      blocks: observeBlocks(result, explanations(result)),
      exitCode: !result.complete ? exitCodes.incomplete : found ? exitCodes.findings : exitCodes.done,
    };
  }
}
