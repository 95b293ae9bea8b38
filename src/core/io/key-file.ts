/**
 * Fetches a shared key. Keys come from a file or from the environment and never from the command line, where every process list and
 * shell history would show them. The key is the bytes as they stand, without one line end at the end, because editors and `echo` leave
 * one there that nobody meant.
 */
import { open } from 'node:fs/promises';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';

/** Longer files are no keys. */
export const keyBytesMax = 4096;

const lineFeed = 10;
const carriageReturn = 13;

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

/**
 * Reads a key.
 * @param path a file or a pipe
 * @throws UserError `input-unreadable` when it cannot be read or is longer than 4096 bytes, `missing-key` when it is empty
 */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(keyBytesMax + 1);
  let length = 0;
  try {
    const file = await open(path, 'r');
    try {
      for (let count = -1; count !== 0 && length < bytes.length; length += count) {
        count = (await file.read(bytes, length, bytes.length - length)).bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new UserError('input-unreadable', {
      place: showText(path),
      what: `the key cannot be read: ${causes[code] ?? code}`,
    });
  }
  if (length > keyBytesMax) {
    throw new UserError('input-unreadable', {
      place: showText(path),
      what: 'this is too long for a key',
      expected: `at most ${keyBytesMax} bytes`,
    });
  }
  return keyOf(bytes.subarray(0, length), showText(path));
}

/**
 * The key in a variable of the environment, as UTF-8.
 * @param name of the variable, for messages
 * @throws UserError `missing-key` when it is empty
 */
export function keyFromText(text: string, name: string): Uint8Array {
  return keyOf(new TextEncoder().encode(text), name);
}

function keyOf(bytes: Uint8Array, place: string): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === lineFeed) end--;
  if (end < bytes.length && bytes[end - 1] === carriageReturn) end--;
  if (end > 0) return bytes.subarray(0, end);
  throw new UserError('missing-key', {
    place,
    what: 'the key is empty',
    expected: 'at least one byte, better 32',
  });
}
