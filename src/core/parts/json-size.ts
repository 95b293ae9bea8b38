/** How many bytes a JSON text takes in UTF-8, told without writing it down: most messages are sent, counted and never printed. */

/** Bytes of a text in UTF-8; each half of a broken pair counts as the sign that stands in for it, 3 bytes. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes++;
    if (unit < 0x800) continue;
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    // A pair of code units makes four bytes: one more for each of the two.
    if (isPair) {
      bytes++;
      i++;
    } else bytes++;
  }
  return bytes;
}

/** Bytes of a text as a JSON string, quotes included. */
export function stringBytes(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit >= 0x7f || unit === 0x22 || unit === 0x5c) return utf8Bytes(JSON.stringify(text));
  }
  return text.length + 2;
}

/** Digits of a whole number from 0. */
export function countBytes(count: number): number {
  let bytes = 1;
  for (let limit = 10; limit <= count; limit *= 10) bytes++;
  return bytes;
}

/** Bytes of a JSON list whose items take these bytes together. */
export function listBytes(items: number, itemsBytes: number): number {
  return 2 + itemsBytes + Math.max(0, items - 1);
}
