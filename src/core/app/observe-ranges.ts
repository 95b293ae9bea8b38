/** Beginning in the middle: both filters pass over whole lines at the head of a log and let the rest through untouched. */
import { LineReader, wellFormed } from '../parts/log-line.js';
import type { LogFields } from '../parts/log-fields.js';
import { LF, paddingBytes } from '../parts/log-text.js';

/**
 * Passes over the first `count` lines.
 * @param onSkipped told how many lines were passed over, before anything comes through
 */
export async function* skipLines(
  chunks: AsyncIterable<Uint8Array>,
  count: number,
  onSkipped: (lines: number) => void,
): AsyncIterable<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    let at = 0;
    while (left > 0 && at < chunk.length) {
      const feed = chunk.indexOf(LF, at);
      if (feed < 0) {
        at = chunk.length;
        break;
      }
      at = feed + 1;
      left--;
      if (left === 0) onSkipped(count);
    }
    if (at < chunk.length) yield at === 0 ? chunk : chunk.subarray(at);
  }
}

/** Passes over lines until one has a timestamp that is late enough. */
export class SinceFilter {
  readonly #reader: LineReader;
  /** What is there of a line that goes on in the next chunk. */
  #rest = new Uint8Array(0);

  constructor(
    fields: LogFields,
    private readonly sinceMs: number,
  ) {
    this.#reader = new LineReader({ fields, needsPattern: false, needsData: false, readsTimestamp: true });
  }

  async *filter(
    chunks: AsyncIterable<Uint8Array>,
    onSkipped: (lines: number) => void,
  ): AsyncIterable<Uint8Array> {
    let begun = false;
    let skipped = 0;
    for await (const chunk of chunks) {
      if (begun) {
        yield chunk;
        continue;
      }
      const bytes = new Uint8Array(this.#rest.length + chunk.length + paddingBytes);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
      const length = this.#rest.length + chunk.length;
      this.#reader.use(bytes, new DataView(bytes.buffer));
      let at = 0;
      for (;;) {
        const feed = bytes.indexOf(LF, at);
        if (feed < 0 || feed >= length) break;
        this.#reader.read(at, feed);
        if (this.#reader.kind === wellFormed && this.#reader.timestamp >= this.sinceMs) {
          begun = true;
          onSkipped(skipped);
          yield bytes.subarray(at, length);
          break;
        }
        skipped++;
        at = feed + 1;
      }
      this.#rest = begun ? new Uint8Array(0) : bytes.slice(at, length);
    }
    if (!begun) onSkipped(skipped);
  }
}
