/**
 * A seal on every parcel. CRC-32C finds what disks, copies and torn writes do to bytes; it is no defence against somebody who wants
 * to deceive. The polynomial is Castagnoli's (1993), as used by iSCSI (RFC 3720, section 12.1, vectors in B.4), SCTP and ext4.
 * Eight bytes are taken at a time with eight tables (the "slicing" of Kounavis and Berry, 2005), since every event passes here.
 */

/** Castagnoli's polynomial with its bits reversed. */
const polynomial = 0x82f63b78;
const slices = 8;

const tables = makeTables();

/** tables[slice * 256 + byte]: what the byte contributes when `slice` zero bytes follow it. */
function makeTables(): Int32Array {
  const made = new Int32Array(slices * 256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? polynomial : 0);
    made[byte] = rest;
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256];
    made[at] = (before >>> 8) ^ made[before & 255];
  }
  return made;
}

/**
 * Continues a checksum: `crc32c(b, crc32c(a))` is the checksum of a followed by b.
 * @param sum the checksum of everything before; 0 for nothing
 * @returns 0 .. 2^32-1
 */
export function crc32c(bytes: Uint8Array, sum = 0, from = 0, to = bytes.length): number {
  const t = tables;
  let crc = ~sum;
  let i = from;
  for (const last = to - 7; i < last; i += 8) {
    const low = crc ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    crc =
      t[1792 + (low & 255)] ^
      t[1536 + ((low >>> 8) & 255)] ^
      t[1280 + ((low >>> 16) & 255)] ^
      t[1024 + (low >>> 24)] ^
      t[768 + bytes[i + 4]] ^
      t[512 + bytes[i + 5]] ^
      t[256 + bytes[i + 6]] ^
      t[bytes[i + 7]];
  }
  for (; i < to; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}
