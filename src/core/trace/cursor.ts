/**
 * A finger that moves along a trace. It goes forward only and holds one frame at a time, so a trace of any length is read in the memory
 * of a small one. Where the bytes stop making sense the trace ends, everything before is as good as ever, and `ending` says why.
 *
 *     const cursor = await TraceCursor.open(chunks);
 *     while (await cursor.load()) while (cursor.advance()) look(cursor.event);
 *     cursor.ending.complete
 */
import { assert } from '../base/assert.js';
import { UserError } from '../base/errors.js';
import { DamageError } from './damage.js';
import { EventDecoder } from './decoder.js';
import type { TraceEvent } from './event.js';
import { formatVersion, frameTypes } from './format.js';
import { type Chunks, FrameReader } from './frame-reader.js';
import {
  Fields,
  parseHeader,
  parseJson,
  type TraceFile,
  type TraceHeader,
  type TraceOpening,
} from './header.js';
import { ByteReader } from './varint.js';

/** How a trace ends. */
export interface TraceEnding {
  /** True when the footer was reached and agrees with what was read. */
  readonly complete: boolean;
  /** Events that are surely as they were written. */
  readonly events: number;
  /** Bytes of whole frames. */
  readonly bytes: number;
  /** When not complete: what is wrong. */
  readonly problem?: string;
  /** When complete. 16 hexadecimal digits. */
  readonly fingerprint?: string;
  /** Virtual time at which the run stopped; of a cut trace, the time of the last event. */
  readonly endUs: number;
  /** True when the run itself was stopped early, as by Ctrl-C. */
  readonly interrupted: boolean;
}

/** All attached files together. */
const filesBytesMax = 256 * 1024 * 1024;

export class TraceCursor {
  /** The event that `advance` found; the same object every time. */
  readonly event: TraceEvent;
  #ending: TraceEnding | undefined;
  #loaded = false;
  /** The frame after the opening was looked at while the opening was read; here is what came of it. */
  #ahead: 'found' | DamageError | undefined;

  private constructor(
    readonly opening: TraceOpening,
    ahead: 'found' | DamageError,
    private readonly frames: FrameReader,
    private readonly decoder: EventDecoder,
  ) {
    this.event = decoder.event;
    this.#ahead = ahead;
  }

  /**
   * Reads header, names and files.
   * @param place how to call the trace in errors, escaped
   * @throws UserError `bad-trace`
   */
  static async open(chunks: Chunks, place = 'trace'): Promise<TraceCursor> {
    const frames = new FrameReader(chunks);
    try {
      const version = await frames.preface();
      if (version === undefined) {
        throw new UserError('bad-trace', {
          place,
          what: 'this is not a trace',
          expected: 'a file written by mesh simulate --record',
        });
      }
      if (version !== formatVersion) {
        throw new UserError('bad-trace', {
          place,
          what: `the trace has format version ${version}`,
          expected: `version ${formatVersion}`,
          next: 'Read it with the version of mesh that wrote it, or record it again.',
        });
      }
      const { opening, ahead } = await readOpening(frames);
      return new TraceCursor(opening, ahead, frames, new EventDecoder(opening));
    } catch (error) {
      await frames.close();
      if (!(error instanceof DamageError)) throw error;
      throw new UserError('bad-trace', {
        place,
        what: `the header cannot be read: ${error.message}`,
        next: 'Record the run again.',
      });
    }
  }

