/**
 * Customs for untrusted text. Names of senders, files, flags and the words of other parsers come from strangers;
 * before they reach a terminal, a page or a message, everything that could move a cursor, turn the writing
 * direction or hide is replaced by its visible escape, such as `\u001b`. There is one such place, and this is it.
 */

/** How much of any one foreign value is shown, in UTF-16 code units. */
export const shownCharactersMax = 120;

/**
 * C0, DEL and C1; line and paragraph separators; zero-width and bidirectional controls; the byte order mark;
 * interlinear and tag controls. Lone surrogates are matched because the `u` flag sees pairs as one character.
 */
const unsafe =
  // eslint-disable-next-line no-control-regex -- finding control characters is the purpose of this expression
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

function visible(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) {
    escaped += '\\u' + character.charCodeAt(i).toString(16).padStart(4, '0');
  }
  return escaped;
}

/**
 * Foreign text made safe to show on one line.
 * @param text anything; not trusted
 * @param charactersMax longer text is cut and ends in `…`
 */
export function showText(text: string, charactersMax: number = shownCharactersMax): string {
  let head = text;
  let cut = false;
  if (text.length > charactersMax) {
    cut = true;
    head = text.slice(0, charactersMax);
    const last = head.charCodeAt(head.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) head = head.slice(0, -1);
  }
  const safe = head.replace(unsafe, visible);
  return cut ? safe + '…' : safe;
}

/** Like `showText`, between double quotes, with quotes and backslashes escaped so that the end is unmistakable. */
export function quoteText(text: string, charactersMax: number = shownCharactersMax): string {
  return `"${showText(text.replace(/[\\"]/g, '\\$&'), charactersMax)}"`;
}

/** Shows any JSON-like value briefly: strings quoted, the rest as JSON, cut to `charactersMax`. Never throws. */
export function showValue(value: unknown, charactersMax: number = shownCharactersMax): string {
  if (typeof value === 'string') return quoteText(value, charactersMax);
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
    return showText(String(value), charactersMax);
  }
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
