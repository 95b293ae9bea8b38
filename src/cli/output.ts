/**
 * The way out. Every byte of a result leaves through here, and each can have one of three fates: the kernel has taken it,
 * the reader has gone home (`| head -1`), or the disk was full. The first is success, the second a quiet end, the third
 * an error that counts bytes. A slow reader is waited for as long as it likes; Ctrl-C is heard even while we wait.
 */
import { type Stats, fstatSync, writeSync } from 'node:fs';
import { UserError } from '../core/base/errors.js';
import { type ColourLevel, colourLevel } from './colour.js';
import type { Interruption } from './interruption.js';

/** How long a loop of writes may go on before signals get a chance to be heard. */
const breathEveryMs = 40;
/** How long an interrupted command still waits for a reader that has paused. */
const graceMs = 500;
/** Columns of a terminal that does not say, and of everything that is no terminal. */
export const columnsDefault = 80;
const readerLeftCodes: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'EOF']);

export class Output {
  readonly #descriptor = 1;
  readonly #interruption: Interruption | undefined;
  readonly #kind = kindOf(this.#descriptor);
  #takesAtOnce: boolean | undefined;
  #bytesWritten = 0;
  #readerLeft = false;
  #abandoned = false;
  #listening = false;
  #lastBreathMs = Date.now();

  constructor(interruption?: Interruption) {
    this.#interruption = interruption;
  }

  /** Columns of the terminal; undefined when output goes to a pipe or a file. */
  get terminalColumns(): number | undefined {
    if (this.#kind?.isCharacterDevice() !== true || !process.stdout.isTTY) return undefined;
    return process.stdout.columns > 0 ? process.stdout.columns : columnsDefault;
  }

  /** How much colour this output may get. */
  get colour(): ColourLevel {
    return colourLevel(this.terminalColumns !== undefined, process.env);
  }

  /** Bytes that the kernel has taken so far. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** True once the reader at the other end of the pipe has gone: nothing more needs to be computed. */
  get readerLeft(): boolean {
    return this.#readerLeft;
  }

  /** True when an interrupted command gave up waiting for a reader; the process then has to be ended by force. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * Writes all of `chunk` and waits until the kernel has taken it; the bytes may be reused afterwards.
   * Large chunks (64 KiB and more) are fastest.
   * @returns false when nobody reads any more: stop computing and return
   * @throws UserError `output-lost` when the output cannot be written, such as on a full disk
   */
  async write(chunk: string | Uint8Array): Promise<boolean> {
    if (this.#readerLeft || this.#abandoned) return false;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (bytes.length === 0) return true;
    this.#takesAtOnce ??= takesAtOnce(this.#kind);
    const taken = this.#takesAtOnce ? await this.#writeDirectly(bytes) : await this.#writeToStream(bytes);
    if (Date.now() - this.#lastBreathMs > breathEveryMs) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#lastBreathMs = Date.now();
    }
    return taken;
  }

  /**
   * Writes the last words of a command, whole. Blocks the process while the reader pauses, which is well once signals
   * have their usual meaning again, and spares start-up the modules for terminals and networks.
   * @throws UserError `output-lost`
   */
  async writeLast(text: string): Promise<void> {
    if (this.#readerLeft || this.#abandoned) return;
    const bytes = Buffer.from(text);
    const bytesTaken = this.#writeBlocking(bytes);
    if (!this.#readerLeft && bytesTaken < bytes.length) await this.write(bytes.subarray(bytesTaken));
  }

  /** Files and devices. The stream that Node offers for them ignores short writes, so we count for ourselves. */
  async #writeDirectly(bytes: Uint8Array): Promise<boolean> {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(this.#writeBlocking(rest));
      if (this.#readerLeft) return false;
      if (rest.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return true;
  }

  /** Writes until all is taken, the reader has left, or the system says "not now"; returns the bytes taken. */
  #writeBlocking(bytes: Uint8Array): number {
    let offset = 0;
    while (offset < bytes.length) {
      try {
        const count = writeSync(this.#descriptor, bytes, offset, bytes.length - offset);
        offset += count;
        this.#bytesWritten += count;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') this.#failed(error, bytes.length - offset);
        break;
      }
    }
    return offset;
  }

  /** Pipes, sockets and terminals. */
  async #writeToStream(bytes: Uint8Array): Promise<boolean> {
    const stream = process.stdout;
    if (!this.#listening) {
      this.#listening = true;
      // The framework listens too, and turns any failure but EPIPE into a crash. The callback below tells us everything.
      stream.removeAllListeners('error');
      stream.on('error', () => undefined);
    }
    // Now that the stream has been opened, a full pipe says "not now" instead of blocking. Writing until it does, and leaving
    // the rest and the waiting to the stream, measured a third faster than leaving everything to the stream.
    const taken = this.#writeBlocking(bytes);
    if (this.#readerLeft) return false;
    return taken === bytes.length || this.#leaveToStream(stream, bytes.subarray(taken));
  }

  #leaveToStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      let forget = (): void => undefined;
      stream.write(bytes, (error) => {
        forget();
        try {
          if (error) resolve(this.#failed(error, bytes.length));
          else resolve(true);
        } catch (lost) {
          reject(lost as Error);
        }
      });
      // Still on its way: the reader pauses. From here a signal limits our patience.
      if (stream.writableLength > 0) forget = this.#giveUpAfterSignal(() => resolve(false));
    }).then((taken) => {
      if (taken) this.#bytesWritten += bytes.length;
      return taken;
    });
  }

  /** Calls `giveUp` when a signal has come and the reader still does not read. Returns a function that calls it off. */
  #giveUpAfterSignal(giveUp: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const forget = this.#interruption?.onInterrupt(() => {
      timer = setTimeout(() => {
        this.#abandoned = true;
        giveUp();
      }, graceMs);
    });
    return () => {
      forget?.();
      clearTimeout(timer);
    };
  }

  #failed(error: unknown, bytesLeft: number): false {
    const code = codeOf(error);
    if (readerLeftCodes.has(code)) {
      this.#readerLeft = true;
      return false;
    }
    throw new UserError('output-lost', {
      place: 'standard output',
      what: `writing failed (${code}) after ${this.#bytesWritten} bytes; at least ${bytesLeft} bytes are lost`,
      next: 'Free some space or choose another output, then run again',
    });
  }
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : String(error);
}

/** True for files and devices such as `/dev/full`, which take bytes at once or fail at once. */
function takesAtOnce(kind: Stats | undefined): boolean {
  if (kind === undefined || kind.isFIFO() || kind.isSocket()) return false;
  return !kind.isCharacterDevice() || process.stdout.isTTY !== true;
}

function kindOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}
