/** Files that are read whole, because they are small or refused. */
import { open } from 'node:fs/promises';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf } from './output-file.js';

const bytesMaxDefault = 1_048_577;

/**
 * @param bytesMax what is longer is cut there; readers refuse it by its length
 * @throws UserError `input-unreadable`
 */
export async function readSmallFile(path: string, bytesMax = bytesMaxDefault): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const pieces: Buffer[] = [];
      let length = 0;
      while (length < bytesMax) {
        const piece = Buffer.alloc(Math.min(65_536, bytesMax - length));
        const { bytesRead } = await handle.read(piece, 0, piece.length);
        if (bytesRead === 0) break;
        pieces.push(piece.subarray(0, bytesRead));
        length += bytesRead;
      }
      return Buffer.concat(pieces);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UserError('input-unreadable', {
      place: showText(path),
      what: `it cannot be read: ${causeOf(error)}`,
    });
  }
}
