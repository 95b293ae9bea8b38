/**
 * The lines that begin in a stretch of a file. A file can be cut anywhere into stretches, and every line belongs to the
 * stretch in which its first byte lies: a reader skips what is left of a line that began before, and reads on past its end
 * until the line that it has begun is whole.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const readBytes = 262_144;
const lineFeed = 10;

export class LineRangeReader {
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(readBytes);

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /**
   * Hands over the bytes of all lines that begin in `from..to`, in pieces that are only valid during the call.
   * @param to may be Infinity: to the end of the file
   */
  read(from: number, to: number, take: (piece: Uint8Array) => void): void {
    let at = from;
    // Whether a line begins at `from`, the byte before it tells.
    let skips = from > 0;
    if (skips) at--;
    for (;;) {
      const count = readSync(this.#descriptor, this.#buffer, 0, readBytes, at);
      if (count === 0) return;
      let piece = this.#buffer.subarray(0, count);
      const start = at;
      at += count;
      if (skips) {
        const feed = piece.indexOf(lineFeed);
        if (feed < 0) {
          if (at >= to) return;
          continue;
        }
        skips = false;
        if (start + feed + 1 >= to) return;
        piece = piece.subarray(feed + 1);
      }
      // The line feed at `to - 1` or the first one behind it ends the last line.
      const pieceStart = at - piece.length;
      if (at >= to) {
        const feed = piece.indexOf(lineFeed, Math.max(0, to - 1 - pieceStart));
        if (feed >= 0) {
          take(piece.subarray(0, feed + 1));
          return;
        }
      }
      if (piece.length > 0) take(piece);
    }
  }
}
