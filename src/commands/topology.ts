/** `mesh topology`: makes networks, says what kind they are, and writes them down as files and pictures. */
import { Args, Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';
import { MeshCommand, type Outcome } from '../cli/mesh-command.js';
import { UserError } from '../core/base/errors.js';
import { quoteText, showText } from '../core/base/escape.js';
import type { BuiltTopology, TopologyRequest } from '../core/app/topology.js';

const actions = ['generate', 'inspect', 'convert', 'list'] as const;
type Action = (typeof actions)[number];

export default class TopologyCommand extends MeshCommand {
  static override summary = 'Make, inspect and convert networks.';

  static override description = [
    'generate TYPE makes a network of a kind that scenarios know, inspect FILE reads one, convert FILE OUTPUT writes it in another format, and list tells the kinds and their parameters.',
    'Files: GraphML, GML, edge list, CSV, DOT and JSON, told by their ending or by --from and --to. Figures are exact; in a large graph distances are sampled, and the table says so.',
    'The same type, parameters and seed give the same graph as in mesh simulate.',
  ].join('\n\n');

  static override examples = [
    {
      description: 'A small world of 1,000 nodes, its figures and a picture',
      command:
        '<%= config.bin %> <%= command.id %> generate watts-strogatz --nodes 1000 --set k=8 --set beta=0.1 --svg small-world.svg',
    },
    {
      description: 'What is this network like?',
      command: '<%= config.bin %> <%= command.id %> inspect examples/topologies/abilene.graphml',
    },
    {
      description: 'From one format to another',
      command: '<%= config.bin %> <%= command.id %> convert examples/topologies/abilene.graphml abilene.dot',
    },
    {
      description: 'Ten nodes in a ring, as lines into a pipe',
      command: '<%= config.bin %> <%= command.id %> generate ring --nodes 10 --to edge-list',
    },
  ];

  static override args = {
    action: Args.string({ description: `What to do: ${actions.join(', ')}.`, required: true }),
    what: Args.string({ description: 'The type to generate, or the file to read.' }),
    output: Args.string({ description: 'convert: the file to write.' }),
  };

  static override flags = {
    nodes: wholeNumber({ min: 1, max: 1_000_000, summary: 'How many nodes to generate.' }),
    seed: wholeNumber({ default: 1, summary: 'Seed of everything random.' }),
    set: Flags.string({
      multiple: true,
      summary: 'A parameter, such as k=8; see list.',
      helpValue: '<name=value>',
    }),
    from: Flags.string({ summary: 'Format of the file that is read.', helpValue: '<format>' }),
    to: Flags.string({
      summary: 'Format that is written; without --out, to standard output.',
      helpValue: '<format>',
    }),
    out: Flags.string({ summary: 'Write the graph into this file.', helpValue: '<path>' }),
    svg: Flags.string({ summary: 'Draw the network into this file.', helpValue: '<path>' }),
    force: Flags.boolean({ summary: 'Replace files that exist.' }),
  };

  protected async execute(): Promise<Outcome> {
    const { args, flags } = await this.parse(TopologyCommand).catch(async (error: unknown) => {
      throw await this.#parameterMeant(error);
    });
    const action = this.#action(args.action);
    if (action === 'list') return this.#list(args.what);
    const { buildTopology } = await import('../core/app/topology.js');
    const what = args.what ?? missing(action === 'generate' ? 'a type' : 'a file');
    if (action !== 'convert' && args.output !== undefined) {
      throw new UserError('bad-flag', {
        what: `unexpected argument ${quoteText(args.output)}`,
        next: 'Use --out',
      });
    }
    const out = args.output ?? flags.out;
    if (action === 'convert' && out === undefined && flags.to === undefined) missing('an output file');
    const settings = [...(flags.set ?? [])];
    let request: TopologyRequest = { type: what, nodeCount: flags.nodes, seed: flags.seed, settings };
    if (action !== 'generate') {
      settings.push(`path=${what}`);
      if (flags.from !== undefined) settings.push(`format=${flags.from}`);
      request = { ...request, type: 'file' };
    }
    return this.#finish(buildTopology(request), {
      graph: out,
      format: flags.to,
      svg: flags.svg,
      force: flags.force,
      title: what,
      inputs: action === 'generate' ? [] : [what],
    });
  }

  async #finish(
    built: BuiltTopology,
    outputs: Parameters<typeof import('../core/app/topology.js').writeTopology>[1],
  ): Promise<Outcome> {
    const { examineTopology, topologyText, writeTopology } = await import('../core/app/topology.js');
    await writeTopology(built, outputs);
    const written = [outputs.graph, outputs.svg];
    if (outputs.format !== undefined && outputs.graph === undefined) {
      for (const remark of built.layout.remarks) this.note(remark);
      for (const piece of chunks(topologyText(built, outputs.format))) {
        if (!(await this.output.write(piece)) || this.interrupted.aborted) break;
      }
      return { result: {}, streamed: true, written };
    }
    const result = examineTopology(built);
    const { topologyBlocks } = await import('../core/reports/topology.js');
    return { result, blocks: topologyBlocks(result, outputs.title), written };
  }

  /** `--k 8` is not so wrong: the parameters of a type are given by --set. */
  async #parameterMeant(error: unknown): Promise<unknown> {
    const typed = error instanceof Error && 'flags' in error ? error.flags : undefined;
    if (!Array.isArray(typed)) return error;
    const { isParameter } = await import('../core/app/topology.js');
    const type = this.argv[0] === 'generate' ? this.argv[1] : undefined;
    for (const flag of typed) {
      const [, name = '', given] = /^-*([^=]*)(?:=(.*))?$/s.exec(String(flag)) ?? [];
      if (!isParameter(type, name)) continue;
      const value = given ?? this.argv[this.argv.indexOf(String(flag)) + 1] ?? '...';
      return new UserError('bad-flag', {
        what: `unknown flag ${quoteText(String(flag))}`,
        next: `Parameters of a type are set with --set ${name}=${showText(value, 40)}`,
      });
    }
    return error;
  }

  async #list(type: string | undefined): Promise<Outcome> {
    const { topologyList } = await import('../core/app/topology-list.js');
    return topologyList(type);
  }

  #action(word: string): Action {
    const action = actions.find((known) => known === word);
    if (action !== undefined) return action;
    throw new UserError('bad-flag', {
      what: `cannot do ${quoteText(word)}`,
      expected: `one of ${actions.join(', ')}`,
    });
  }
}

function missing(what: string): never {
  throw new UserError('bad-flag', { what: `${what} is missing`, next: 'See --help' });
}

/** Small pieces joined to larger ones, which a pipe takes much faster. */
function* chunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < 32_768) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
