/**
 * Opens frames as bytes arrive. Bytes come in pieces of any size; a frame is handed out only when all of it is there and its seal holds.
 * A claimed length is checked before anything is made for it, and memory grows with what has arrived, never with what is promised.
 */
import { crc32c } from './checksum.js';
import { DamageError } from './damage.js';
import {
  formatVersion,
  frameBytesMax,
  frameHeadBytes,
  frameTailBytes,
  frameTypes,
  magic,
  prefaceBytes,
} from './format.js';

/** Pieces of a file, in order. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export class FrameReader {
  /** The frame that `next` found. The content is valid until the next call. */
  type = 0;
  content: Uint8Array = new Uint8Array(0);
  /** Bytes up to the end of the last whole frame. */
  offset = 0;

  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(65_536);
  #start = 0;
  #end = 0;
  #sum = 0;
  #exhausted = false;

  constructor(chunks: Chunks) {
    this.#source =
      Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /**
   * Reads magic and version.
   * @returns the version found, or undefined when this is no trace at all
   * @throws DamageError when the bytes end before that
   */
  async preface(): Promise<number | undefined> {
    const whole = await this.#fill(prefaceBytes);
    const here = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + magic.length));
    if (here.some((byte, i) => byte !== magic[i])) return undefined;
    if (!whole) throw new DamageError('the file ends before its header');
    const version = new DataView(this.#buffer.buffer, this.#start + magic.length, 4).getUint32(0, true);
    if (version === formatVersion) {
      this.#sum = crc32c(this.#buffer, 0, this.#start, this.#start + prefaceBytes);
      this.#consume(prefaceBytes);
    }
    return version;
  }

  /**
   * The next whole frame into `type` and `content`; false at a clean end between two frames.
   * @throws DamageError when bytes end within a frame or are not what was sealed
   */
  async next(): Promise<boolean> {
    if (!(await this.#fill(frameHeadBytes))) {
      if (this.#end === this.#start) return false;
      throw new DamageError('the file ends in the middle of a frame');
    }
    const type = this.#buffer[this.#start];
    const length = this.#view(this.#start + 1);
    if (type < frameTypes.header || type > frameTypes.footer || length > frameBytesMax) {
      throw new DamageError('a frame has an impossible type or length');
    }
    const sealed = frameHeadBytes + length;
    if (!(await this.#fill(sealed + frameTailBytes))) {
      throw new DamageError('the file ends in the middle of a frame');
    }
    const start = this.#start;
    const sum = crc32c(this.#buffer, this.#sum, start, start + sealed);
    if (sum !== this.#view(start + sealed)) throw new DamageError('a checksum does not hold');
    this.#sum = sum;
    this.type = type;
    this.content = this.#buffer.subarray(start + frameHeadBytes, start + sealed);
    this.#consume(sealed + frameTailBytes);
    return true;
  }

  /** True when bytes follow. */
  async hasMore(): Promise<boolean> {
    return this.#fill(1);
  }

  /** Lets go of the source before its end. */
  async close(): Promise<void> {
    this.#exhausted = true;
    await this.#source.return?.();
  }

  #view(at: number): number {
    return new DataView(this.#buffer.buffer, this.#buffer.byteOffset + at, 4).getUint32(0, true);
  }

  #consume(bytes: number): void {
    this.#start += bytes;
    this.offset += bytes;
  }

  /** Reads until so many bytes are there; false when the source ends before. */
  async #fill(bytes: number): Promise<boolean> {
    while (this.#end - this.#start < bytes) {
      if (this.#exhausted) return false;
      const piece = await this.#source.next();
      if (piece.done === true) {
        this.#exhausted = true;
        return false;
      }
      this.#append(piece.value);
    }
    return true;
  }

  #append(piece: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (this.#end + piece.length > this.#buffer.length) {
      const needed = kept + piece.length;
      // Frames handed out earlier lie in the old buffer; moving bytes within it is safe once a new frame was asked for.
      if (needed <= this.#buffer.length) this.#buffer.copyWithin(0, this.#start, this.#end);
      else {
        const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
        larger.set(this.#buffer.subarray(this.#start, this.#end));
        this.#buffer = larger;
      }
      this.#start = 0;
      this.#end = kept;
    }
    this.#buffer.set(piece, this.#end);
    this.#end += piece.length;
  }
}
