/**
 * Borrows the whole window and gives it back as it was, whatever happens: at the end, after an error, after Ctrl-C, even when the
 * process is ended by force. The text that stood there before stands there again.
 */
import { UserError } from '../core/base/errors.js';
import type { Line, Span, Tone } from '../core/base/blocks.js';
import type { ColourLevel } from './colour.js';

/** Another screen, cursor hidden, long lines cut by the terminal instead of wrapped. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearToEndOfLine = '\u001b[K';

const tones: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '\u001b[1m',
  dim: '\u001b[2m',
  good: '\u001b[32m',
  warn: '\u001b[33m',
  bad: '\u001b[31m',
};
const plainAgain = '\u001b[0m';

/** @throws UserError `not-a-terminal` unless both ends are one */
export function requireTerminal(instead: string): void {
  if (process.stdin.isTTY === true && process.stdout.isTTY === true) return;
  throw new UserError('not-a-terminal', {
    what: 'a live view needs a terminal for its picture and its keys',
    next: instead,
  });
}

export class BorrowedScreen {
  #isBorrowed = false;
  readonly #giveBack = (): void => this.giveBack();

  constructor(private readonly colour: ColourLevel) {}

  get columns(): number {
    return process.stdout.columns > 0 ? process.stdout.columns : 80;
  }

  get rows(): number {
    return process.stdout.rows > 0 ? process.stdout.rows : 24;
  }

  /** Takes the window and the keyboard. */
  borrow(onKeys: (keys: string) => void): void {
    this.#isBorrowed = true;
    process.once('exit', this.#giveBack);
    process.stdout.write(enter);
    process.stdin.setRawMode(true);
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', onKeys);
    process.stdin.resume();
  }

  /** Gives both back. Harmless when that was done already. */
  giveBack(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    process.off('exit', this.#giveBack);
    process.stdin.removeAllListeners('data');
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stdout.write(leave);
  }

  /** Shows these lines and nothing else, in one write, so that nothing flickers. */
  draw(lines: readonly Line[]): void {
    const painted = lines.map((line) => this.#paint(line) + clearToEndOfLine);
    process.stdout.write(`${home}${painted.join('\r\n')}\u001b[J`);
  }

  #paint(line: Line): string {
    const spans: readonly (string | Span)[] = Array.isArray(line) ? line : [line as string | Span];
    return spans
      .map((span) => {
        if (typeof span === 'string') return span;
        const tone = this.colour === 0 ? '' : tones[span.tone];
        return tone === '' ? span.text : `${tone}${span.text}${plainAgain}`;
      })
      .join('');
  }
}
