/**
 * From words on a command line to a command. `mesh WORD ...` runs a command; `mesh`, `mesh help WORD` and `--help`
 * anywhere before `--` explain; `mesh --version` introduces itself. Every other first word is an error with a suggestion.
 * Nothing here ends the process while output is on its way: the exit code is set and the event loop runs dry.
 */
import type { Interfaces } from '@oclif/core';
import { Config } from '@oclif/core/config';
import { UserError } from '../core/base/errors.js';
import { quoteText } from '../core/base/escape.js';
import { suggest } from '../core/base/suggest.js';
import { say } from './mesh-command.js';
import { describeMishap, unknownFlag } from './mishaps.js';
import { Output } from './output.js';
import { type CommandLoaders, commandPlugin } from './plugin.js';

const helpFlags: readonly string[] = ['--help', '-h'];
const versionFlags: readonly string[] = ['--version', '-V'];

/** Where the program lives. */
export interface Home {
  /** The folder of package.json. */
  readonly root: string;
  readonly pjson: Interfaces.PJSON;
}

/**
 * Runs one command line. Never throws; leaves the outcome in `process.exitCode`.
 * @param words the command line after the name of the program
 */
export async function main(loaders: CommandLoaders, home: Home, words: readonly string[]): Promise<void> {
  // Once, though a program that embeds this one may run many command lines.
  if (!process.listeners('uncaughtException').includes(lastResort))
    process.on('uncaughtException', lastResort);
  try {
    await dispatch(loaders, home, words);
  } catch (error) {
    fail(error, 'mesh');
  }
}

function lastResort(error: unknown): void {
  fail(error, 'mesh');
  process.exit(process.exitCode);
}

async function dispatch(loaders: CommandLoaders, home: Home, words: readonly string[]): Promise<void> {
  const [first, ...rest] = words;
  const end = words.indexOf('--');
  const asksForHelp = (end === -1 ? words : words.slice(0, end)).some((word) => helpFlags.includes(word));
  if (first === undefined || first === 'help' || asksForHelp) {
    const subject = (first === 'help' ? rest : words).find((word) => !helpFlags.includes(word));
    return explain(loaders, home, subject);
  }
  if (versionFlags.includes(first)) {
    const { name, version } = home.pjson;
    const platform = `${process.platform}-${process.arch}`;
    await new Output().writeLast(`${name}/${version} ${platform} node-${process.version}\n`);
    return;
  }
  const name = known(loaders, first);
  const config = await configure(loaders, home, [name]);
  await config.runCommand(name, rest);
}

/** Prints help about one command, or the list of all. */
async function explain(loaders: CommandLoaders, home: Home, subject: string | undefined): Promise<void> {
  const names = subject === undefined ? Object.keys(loaders) : [known(loaders, subject)];
  const config = await configure(loaders, home, names);
  const { CollectedHelp } = await import('./help.js');
  const help = new CollectedHelp(config);
  await help.showHelp(subject === undefined ? [] : [subject]);
  const output = new Output();
  await output.writeLast(help.text(output.colour));
}

/** The word itself when it names a command. */
function known(loaders: CommandLoaders, word: string): string {
  if (Object.hasOwn(loaders, word)) return word;
  if (word.startsWith('-')) {
    throw new UserError('bad-flag', {
      ...unknownFlag(word, ['help', 'version']),
      expected: 'a command first',
    });
  }
  const near = suggest(word, [...Object.keys(loaders), 'help']);
  throw new UserError('unknown-command', {
    what: `unknown command ${quoteText(word)}`,
    next: near === undefined ? 'See mesh --help' : `Did you mean mesh ${near}?`,
  });
}

async function configure(loaders: CommandLoaders, home: Home, names: readonly string[]): Promise<Config> {
  // The framework would look for a theme of its own in the user's configuration.
  process.env.MESH_DISABLE_THEME = '1';
  const plugin = await commandPlugin(home.pjson, home.root, loaders, names);
  return Config.load({ root: home.root, pjson: home.pjson, plugins: new Map([[plugin.name, plugin]]) });
}

function fail(error: unknown, who: string): void {
  const mishap = describeMishap(error);
  process.exitCode = mishap.exitCode;
  mishap.lines.forEach((line) => say(`${who}: ${line}`));
}
