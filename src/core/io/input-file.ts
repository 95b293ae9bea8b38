/** Small inputs that are read whole: scenarios, and the files that they name. */
import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf } from './output-file.js';

/**
 * Reads a file of at most `sizeMax` bytes; a path of `-` is standard input.
 * @throws UserError `input-unreadable`
 */
export function readSmallFile(path: string, sizeMax: number): Uint8Array {
  const place = path === '-' ? 'standard input' : showText(path);
  const refuse = (what: string, expected?: string): UserError =>
    new UserError('input-unreadable', { place, what, expected, next: 'Check the path.' });
  let file = 0;
  try {
    if (path !== '-') file = openSync(path, 'r');
    if (fstatSync(file).isDirectory()) throw refuse('it is a folder', 'a file');
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(65_536);
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) break;
      size += count;
      if (size > sizeMax) throw refuse('the file is too large', `at most ${sizeMax} bytes`);
      chunks.push(chunk.subarray(0, count));
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof UserError ? error : refuse(`cannot be read: ${causeOf(error)}`);
  } finally {
    if (file !== 0) closeSync(file);
  }
}

/** A file that a scenario names, as it was read. */
export interface CompanionFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const companionBytesMax = 256 * 2 ** 20;

/**
 * A reader of files beside another file, which remembers what it read. Links that lead out of the folder are refused unless
 * `anywhere` is set.
 */
export function companionReader(
  besidePath: string,
  anywhere: boolean,
): { readonly files: readonly CompanionFile[]; readonly readFile: (path: string) => Uint8Array } {
  const folder = besidePath === '-' ? '.' : dirname(besidePath);
  const files: CompanionFile[] = [];
  const readFile = (path: string): Uint8Array => {
    const known = files.find(({ name }) => name === path);
    if (known !== undefined) return known.bytes;
    const full = isAbsolute(path) ? path : resolve(folder, path);
    const bytes = readSmallFile(full, companionBytesMax);
    if (!anywhere) {
      const inside = relative(realpathSync(folder), realpathSync(full));
      if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
        throw new UserError('bad-scenario', {
          place: showText(path),
          what: 'the file is a link that leads out of the folder of the scenario',
          next: 'Pass --files-anywhere to allow it.',
        });
      }
    }
    files.push({ name: path, bytes });
    return bytes;
  };
  return { files, readFile };
}
