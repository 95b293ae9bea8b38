/**
 * A file that appears whole or not at all. Like a letter that is written in a back room and only then put on the
 * counter: bytes go to a temporary file in the same folder, and the name that was asked for is given to it when the
 * last byte is safe on the disk. Opening refuses before a long run what would fail after it: a file that exists, a
 * folder that cannot be written, an output that is also an input. Devices and pipes cannot be renamed into place and are
 * written directly.
 */
import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { chmod, link, open, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';

/** Strings are gathered to this many bytes before they are written. */
const gatherBytes = 65_536;

export interface OutputOptions {
  /** Replace a file that exists. Default: refuse. */
  readonly force?: boolean;
  /** Paths that are read by the same run; writing over one of them is refused even with `force`. */
  readonly inputs?: readonly string[];
}

/** Temporary files of this process that are still open, removed when it ends early; and what they will be called. */
const unfinished = new Set<string>();
const targets = new Set<string>();
let cleansAtExit = false;

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would grow larger than allowed',
  EIO: 'the device failed',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'the file exists',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the path runs in a circle of links',
};

/** An error of the operating system in words, with its code in brackets. */
export function causeOf(error: unknown): string {
  const code = errorCode(error);
  const words = causes[code];
  if (words !== undefined) return `${words} (${code})`;
  return error instanceof Error ? showText(error.message) : 'unknown cause';
}

/** True when both paths lead to the same file, through whatever links. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  try {
    const [statA, statB] = await Promise.all([stat(a), stat(b)]);
    return statA.ino === statB.ino && statA.dev === statB.dev;
  } catch {
    return false;
  }
}

/** An output that has been opened and not yet been put in place. */
export class OutputFile {
  /** Bytes that the operating system has accepted. */
  bytesWritten = 0;
  #gathered: string[] = [];
  #gatheredLength = 0;
  #handle: FileHandle | undefined;

  /** @internal use `openOutput` */
  constructor(
    /** As the user gave it. */
    readonly path: string,
    private readonly target: string,
    private readonly temporary: string | undefined,
    handle: FileHandle,
    private readonly replaces: boolean,
  ) {
    this.#handle = handle;
  }

  /**
   * Appends text (as UTF-8) or bytes. Small texts are gathered; await every call.
   * @throws UserError `output-lost` (exit 4) when the disk is full or fails; the file is then withdrawn
   */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (typeof chunk === 'string') {
      this.#gathered.push(chunk);
      this.#gatheredLength += chunk.length;
      if (this.#gatheredLength >= gatherBytes) await this.#flush();
      return;
    }
    await this.#flush();
    await this.#writeAll(chunk);
  }

  /**
   * Writes the rest, makes sure of it on the disk and gives the file its name.
   * @throws UserError `output-lost`, or `output-exists` when somebody else made the file meanwhile
   */
  async commit(): Promise<void> {
    const handle = this.#open();
    await this.#flush();
    try {
      if (this.temporary !== undefined) await handle.sync();
      await handle.close();
      this.#handle = undefined;
      if (this.temporary !== undefined) await this.#putInPlace(this.temporary);
    } catch (error) {
      await this.discard();
      throw error instanceof UserError ? error : this.#lost(error);
    }
  }

  /** Withdraws the file: nothing appears under its name. Does nothing after `commit`. */
  async discard(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#gathered = [];
    this.#gatheredLength = 0;
    await handle?.close().catch(() => undefined);
    targets.delete(this.target);
    if (this.temporary !== undefined && unfinished.delete(this.temporary)) {
      await unlink(this.temporary).catch(() => undefined);
    }
  }

  #open(): FileHandle {
    if (this.#handle !== undefined) return this.#handle;
    throw new UserError('output-lost', { place: showText(this.path), what: 'the output was withdrawn' });
  }