  /** Set once `load` has returned false. */
  get ending(): TraceEnding {
    assert(this.#ending !== undefined, 'a trace is asked for its ending after its last event');
    return this.#ending;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** Gets more events; false at the end of the trace. Call when `advance` has returned false, and before the first. */
  async load(): Promise<boolean> {
    while (this.#ending === undefined) {
      try {
        const ahead = this.#ahead;
        this.#ahead = undefined;
        if (ahead instanceof DamageError) throw ahead;
        if (ahead === undefined && !(await this.frames.next())) {
          throw new DamageError('the file ends before its footer');
        }
        if (this.frames.type === frameTypes.events) {
          this.decoder.open(this.frames.content);
          this.#loaded = true;
          return true;
        }
        if (this.frames.type !== frameTypes.footer) throw new DamageError('a frame is out of place');
        await this.#readFooter();
      } catch (error) {
        this.#endWith(error);
      }
    }
    return false;
  }

  /** The next event of those that `load` got; false when there is none. */
  advance(): boolean {
    if (!this.#loaded) return false;
    try {
      if (this.decoder.next()) return true;
    } catch (error) {
      this.#endWith(error);
    }
    this.#loaded = false;
    return false;
  }

  /** Lets go of the file before the end. */
  async close(): Promise<void> {
    await this.frames.close();
  }

  async #readFooter(): Promise<void> {
    const footer = new Fields(parseJson(decodeText(this.frames.content)), 'footer');
    const events = this.decoder.eventCount;
    if (footer.whole('events') !== events) throw new DamageError('the footer counts other events');
    const fingerprint = footer.text('fingerprint');
    if (!/^[0-9a-f]{16}$/.test(fingerprint)) throw new DamageError('the fingerprint is none');
    const endUs = footer.whole('endUs');
    const interrupted = footer.flag('interrupted');
    const bytes = this.frames.offset;
    if (await this.frames.hasMore()) throw new DamageError('bytes follow the footer');
    this.#ending = { complete: true, events, bytes, fingerprint, endUs, interrupted };
  }

  #endWith(error: unknown): void {
    if (!(error instanceof DamageError)) throw error;
    this.#ending = {
      complete: false,
      events: this.decoder.eventCount,
      bytes: this.frames.offset,
      problem: error.message,
      endUs: this.decoder.lastTimeUs,
      interrupted: false,
    };
  }
}

/**
 * The events of a trace, one after the other, each an object of its own. Convenient; `TraceCursor` is faster.
 * @returns how the trace ended
 * @throws UserError `bad-trace` when there is no header
 */
export async function* readTrace(chunks: Chunks): AsyncGenerator<TraceEvent, TraceEnding, void> {
  const cursor = await TraceCursor.open(chunks);
  try {
    while (await cursor.load()) while (cursor.advance()) yield cursor.event.copy();
  } finally {
    await cursor.close();
  }
  return cursor.ending;
}

/**
 * Header, names, files, and the frame after them, which is left in the reader. Damage after the last name is no reason to refuse the
 * trace: it is one with no events.
 */
async function readOpening(
  frames: FrameReader,
): Promise<{ opening: TraceOpening; ahead: 'found' | DamageError }> {
  if (!(await frames.next()) || frames.type !== frameTypes.header) {
    throw new DamageError('the file ends before its header');
  }
  const header: TraceHeader = parseHeader(decodeText(frames.content));
  const nodeNames: string[] = [];
  const files: TraceFile[] = [];
  let filesBytes = 0;
  const opening = { ...header, nodeNames, files };
  try {
    for (;;) {
      if (!(await frames.next())) throw new DamageError('the file ends before its first event');
      const type: number = frames.type;
      if (type === frameTypes.names) {
        const list = new Fields({ names: parseJson(decodeText(frames.content)) }, 'list of nodes');
        const names = list.texts('names');
        if (nodeNames.length + names.length > header.nodeCount) {
          throw new DamageError('there are too many names');
        }
        for (const name of names) nodeNames.push(name);
      } else if (type === frameTypes.file) {
        filesBytes += frames.content.length;
        if (filesBytes > filesBytesMax) throw new DamageError('the attached files are too large');
        files.push(readFile(frames.content));
      } else break;
    }
  } catch (error) {
    if (error instanceof DamageError && nodeNames.length === header.nodeCount)
      return { opening, ahead: error };
    throw error;
  }
  if (nodeNames.length !== header.nodeCount) throw new DamageError('names of nodes are missing');
  return { opening, ahead: 'found' };
}

function readFile(content: Uint8Array): TraceFile {
  const reader = new ByteReader();
  reader.open(content);
  const name = decodeText(reader.take(reader.varint()));
  return { name, bytes: reader.take(reader.left).slice() };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DamageError('a text is not UTF-8');
  }
}
