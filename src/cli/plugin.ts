/**
 * The framework likes to search folders for commands. We know ours, so we hand them over as a ready plugin: no folder is
 * walked, no manifest is read (nor can a stale one hide a command), and only the command that is asked for is loaded.
 */
import type { Command, Interfaces } from '@oclif/core';
import { assert } from '../core/base/assert.js';

/** Loads the module of one command; the class is its default export. */
export type CommandLoader = () => Promise<{ readonly default: Command.Class }>;

/** Command names, in any order, each with its loader. */
export type CommandLoaders = Readonly<Record<string, CommandLoader>>;

/**
 * A plugin of the commands that `names` selects.
 * @param root the folder of package.json
 * @param names the commands that will be asked about: one when it runs, all for the list in help
 */
export async function commandPlugin(
  pjson: Interfaces.PJSON,
  root: string,
  loaders: CommandLoaders,
  names: readonly string[],
): Promise<Interfaces.Plugin> {
  const load = async (name: string): Promise<Command.Class> => {
    const loader = loaders[name];
    assert(loader !== undefined, `a command that is asked for is in the list (${name})`);
    const { default: command } = await loader();
    command.id = name;
    return command;
  };
  const commands = await Promise.all(
    names.map(async (name): Promise<Command.Loadable> => describe(await load(name), () => load(name))),
  );
  return {
    _base: pjson.name,
    alias: pjson.name,
    name: pjson.name,
    version: pjson.version,
    type: 'core',
    moduleType: 'module',
    valid: true,
    isRoot: true,
    hasManifest: true,
    root,
    pjson,
    options: { root, pjson },
    commandsDir: undefined,
    commandIDs: [...names],
    commands,
    hooks: {},
    topics: [],
    findCommand: (id: string) => load(id),
    load: async () => undefined,
  };
}

/** What help wants to know about a command, read off its class. */
function describe(command: Command.Class, load: () => Promise<Command.Class>): Command.Loadable {
  const flags = { ...command.baseFlags, ...command.flags };
  for (const [name, flag] of Object.entries(flags)) flag.name = name;
  for (const [name, argument] of Object.entries(command.args)) argument.name = name;
  return {
    id: command.id,
    summary: command.summary,
    description: command.description,
    usage: command.usage,
    examples: command.examples,
    flags: flags as Command.Loadable['flags'],
    args: command.args as Command.Loadable['args'],
    strict: command.strict,
    hidden: command.hidden ?? false,
    aliases: [],
    hiddenAliases: [],
    load,
  };
}
