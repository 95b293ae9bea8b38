/** A folder that a run fills with files. Like a single output, it is looked at before the run, and nothing in it is replaced unasked. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf, checkName, openOutput } from './output-file.js';

export interface FolderFile {
  /** Below the folder, with `/` between its parts. */
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/**
 * Makes a folder for outputs, and those above it; one that exists is fine.
 * @throws UserError `output-unwritable`
 */
export async function makeFolder(path: string): Promise<void> {
  checkName(path);
  try {
    await makeEach(path);
  } catch (error) {
    throw new UserError('output-unwritable', {
      place: showText(path),
      what: `the folder cannot be made: ${causeOf(error)}`,
      next: 'Choose another name.',
    });
  }
}

/** One after the other: Node's own `recursive` never comes back from file systems that have no room for folders, such as /proc. */
async function makeEach(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  const above = dirname(path);
  if (found === undefined && above !== path) await makeEach(above);
  await mkdir(path).catch(async (error: unknown) => {
    // Somebody else was quicker.
    if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) throw error;
  });
}

/** What is there already of a path. */
async function nearestOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  const above = dirname(path);
  return found !== undefined || above === path ? path : nearestOf(above);
}

/**
 * Looks whether a folder could be filled, and leaves nothing behind.
 * @throws UserError `output-exists` or `output-unwritable` when it cannot
 */
export async function checkFolder(path: string, force: boolean): Promise<void> {
  checkName(path);
  const place = showText(path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isDirectory()) await tryFolder(await nearestOf(resolve(path)), place);
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

async function tryFolder(folder: string, place: string): Promise<void> {
  const name = join(folder, randomBytes(6).toString('hex'));
  try {
    await (await openOutput(name)).discard();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [{ what }] = error.problems;
    throw new UserError(error.code, { place, what, next: 'Choose another place.' });
  }
}

/** @throws UserError `output-unwritable` or `output-lost` */
export async function fillFolder(path: string, files: readonly FolderFile[], force: boolean): Promise<void> {
  for (const { name, bytes } of files) {
    const full = join(path, name);
    await makeFolder(dirname(full));
    const file = await openOutput(full, { force });
    await file.write(bytes);
    await file.commit();
  }
}
