/** Seals frames: type, length, content, and a checksum over everything that the trace holds up to there. */
import { assert } from '../base/assert.js';
import { crc32c } from './checksum.js';
import {
  formatVersion,
  frameBytesMax,
  frameHeadBytes,
  frameTailBytes,
  frameTypes,
  magic,
  prefaceBytes,
} from './format.js';
import type { TraceFile } from './header.js';
import { putVarint, varintBytesMax } from './varint.js';

/** Takes pieces of a trace, in order. They are never written to again. */
export type Sink = (bytes: Uint8Array) => void;

const encoder = new TextEncoder();

export class FrameWriter {
  /** Of all bytes so far, without the checksums themselves. */
  #sum: number;

  /** Writes the preface at once. */
  constructor(private readonly sink: Sink) {
    const preface = new Uint8Array(prefaceBytes);
    preface.set(magic);
    new DataView(preface.buffer).setUint32(magic.length, formatVersion, true);
    this.#sum = crc32c(preface);
    sink(preface);
  }

  /** Copies the content into a frame of its own. */
  write(type: number, content: Uint8Array): void {
    assert(content.length <= frameBytesMax, 'a frame is short enough to be read again');
    const frame = new Uint8Array(frameHeadBytes + content.length + frameTailBytes);
    const view = new DataView(frame.buffer);
    const end = frame.length - frameTailBytes;
    frame[0] = type;
    view.setUint32(1, content.length, true);
    frame.set(content, frameHeadBytes);
    this.#sum = crc32c(frame, this.#sum, 0, end);
    view.setUint32(end, this.#sum, true);
    this.sink(frame);
  }

  writeText(type: number, text: string): void {
    this.write(type, encoder.encode(text));
  }

  writeFile(file: TraceFile): void {
    const name = encoder.encode(file.name);
    const content = new Uint8Array(varintBytesMax + name.length + file.bytes.length);
    const at = putVarint(content, 0, name.length);
    content.set(name, at);
    content.set(file.bytes, at + name.length);
    this.write(frameTypes.file, content.subarray(0, at + name.length + file.bytes.length));
  }
}
