/**
 * A file that others still write to. New bytes are handed over as they come. When the file has become shorter, it was
 * emptied, and reading begins anew; when another file stands under its name, the old one is read to its end first.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf } from './output-file.js';

const chunkBytes = 262_144;

/** A piece of the file, or the news that what follows is another file. */
export type FollowEvent =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'restart' };

/**
 * Follows a file until `signal` is aborted.
 * @param pollMs how long to wait at the end of the file before looking again
 * @throws UserError `input-unreadable` when it cannot be opened at the start
 */
export async function* followFile(
  path: string,
  signal: AbortSignal,
  pollMs = 250,
): AsyncIterable<FollowEvent> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new UserError('input-unreadable', {
      place: showText(path),
      what: `it cannot be opened: ${causeOf(error)}`,
    });
  }
  const buffer = new Uint8Array(chunkBytes);
  let at = 0;
  try {
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
      if (bytesRead > 0) {
        at += bytesRead;
        yield { kind: 'bytes', bytes: buffer.subarray(0, bytesRead) };
        continue;
      }
      const mine = await handle.stat();
      if (mine.size < at) {
        at = 0;
        yield { kind: 'restart' };
        continue;
      }
      const named = await stat(path).catch(() => undefined);
      if (named !== undefined && (named.ino !== mine.ino || named.dev !== mine.dev)) {
        const next = await open(path, 'r').catch(() => undefined);
        if (next !== undefined) {
          await handle.close();
          handle = next;
          at = 0;
          yield { kind: 'restart' };
          continue;
        }
      }
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
}
