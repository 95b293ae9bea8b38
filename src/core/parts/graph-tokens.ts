/**
 * Cuts a text into tokens by one sticky expression, and knows the line and column of each. Enough for the small languages in which
 * graphs are written.
 */
import type { Place } from './graph-file.js';

export interface Token extends Place {
  /** Name of the group of the expression that matched; `end` behind the last token, `stray` for a character that begins none. */
  readonly kind: string;
  readonly text: string;
  readonly column: number;
}

export class Tokens {
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #ahead: Token | undefined;

  /** @param pattern sticky and unicode, one named group for each kind; the group `skip` is white space and comments */
  constructor(
    private readonly text: string,
    private readonly pattern: RegExp,
  ) {
    if (text.startsWith('\ufeff')) this.#at = this.#lineStart = 1;
  }

  /** The next token, without taking it. */
  peek(): Token {
    return (this.#ahead ??= this.#scan());
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    return token;
  }

  #scan(): Token {
    for (;;) {
      const place = { line: this.#line, column: this.#at - this.#lineStart + 1 };
      if (this.#at >= this.text.length) return { kind: 'end', text: '', ...place };
      this.pattern.lastIndex = this.#at;
      const match = this.pattern.exec(this.text);
      if (match === null || match[0] === '') {
        const character = String.fromCodePoint(this.text.codePointAt(this.#at) ?? 0);
        this.#at += character.length;
        return { kind: 'stray', text: character, ...place };
      }
      this.#pass(match[0]);
      for (const [kind, text] of Object.entries(match.groups ?? {})) {
        if (text !== undefined && kind !== 'skip') return { kind, text, ...place };
      }
    }
  }

  #pass(text: string): void {
    let newline = text.indexOf('\n');
    while (newline >= 0) {
      this.#line++;
      this.#lineStart = this.#at + newline + 1;
      newline = text.indexOf('\n', newline + 1);
    }
    this.#at += text.length;
  }
}
