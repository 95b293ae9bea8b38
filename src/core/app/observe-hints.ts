/** A look at the first bytes: people hand over archives and arrays, and a million malformed lines do not tell them. */

/** What the bytes look like when they do not look like a log, as words that follow "looks". */
export function looksLike(bytes: Uint8Array): string | undefined {
  const starts = (...magic: number[]): boolean => magic.every((byte, place) => bytes[place] === byte);
  if (starts(0x1f, 0x8b))
    return 'gzip-compressed: give it a name that ends in .gz, or: zcat FILE | mesh observe -';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) {
    return 'Zstandard-compressed: give it a name that ends in .zst, or: zstd -dc FILE | mesh observe -';
  }
  if (starts(0x50, 0x4b, 3, 4)) return 'like a ZIP archive: unpack it first';
  if (starts(0x42, 0x5a, 0x68)) return 'bzip2-compressed: bzcat FILE | mesh observe -';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz-compressed: xzcat FILE | mesh observe -';
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'like a Parquet file: export it as JSON lines first';
  const isWide = (first: number, second: number): boolean => starts(first, second);
  if (isWide(0xff, 0xfe) || isWide(0xfe, 0xff) || everySecondIsNul(bytes)) {
    return 'like UTF-16: iconv -f UTF-16 -t UTF-8 FILE | mesh observe -';
  }
  let first = starts(0xef, 0xbb, 0xbf) ? 3 : 0;
  while (bytes[first] === 0x20 || bytes[first] === 0x0a || bytes[first] === 0x0d || bytes[first] === 0x09)
    first++;
  if (bytes[first] === 0x5b) return "like a JSON array: convert with jq -c '.[]'";
  if (bytes[first] === 0x7b && isSpread(bytes, first)) {
    return 'like JSON spread over several lines: convert with jq -c .';
  }
  return undefined;
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

/** True when nothing but blanks follows the first brace on its line. */
function isSpread(bytes: Uint8Array, brace: number): boolean {
  let i = brace + 1;
  while (bytes[i] === 0x20 || bytes[i] === 0x0d || bytes[i] === 0x09) i++;
  return bytes[i] === 0x0a;
}
