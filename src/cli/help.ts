/**
 * Help is the framework's, word for word and column for column; we only take care of how it leaves: through our lossless
 * output instead of a console that drops what it cannot write, and without colour where none is wanted.
 */
import type { Config } from '@oclif/core';
import { Help } from '@oclif/core/help';
import { format, stripVTControlCharacters } from 'node:util';
import type { ColourLevel } from './colour.js';

/** Collects what would be printed. */
export class CollectedHelp extends Help {
  readonly #lines: string[] = [];

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
