/** Words as a shell takes them, for command lines that a reader may copy. */
import { showText } from './escape.js';

/** The word itself where that is safe, else in single quotes. Control characters are shown, not copied. */
export function quoteWord(word: string): string {
  const safe = showText(word, 1000);
  return /^[\w./:=@%+,-]+$/.test(safe) ? safe : `'${safe.replace(/'/g, `'\\''`)}'`;
}
