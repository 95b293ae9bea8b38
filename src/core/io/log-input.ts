/**
 * Where logs come from: a file, a pipe, standard input, each plain or compressed. Whatever it is, it arrives as a row of
 * byte chunks. While one chunk is worked on, the next one is being read.
 */
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { causeOf } from './output-file.js';

const chunkBytes = 1_048_576;

export interface LogInput {
  /** As the user gave it; `-` is standard input. */
  readonly path: string;
  /** Bytes on the disk; undefined for pipes. */
  readonly sizeBytes: number | undefined;
  /** True for a plain file, of which any part can be read at any time. */
  readonly isSeekable: boolean;
  /**
   * The bytes, unpacked. A chunk is only valid until the next one is asked for.
   * @param onRead told how many bytes of the file, as it lies on the disk, were read
   * @throws UserError `input-lost` when reading fails half-way
   */
  chunks(onRead?: (bytes: number) => void): AsyncIterable<Uint8Array>;
  /** The bytes from `from` up to `to`; only of a seekable input. */
  range(from: number, to: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

function lost(path: string, error: unknown): UserError {
  const isCut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  return new UserError('input-lost', {
    place: showText(path),
    what: isCut ? 'the compressed file ends too early' : `reading failed: ${causeOf(error)}`,
    next: 'What was read until there is in the result.',
  });
}

function unreadable(path: string, what: string, next?: string): UserError {
  return new UserError('input-unreadable', { place: showText(path), what, next });
}

/** Reads `from..to` through two buffers that take turns. */
async function* readHandle(
  handle: FileHandle,
  path: string,
  from: number,
  to: number,
  onRead?: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
  let at = from;
  const read = (turn: number, start: number): Promise<{ bytesRead: number }> =>
    handle.read(buffers[turn], 0, Math.min(chunkBytes, to - start), start);
  let turn = 0;
  let pending = read(turn, at);
  // A reader that stops early leaves this promise behind; its failure is nobody's business then.
  pending.catch(() => undefined);
  for (;;) {
    let count: number;
    try {
      count = (await pending).bytesRead;
    } catch (error) {
      throw lost(path, error);
    }
    if (count === 0) return;
    const chunk = buffers[turn].subarray(0, count);
    at += count;
    turn = 1 - turn;
    if (at < to) {
      pending = read(turn, at);
      pending.catch(() => undefined);
    }
    onRead?.(count);
    yield chunk;
    if (at >= to) return;
  }
}

async function* readStream(
  stream: Readable,
  path: string,
  onRead?: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Uint8Array;
      onRead?.(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw error instanceof UserError ? error : lost(path, error);
  }
}

/** The unpacker that a name asks for. */
function unpackerFor(path: string): (() => NodeJS.ReadWriteStream) | undefined {
  if (/\.gz$/i.test(path)) return () => zlib.createGunzip({ chunkSize: 65_536 });
  if (!/\.zst$/i.test(path)) return undefined;
  const create = (zlib as unknown as Record<string, unknown>).createZstdDecompress;
  if (typeof create === 'function') return create as () => NodeJS.ReadWriteStream;
  throw unreadable(
    path,
    `Node ${process.versions.node} cannot unpack Zstandard`,
    'Use Node 22.15 or newer, or: zstd -dc FILE | mesh observe -',
  );
}

/** A file whose name promises what its first bytes deny is refused at once; the unpacker's own words help nobody. */
async function checkPacked(handle: FileHandle, path: string): Promise<void> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  if (bytesRead < 4) return;
  const isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b;
  // RFC 8878: a frame, or one of the sixteen kinds of frames to be skipped.
  const word = buffer.readUInt32LE(0);
  const isZstandard = word === 0xfd2fb528 || (word & ~0xf) >>> 0 === 0x184d2a50;
  const promised = /\.gz$/i.test(path) ? 'gzip' : 'Zstandard';
  if (promised === 'gzip' ? isGzip : isZstandard) return;
  throw unreadable(
    path,
    `its name says ${promised}, its first bytes do not`,
    'Give it another name, or: mesh observe - < FILE',
  );
}

async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  path: string,
  unpacker: NodeJS.ReadWriteStream,
): AsyncIterable<Uint8Array> {
  const { Readable: ReadableStream, pipeline } = await import('node:stream');
  // Chunks are copied, because the buffers they stand in are used again while the unpacker still reads.
  const copies = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of packed) yield Buffer.from(chunk);
  };
  pipeline(ReadableStream.from(copies()), unpacker, () => undefined);
  yield* readStream(unpacker as unknown as Readable, path);
}

/**
 * Opens a log.
 * @param path a file, a named pipe, or `-` for standard input
 * @throws UserError `input-unreadable`
 */
export async function openLog(path: string): Promise<LogInput> {
  const noRange = (): never => {
    throw unreadable(path, 'only a plain file can be read in parts');
  };
  if (path === '-') {
    return {
      path,
      sizeBytes: undefined,
      isSeekable: false,
      chunks: (onRead) => readStream(process.stdin, 'standard input', onRead),
      range: noRange,
      close: () => Promise.resolve(),
    };
  }
  const unpacker = unpackerFor(path);
  try {
    const kind = await stat(path);
    if (kind.isDirectory()) throw unreadable(path, 'it is a folder', 'Name the files in it.');
    if (!kind.isFile()) {
      const stream = (onRead?: (bytes: number) => void): AsyncIterable<Uint8Array> =>
        readStream(createReadStream(path, { highWaterMark: chunkBytes }), path, onRead);
      return {
        path,
        sizeBytes: undefined,
        isSeekable: false,
        chunks: (onRead) => (unpacker ? unpack(stream(onRead), path, unpacker()) : stream(onRead)),
        range: noRange,
        close: () => Promise.resolve(),
      };
    }
    const handle = await open(path, 'r');
    if (unpacker !== undefined) {
      await checkPacked(handle, path).catch(async (error: unknown) => {
        await handle.close();
        throw error;
      });
    }
    const all = (onRead?: (bytes: number) => void): AsyncIterable<Uint8Array> =>
      readHandle(handle, path, 0, Infinity, onRead);
    return {
      path,
      sizeBytes: kind.size,
      isSeekable: unpacker === undefined,
      chunks: (onRead) => (unpacker ? unpack(all(onRead), path, unpacker()) : all(onRead)),
      range: unpacker ? noRange : (from, to) => readHandle(handle, path, from, to),
      close: () => handle.close(),
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(path, `it cannot be opened: ${causeOf(error)}`, 'Check the path.');
  }
}
