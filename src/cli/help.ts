/**
 * Help is the framework's, but for a few things. It leaves through our lossless output instead of a console that drops what it cannot
 * write, and without colour where none is wanted. And the usage line lists every flag by itself: the framework joins each flag with all
 * that it excludes, which reads as if those excluded each other. What does not go together is said by the flags, and when it is tried.
 */
import type { Command, Config } from '@oclif/core';
import { CommandHelp, Help } from '@oclif/core/help';
import { format, stripVTControlCharacters } from 'node:util';
import type { ColourLevel } from './colour.js';
import { everywhere } from './flags.js';

/** The help of one command. */
class PlainUsageHelp extends CommandHelp {
  /** Groups in the order in which the command names them; what every command has comes last. */
  protected override groupFlags(flags: Command.Flag.Any[]): ReturnType<CommandHelp['groupFlags']> {
    const { mainFlags, flagGroups } = super.groupFlags(flags);
    const named = Object.values(this.command.flags).flatMap(({ helpGroup }) => helpGroup ?? []);
    const rank = (group: string): number => (group === everywhere ? Infinity : named.indexOf(group));
    const ordered = Object.entries(flagGroups).sort(([a], [b]) => rank(a) - rank(b));
    return { mainFlags, flagGroups: Object.fromEntries(ordered) };
  }

  /** Lines of a paragraph are one text, which is broken where the reader's window ends, and not where the source's does. */
  protected override description(): string | undefined {
    const { summary, description } = this.command;
    if (description === undefined) return undefined;
    const text = description.replace(/([^\n])\n(?=[^\n])/g, '$1 ');
    return this.wrap(summary === undefined ? text : `${summary}\n\n${text}`);
  }

  protected override defaultUsage(): string {
    const { args, flags, id, strict } = this.command;
    const words = Object.values(args).flatMap(({ name, required, hidden }) => {
      const word = `${name.toUpperCase()}${strict === false ? '...' : ''}`;
      return hidden === true ? [] : [required === true ? word : `[${word}]`];
    });
    for (const flag of Object.values(flags)) {
      if (flag.hidden === true) continue;
      const value = flag.type === 'option' ? ` ${[flag.helpValue ?? '<option>'].flat().join(' ')}` : '';
      const many = flag.type === 'option' && flag.multiple === true ? '...' : '';
      const text = `--${flag.name}${value}${many}`;
      words.push(flag.required === true ? text : `[${text}]`);
    }
    return [id, ...words].join(' ');
  }
}

/** Collects what would be printed. */
export class CollectedHelp extends Help {
  readonly #lines: string[] = [];

  protected override CommandHelpClass = PlainUsageHelp;

  constructor(config: Config) {
    super(config, { hideAliasesFromRoot: true });
  }

  override log(...words: string[]): void {
    this.#lines.push(words.length === 0 ? '' : format(...words));
  }

  /** Everything that was said, as text that ends in one line feed. */
  text(colour: ColourLevel): string {
    const text = `${this.#lines.join('\n').trimEnd()}\n`;
    return colour === 0 ? stripVTControlCharacters(text) : text;
  }
}
