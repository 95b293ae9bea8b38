/** `mesh init`: asks four questions, or takes four flags, and writes a first scenario. */
import { Args, Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { ask, canAsk, type Question } from '../cli/questions.js';
import { exitCodes, UserError } from '../core/base/errors.js';
import { quoteWord } from '../core/base/shell.js';
import { showText } from '../core/base/escape.js';
import { formatCount } from '../core/base/units.js';
import type * as Init from '../core/app/init.js';

type Answers = Init.StarterAnswers;
const builds = [
  'mesh',
  'sensors',
  'city',
  'editing',
  'trading',
] as const satisfies readonly Answers['build'][];
const networks = ['perfect', 'good', 'bad', 'awful'] as const satisfies readonly Answers['network'][];
const demands = [
  'delivery',
  'speed',
  'recovery',
  'honesty',
] as const satisfies readonly Answers['must'][number][];

export default class InitCommand extends MeshCommand {
  static override summary = 'Write a first scenario: a commented file that runs.';

  static override description = [
    'On a terminal, asks what you build, how many nodes there are, how bad the network is and what must hold; flags answer in advance.',
    'Without a terminal, all four flags are needed, or --yes, which takes the defaults for what is not said.',
    'A file that exists is left alone, unless --force is given.',
  ].join('\n\n');

  static override examples = [
    { description: 'Be asked', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Answer in advance',
      command:
        '<%= config.bin %> <%= command.id %> city.yaml --build city --nodes 200 --network bad --must delivery --must recovery',
    },
    { description: 'The usual, without questions', command: '<%= config.bin %> <%= command.id %> --yes' },
  ];

  static override args = {
    file: Args.string({ description: 'Where to write it.', default: 'scenario.yaml' }),
  };

  static override flags = {
    build: Flags.option({ options: builds, summary: 'What you build.' })(),
    nodes: wholeNumber({ min: 4, max: 100_000, summary: 'How many nodes.' }),
    network: Flags.option({ options: networks, summary: 'How bad the network is.' })(),
    must: Flags.option({
      options: demands,
      multiple: true,
      summary: 'What must hold; may be given several times.',
    })(),
    seed: wholeNumber({ summary: 'Where every random choice comes from. Default 1.' }),
    yes: Flags.boolean({ summary: 'Ask nothing: take the defaults for what is not said.' }),
    force: Flags.boolean({ summary: 'Replace the file if it exists.' }),
  };

  protected async execute(): Promise<Outcome> {
    const { args, flags } = await this.parse(InitCommand);
    const app = await import('../core/app/init.js');
    const said: Partial<Answers> = {
      build: flags.build,
      nodes: flags.nodes,
      network: flags.network,
      must: flags.must,
      seed: flags.seed,
    };
    const answers = await this.#complete(said, flags.yes, app);
    if (answers === undefined) return { result: { interrupted: true }, exitCode: exitCodes.interrupted };
    const report = await app.init({ file: args.file, answers, force: flags.force });
    return {
      result: report,
      blocks: [
        {
          kind: 'text',
          lines: [
            `Wrote ${showText(args.file)}: ${answers.nodes} nodes, about ${formatCount(Number(report.events.toPrecision(2)))} events.`,
            `Run it: mesh simulate ${quoteWord(args.file)}`,
          ],
        },
      ],
    };
  }

  /** Fills in what was not said: from defaults, or by asking. Undefined when the person has left. */
  async #complete(said: Partial<Answers>, yes: boolean, app: typeof Init): Promise<Answers | undefined> {
    const open = (['build', 'nodes', 'network', 'must'] as const).filter((name) => said[name] === undefined);
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    if (open.length === 0 || yes) return { ...app.starterDefaults, ...given };
    // A result for a program is not mixed with questions for a person.
    if (!canAsk() || this.json) {
      throw new UserError('not-a-terminal', {
        what: 'there is no terminal to ask questions on',
        expected: open.map((name) => `--${name}`).join(', '),
        next: 'Give these flags, or --yes for the defaults',
      });
    }
    const heard = await ask(open.map((name) => question(name, app)));
    if (heard === undefined) return undefined;
    const nodes = heard.nodes === undefined ? {} : { nodes: Number(heard.nodes) };
    return { ...app.starterDefaults, ...given, ...heard, ...nodes };
  }
}

function question(name: 'build' | 'nodes' | 'network' | 'must', app: typeof Init): Question {
  const choices = (
    list: Readonly<Record<string, string>>,
    checked: readonly string[] = [],
  ): { name: string; value: string; checked: boolean }[] =>
    Object.entries(list).map(([value, text]) => ({
      name: `${value}: ${text}`,
      value,
      checked: checked.includes(value),
    }));
  const { starterDefaults: usual } = app;
  switch (name) {
    case 'build':
      return {
        type: 'select',
        name,
        message: 'What do you build?',
        choices: choices(app.starterKinds),
        default: usual.build,
      };
    case 'network':
      return {
        type: 'select',
        name,
        message: 'How bad is the network?',
        choices: choices(app.starterNetworks),
        default: usual.network,
      };
    case 'must':
      return {
        type: 'checkbox',
        name,
        message: 'What must hold?',
        choices: choices(app.starterDemands, usual.must),
      };
    case 'nodes':
      return {
        type: 'input',
        name,
        message: `How many nodes (${app.starterNodesMin} to ${app.starterNodesMax})?`,
        default: String(usual.nodes),
        validate: (text) =>
          (/^[0-9]{1,6}$/.test(text) &&
            Number(text) >= app.starterNodesMin &&
            Number(text) <= app.starterNodesMax) ||
          `a whole number from ${app.starterNodesMin} to ${app.starterNodesMax}`,
      };
  }
}
