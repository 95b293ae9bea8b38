/**
 * What a result alone would not tell. A look at the first bytes: people hand over archives and arrays, and a million malformed lines
 * do not say so. And a word about findings that healthy networks have as well.
 */
import { fileKind } from '../base/file-kind.js';
import { formatCount } from '../base/units.js';
import type { LogTally } from '../parts/log-tally.js';

/** Endings under which `observe` unpacks by itself. */
const suffixes: Readonly<Record<string, string>> = {
  'gzip-compressed': '.gz',
  'Zstandard-compressed': '.zst',
};

/** What the bytes look like when they do not look like a log, as words that follow "looks". */
export function looksLike(bytes: Uint8Array): string | undefined {
  const kind = fileKind(bytes);
  if (kind !== undefined) {
    const { name, unpack } = kind;
    if (unpack === undefined)
      return `like ${name}: ${name.startsWith('a ZIP') ? 'unpack it' : 'export it as JSON lines'} first`;
    const suffix = suffixes[name];
    const rename = suffix === undefined ? '' : `give it a name that ends in ${suffix}, or: `;
    return `${name === 'UTF-16' ? 'like ' : ''}${name}: ${rename}${unpack} | mesh observe -`;
  }
  let first = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[first] === 0x20 || bytes[first] === 0x0a || bytes[first] === 0x0d || bytes[first] === 0x09)
    first++;
  if (bytes[first] === 0x5b) return "like a JSON array: convert with jq -c '.[]'";
  if (bytes[first] === 0x7b && isSpread(bytes, first)) {
    return 'like JSON spread over several lines: convert with jq -c .';
  }
  return undefined;
}

/** True when nothing but blanks follows the first brace on its line. */
function isSpread(bytes: Uint8Array, brace: number): boolean {
  let i = brace + 1;
  while (bytes[i] === 0x20 || bytes[i] === 0x0d || bytes[i] === 0x09) i++;
  return bytes[i] === 0x0a;
}

/** Messages overtake one another in the best of networks, and a reader of findings should know before anybody is accused. */
export function overtakenHint({ findings }: Pick<LogTally, 'findings'>): string | undefined {
  const count = findings['step-backwards'] ?? 0;
  if (count === 0) return undefined;
  const lines = count === 1 ? '1 line steps' : `${formatCount(count)} lines step`;
  return `${lines} backwards. Honest messages do so where one overtakes another on the way, by a few steps; replays come from further back`;
}