  async #flush(): Promise<void> {
    if (this.#gatheredLength === 0) return;
    const bytes = Buffer.from(this.#gathered.join(''), 'utf8');
    this.#gathered = [];
    this.#gatheredLength = 0;
    await this.#writeAll(bytes);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    const handle = this.#open();
    let offset = 0;
    try {
      while (offset < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset);
        offset += bytesWritten;
        this.bytesWritten += bytesWritten;
      }
    } catch (error) {
      await this.discard();
      throw this.#lost(error);
    }
  }

  async #putInPlace(temporary: string): Promise<void> {
    if (this.replaces) {
      await rename(temporary, this.target);
    } else {
      // A hard link, unlike a rename, fails when the name was taken since we looked.
      try {
        await link(temporary, this.target);
        await unlink(temporary);
      } catch (error) {
        if (errorCode(error) === 'EEXIST') throw existsAlready(this.path);
        await rename(temporary, this.target);
      }
    }
    unfinished.delete(temporary);
    targets.delete(this.target);
    await syncFolder(dirname(this.target));
  }

  #lost(error: unknown): UserError {
    return new UserError('output-lost', {
      place: showText(this.path),
      what: `output lost after ${this.bytesWritten} bytes: ${causeOf(error)}`,
      next: 'Free some space and run again.',
    });
  }
}

/** The name itself is safe only when the folder is; not every system lets a folder be synced. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().catch(() => undefined);
    await handle.close();
  } catch {
    // Nothing is lost but the promise after a power failure.
  }
}

function existsAlready(path: string): UserError {
  return new UserError('output-exists', {
    place: showText(path),
    what: 'the file exists already',
    next: 'Choose another name, or pass --force to replace it.',
  });
}

function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // It is gone, which is what we want.
    }
  }
}

/** @throws UserError `output-unwritable` for names that mean something else, or nothing */
export function checkName(path: string): void {
  if (path === '')
    throw new UserError('output-unwritable', {
      what: 'the name of an output is empty',
      next: 'Give it a name.',
    });
  if (path === '-') {
    throw new UserError('output-unwritable', {
      place: '-',
      what: 'outputs are files, and the screen is for the report',
      next: 'Write /dev/stdout to mix them, or ./- for a file of that name.',
    });
  }
}

/**
 * Opens an output before the work that fills it.
 * @param path where the file shall appear when it is whole
 * @throws UserError `output-exists`, `output-is-input` or `output-unwritable`; nothing has happened then
 */
export async function openOutput(path: string, options: OutputOptions = {}): Promise<OutputFile> {
  checkName(path);
  const place = showText(path);
  for (const input of options.inputs ?? []) {
    if (input === path || (await isSameFile(input, path))) {
      throw new UserError('output-is-input', {
        place,
        what: 'the output is also an input',
        next: 'Choose another output.',
      });
    }
  }
  try {
    const existing = await stat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) {
      return new OutputFile(path, path, undefined, await open(path, 'w'), true);
    }
    if (existing?.isDirectory()) {
      throw new UserError('output-unwritable', {
        place,
        what: 'the output is a folder',
        expected: 'the name of a file',
      });
    }
    if (existing !== undefined && options.force !== true) throw existsAlready(path);
    // Through a link, the file behind it is replaced and the link stays.
    const target =
      existing === undefined ? join(await realpath(dirname(path)), basename(path)) : await realpath(path);
    if (targets.has(target)) {
      throw new UserError('output-exists', {
        place,
        what: 'another output of this run goes to the same file',
        next: 'Choose another name for one of the two.',
      });
    }
    const suffix = randomBytes(6).toString('hex');
    const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${suffix}.tmp`);
    const handle = await open(temporary, 'wx');
    unfinished.add(temporary);
    targets.add(target);
    if (!cleansAtExit) {
      cleansAtExit = true;
      process.once('exit', removeUnfinished);
    }
    if (existing !== undefined) await chmod(temporary, existing.mode & 0o777).catch(() => undefined);
    return new OutputFile(path, target, temporary, handle, existing !== undefined);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('output-unwritable', {
      place,
      what: `the output cannot be opened: ${causeOf(error)}`,
      next: 'Check the folder.',
    });
  }
}
