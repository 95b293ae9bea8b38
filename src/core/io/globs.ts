/**
 * `logs/*.jsonl`, for shells that do not expand it. Only names in one folder: `*` is any run of characters but slashes,
 * `?` any one. A file whose real name has such letters in it is taken as it is.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';

/**
 * Expands patterns, each in the order of code units.
 * @throws UserError `input-unreadable` when a pattern fits nothing
 */
export async function expandGlobs(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!/[*?]/.test(basename(path)) || existsSync(path)) {
      found.push(path);
      continue;
    }
    const source = basename(path)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    const pattern = new RegExp(`^${source}$`, 'su');
    const names = await readdir(dirname(path)).catch((): string[] => []);
    const fitting = names.filter((name) => pattern.test(name) && !name.startsWith('.')).sort();
    if (fitting.length === 0) {
      throw new UserError('input-unreadable', { place: quoteText(path), what: 'no file has such a name' });
    }
    found.push(...fitting.map((name) => (path.includes('/') ? join(dirname(path), name) : name)));
  }
  return found;
}
