/**
 * What a file is, by its first bytes. People hand over archives, traces and whatever their editor made of a text; a message about
 * broken characters, or a million malformed lines, do not tell them.
 */

export interface FileKind {
  /** Words that follow "it is". */
  readonly name: string;
  /** A command of the shell that prints it as the text that it should be. */
  readonly unpack?: string;
}

const kinds: readonly (FileKind & { readonly magic: readonly number[] })[] = [
  { magic: [0x1f, 0x8b], name: 'gzip-compressed', unpack: 'zcat FILE' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'Zstandard-compressed', unpack: 'zstd -dc FILE' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2-compressed', unpack: 'bzcat FILE' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'xz-compressed', unpack: 'xzcat FILE' },
  { magic: [0x50, 0x4b, 3, 4], name: 'a ZIP archive' },
  { magic: [0x50, 0x41, 0x52, 0x31], name: 'a Parquet file' },
  { magic: [0x89, 0x4d, 0x45, 0x53, 0x48], name: 'a trace of mesh simulate --record' },
];

/** @param bytes the beginning of the file, or all of it */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  const known = kinds.find(({ magic }) => magic.every((byte, place) => bytes[place] === byte));
  if (known !== undefined) return known;
  const isMarked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return isMarked || everySecondIsNul(bytes)
    ? { name: 'UTF-16', unpack: 'iconv -f UTF-16 -t UTF-8 FILE' }
    : undefined;
}

/** True when the first bytes are pairs of a letter and a zero, in either order. */
function everySecondIsNul(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  for (const offset of [0, 1]) {
    let pairs = 0;
    while (pairs < 4 && bytes[2 * pairs + offset] === 0 && bytes[2 * pairs + 1 - offset] !== 0) pairs++;
    if (pairs === 4) return true;
  }
  return false;
}
