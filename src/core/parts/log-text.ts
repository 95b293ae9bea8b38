/**
 * Letters as bytes. The log scanner never makes strings of what it reads: a name is a run of bytes, an escape such as
 * `\u00e9` is unfolded into the bytes that it stands for, and only what is shown to a person becomes text.
 * Half of a surrogate pair has no UTF-8 form, yet JSON can write it (`"\ud800"`), so names are kept in WTF-8, which gives
 * it three bytes and keeps names apart that differ in nothing else (Sapin, "The WTF-8 encoding", 2018).
 */

export const LF = 0x0a;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** Bytes that must be readable behind the last line of a buffer, since the scanner looks at four at a time. */
export const paddingBytes = 16;

/**
 * The end of the UTF-8 sequence that starts at `at` with a byte of 0x80 or more, or -1 if it is not a valid one
 * (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). A line feed behind the text stops it.
 */
export function utf8End(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  const second = bytes[at + 1];
  if (lead < 0xc2) return -1;
  if (lead < 0xe0) return (second & 0xc0) === 0x80 ? at + 2 : -1;
  if ((second & 0xc0) !== 0x80 || (bytes[at + 2] & 0xc0) !== 0x80) return -1;
  if (lead < 0xf0) {
    if (lead === 0xe0 && second < 0xa0) return -1;
    if (lead === 0xed && second > 0x9f) return -1;
    return at + 3;
  }
  if (lead > 0xf4 || (bytes[at + 3] & 0xc0) !== 0x80) return -1;
  if (lead === 0xf0 && second < 0x90) return -1;
  if (lead === 0xf4 && second > 0x8f) return -1;
  return at + 4;
}

/** The first byte of `at..end` that is not part of valid UTF-8, or -1. `bytes[end]` must be a line feed. */
export function firstBadUtf8(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    const next = utf8End(bytes, i);
    if (next < 0) return i;
    i = next;
  }
  return -1;
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function unitAt(bytes: Uint8Array, at: number): number {
  return (
    (hexValue(bytes[at]) << 12) |
    (hexValue(bytes[at + 1]) << 8) |
    (hexValue(bytes[at + 2]) << 4) |
    hexValue(bytes[at + 3])
  );
}

const shortEscapes = new Uint8Array(128);
for (const [letter, byte] of Object.entries({
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  '"': 0x22,
  '\\': 0x5c,
  '/': 0x2f,
})) {
  shortEscapes[letter.charCodeAt(0)] = byte;
}

/**
 * Unfolds the escapes of a valid JSON string into WTF-8.
 * @param at the byte behind the opening quote
 * @param end the closing quote
 * @param into at least `end - at` bytes long; the result is never longer than its source
 * @returns how many bytes were written
 */
export function unfold(bytes: Uint8Array, at: number, end: number, into: Uint8Array): number {
  let length = 0;
  let i = at;
  while (i < end) {
    const byte = bytes[i];
    if (byte !== BACKSLASH) {
      into[length++] = byte;
      i++;
      continue;
    }
    const letter = bytes[i + 1];
    if (letter !== 0x75) {
      into[length++] = shortEscapes[letter];
      i += 2;
      continue;
    }
    let code = unitAt(bytes, i + 2);
    i += 6;
    if ((code & 0xfc00) === 0xd800 && i < end && bytes[i] === BACKSLASH && bytes[i + 1] === 0x75) {
      const low = unitAt(bytes, i + 2);
      if ((low & 0xfc00) === 0xdc00) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        i += 6;
      }
    }
    if (code < 0x80) {
      into[length++] = code;
    } else if (code < 0x800) {
      into[length++] = 0xc0 | (code >> 6);
      into[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      into[length++] = 0xe0 | (code >> 12);
      into[length++] = 0x80 | ((code >> 6) & 0x3f);
      into[length++] = 0x80 | (code & 0x3f);
    } else {
      into[length++] = 0xf0 | (code >> 18);
      into[length++] = 0x80 | ((code >> 12) & 0x3f);
      into[length++] = 0x80 | ((code >> 6) & 0x3f);
      into[length++] = 0x80 | (code & 0x3f);
    }
  }
  return length;
}

/** Text of valid WTF-8 bytes; halves of surrogate pairs come back as they were. */
export function textOf(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  const units: number[] = [];
  let i = at;
  while (i < end) {
    const lead = bytes[i];
    let code = lead;
    if (lead < 0x80) {
      i += 1;
    } else if (lead < 0xe0) {
      code = ((lead & 0x1f) << 6) | (bytes[i + 1] & 0x3f);
      i += 2;
    } else if (lead < 0xf0) {
      code = ((lead & 0x0f) << 12) | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f);
      i += 3;
    } else {
      code =
        ((lead & 7) << 18) |
        ((bytes[i + 1] & 0x3f) << 12) |
        ((bytes[i + 2] & 0x3f) << 6) |
        (bytes[i + 3] & 0x3f);
      i += 4;
    }
    if (code < 0x10000) {
      units.push(code);
    } else {
      units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
    }
    if (units.length >= 4096) text += String.fromCharCode(...units.splice(0));
  }
  return text + String.fromCharCode(...units);
}

/** The WTF-8 bytes of any JavaScript string. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.subarray(0, length);
}
