/** `mesh pattern`: prints the sequence on which the message check rests, and says how strong it is. */
import { Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import type { Block, Line } from '../core/base/blocks.js';
import type { PatternReport } from '../core/app/pattern.js';

/** Lines of a table that are painted at a time. */
const linesAtOnce = 500;
/** Up to this many steps, the result leaves in one piece, which spares a short command the start of a stream. */
const stepsInOnePiece = 1000;

export default class PatternCommand extends MeshCommand {
  static override summary = 'Print the pattern that messages carry, and how strong a check it is.';

  static override description = [
    'All nodes share a seed and an interval. At each global step everyone can compute the same value alone; a message that carries another one comes from a node that is out of step.',
    'On a terminal: rows of ten steps, resets marked with a star, and the strength in brief. In a pipe or a file: one value a line and nothing else.',
    'This is a synchronisation check and not security: the sequence is public and predictable, the payload is not covered, and whoever has read the traffic can forge any value.',
    'The pattern hmac needs a key, from --key-file or from the variable MESH_PATTERN_KEY: the bytes as they stand, without one line end at the end.',
  ].join('\n\n');

  static override examples = [
    {
      description: 'The first 200 values',
      command: '<%= config.bin %> <%= command.id %> --seed 7 --steps 200',
    },
    {
      description: 'How strong is seed 7 with interval 99? Would anybody notice a node with interval 198?',
      command: '<%= config.bin %> <%= command.id %> --seed 7 --interval 99 --analyze --against-interval 198',
    },
    {
      description: 'A table for a spreadsheet',
      command: '<%= config.bin %> <%= command.id %> --from 95 --steps 10 --csv',
    },
    {
      description: 'The keyed pattern',
      command: '<%= config.bin %> <%= command.id %> --pattern hmac --key-file group.key --steps 20',
    },
  ];

  static override flags = {
    pattern: Flags.string({
      summary: 'Which pattern: digit-collapse (the default) or hmac.',
      helpValue: '<name>',
    }),
    seed: wholeNumber({ min: 1, summary: 'Number that all nodes share, 1 to 2^53-1. Default 7.' }),
    interval: wholeNumber({ min: 1, summary: 'Steps from one reset to the next, 1 to 2^53-1. Default 100.' }),
    from: wholeNumber({ default: 0, summary: 'First step.' }),
    steps: wholeNumber({ default: 200, summary: 'How many steps.' }),
    'key-file': Flags.string({ summary: 'File with the key of a keyed pattern.', helpValue: '<path>' }),
    analyze: Flags.boolean({ summary: 'Print the whole analysis of the strength instead of the values.' }),
    'against-seed': wholeNumber({ min: 1, summary: 'Analyze: would a node with this seed be noticed?' }),
    'against-interval': wholeNumber({
      min: 1,
      summary: 'Analyze: would a node with this interval be noticed?',
    }),
    csv: Flags.boolean({
      summary: 'Print step,value lines under a heading.',
      exclusive: ['json', 'analyze', 'against-seed', 'against-interval'],
    }),
  };

  protected async execute(): Promise<Outcome> {
    const { flags } = await this.parse(PatternCommand);
    const { keyVariable, openPattern } = await import('../core/app/pattern.js');
    const report = await openPattern({
      ...flags,
      phaseResetInterval: flags.interval,
      keyFile: flags['key-file'],
      keyText: process.env[keyVariable],
      againstSeed: flags['against-seed'],
      againstInterval: flags['against-interval'],
    });
    if (this.json) {
      const { patternJson } = await import('../core/reports/pattern-json.js');
      return this.#stream(
        report,
        patternJson(report, () => this.interrupted.aborted),
      );
    }
    const asksAgainst = report.analysis.against !== undefined;
    if (flags.analyze || asksAgainst) {
      const { analysisBlocks } = await import('../core/reports/pattern.js');
      return { result: report, blocks: analysisBlocks(report.name, report.pattern, report.analysis) };
    }
    if (flags.csv) {
      const { patternCsv } = await import('../core/reports/pattern-csv.js');
      return this.#stream(report, patternCsv(report.pattern, report));
    }
    const columns = this.output.terminalColumns;
    if (columns !== undefined) return this.#table(report, columns);
    const { valueText } = await import('../core/reports/pattern-values.js');
    return this.#stream(report, valueText(report.pattern, report, 'line'));
  }

  /** Writes pieces until they end, nobody reads any more or somebody says stop. */
  async #stream(report: PatternReport, pieces: Iterable<string | Uint8Array>): Promise<Outcome> {
    if (report.steps <= stepsInOnePiece) {
      await this.output.writeLast(
        Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece))).toString(),
      );
    } else {
      for (const piece of pieces) {
        if (!(await this.output.write(piece))) break;
        // JSON is told in its own way and closes its brackets.
        if (this.interrupted.aborted && !this.json) break;
      }
    }
    return { result: {}, streamed: true };
  }

  /** For eyes. Painted in parts, because nobody can say how long it is. */
  async #table(report: PatternReport, columns: number): Promise<Outcome> {
    const { briefBlocks, patternTitle } = await import('../core/reports/pattern.js');
    const { patternTable, resetLegend } = await import('../core/reports/pattern-table.js');
    const { paint } = await import('../cli/paint.js');
    const { colour } = this.output;
    const write = async (blocks: readonly Block[]): Promise<boolean> =>
      this.output.write(await paint(blocks, { columns, colour }));

    await write([{ kind: 'heading', text: patternTitle(report.name, report.pattern) }]);
    let lines: Line[] = [''];
    for (const line of patternTable(report.pattern, report, columns)) {
      lines.push(line);
      if (lines.length < linesAtOnce) continue;
      if (!(await write([{ kind: 'text', lines }])) || this.interrupted.aborted) {
        return { result: {}, streamed: true };
      }
      lines = [];
    }
    const legend = resetLegend(report.pattern, report);
    if (legend !== undefined) lines.push('', legend);
    await write([{ kind: 'text', lines: [...lines, ''] }]);
    await write(briefBlocks(report.pattern, report.analysis));
    return { result: {}, streamed: true };
  }
}
