/** A folder that a run fills with files. Like a single output, it is looked at before the run, and nothing in it is replaced unasked. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf, openOutput } from './output-file.js';

export interface FolderFile {
  /** Below the folder, with `/` between its parts. */
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/** @throws UserError `output-exists` or `output-unwritable` when the folder cannot be filled */
export async function checkFolder(path: string, force: boolean): Promise<void> {
  const place = showText(path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new UserError('output-exists', {
      place,
      what: 'this is a file',
      expected: 'a folder, or a name that ends in .tar.gz',
    });
  if (!force && (await readdir(path)).length > 0)
    throw new UserError('output-exists', {
      place,
      what: 'the folder is not empty',
      next: 'Choose another name, or pass --force to replace files in it.',
    });
}

/** @throws UserError `output-unwritable` or `output-lost` */
export async function fillFolder(path: string, files: readonly FolderFile[], force: boolean): Promise<void> {
  for (const { name, bytes } of files) {
    const full = join(path, name);
    try {
      await mkdir(dirname(full), { recursive: true });
    } catch (error) {
      throw new UserError('output-unwritable', {
        place: showText(path),
        what: `the folder cannot be made: ${causeOf(error)}`,
        next: 'Check the path.',
      });
    }
    const file = await openOutput(full, { force });
    await file.write(bytes);
    await file.commit();
  }
}
