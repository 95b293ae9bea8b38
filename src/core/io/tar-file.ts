/**
 * A few files as one `.tar.gz`: something to attach to a report, which every system can open. The format is the plain "ustar" of POSIX
 * (IEEE Std 1003.1-1988): a header of 512 bytes a file, its bytes, and two empty blocks at the end. No times, owners or modes of this
 * machine get in, so that the same files make the same archive.
 */
import { gzipSync } from 'node:zlib';
import { assert } from '../base/assert.js';

export interface ArchivedFile {
  /** With `/` between its parts; at most 100 bytes, or 155 and 100 around one of the slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const blockBytes = 512;
const encoder = new TextEncoder();

/** The name in its two fields; undefined when it does not fit. */
export function ustarName(
  name: string,
): { readonly prefix: Uint8Array; readonly name: Uint8Array } | undefined {
  const whole = encoder.encode(name);
  if (whole.length <= 100) return { prefix: new Uint8Array(0), name: whole };
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const prefix = encoder.encode(name.slice(0, at));
    const rest = encoder.encode(name.slice(at + 1));
    if (prefix.length <= 155 && rest.length <= 100 && rest.length > 0) return { prefix, name: rest };
  }
  return undefined;
}

function header({ name, bytes }: ArchivedFile): Uint8Array {
  const names = ustarName(name);
  assert(names !== undefined, 'names in an archive fit');
  const block = new Uint8Array(blockBytes);
  const put = (offset: number, text: string): void => block.set(encoder.encode(text), offset);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.set(names.name, 0);
  put(
    100,
    `${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(bytes.length, 11)}\0${octal(0, 11)}\0`,
  );
  // The checksum is taken with blanks in its own place.
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\u000000');
  block.set(names.prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return block;
}

/** The bytes of a `.tar.gz` with these files. */
export function tarGz(files: readonly ArchivedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const file of files) {
    parts.push(header(file), file.bytes);
    const over = file.bytes.length % blockBytes;
    if (over > 0) parts.push(new Uint8Array(blockBytes - over));
  }
  parts.push(new Uint8Array(2 * blockBytes));
  return gzipSync(Buffer.concat(parts));
}
