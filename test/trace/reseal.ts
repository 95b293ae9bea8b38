/** A second, slow way to seal a trace: checksums computed bit by bit from the definition, for tests that forge traces. */

/** @param before the checksum of what stands before the bytes */
export function slowCrc32c(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  return ~sum >>> 0;
}

const prefaceBytes = 12;

export interface Frame {
  type: number;
  content: Uint8Array;
}

/** The frames of a sound trace. */
export function framesOf(trace: Uint8Array): Frame[] {
  const view = new DataView(trace.buffer, trace.byteOffset, trace.byteLength);
  const frames: Frame[] = [];
  for (let at = prefaceBytes; at < trace.length;) {
    const length = view.getUint32(at + 1, true);
    frames.push({ type: trace[at], content: trace.slice(at + 5, at + 5 + length) });
    at += 5 + length + 4;
  }
  return frames;
}

/** A trace of these frames, sealed anew. */
export function traceOf(preface: Uint8Array, frames: readonly Frame[]): Uint8Array {
  const bytes = [...preface.slice(0, prefaceBytes)];
  let sum = slowCrc32c(Uint8Array.from(bytes));
  for (const { type, content } of frames) {
    const head = new Uint8Array(5);
    head[0] = type;
    new DataView(head.buffer).setUint32(1, content.length, true);
    sum = slowCrc32c(content, slowCrc32c(head, sum));
    const seal = new Uint8Array(4);
    new DataView(seal.buffer).setUint32(0, sum, true);
    bytes.push(...head, ...content, ...seal);
  }
  return Uint8Array.from(bytes);
}
