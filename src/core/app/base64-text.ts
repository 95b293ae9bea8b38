/** Base64 as it stands in a log, RFC 4648 section 4, read strictly. */

const values = new Int8Array(128).fill(-1);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, value) => {
  values[letter.charCodeAt(0)] = value;
});

/** The bytes of a base64 text with its padding; undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const letters = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let have = 0;
  let length = 0;
  for (let i = 0; i < letters.length; i++) {
    bits = ((bits << 6) | values[letters.charCodeAt(i)]) & 0xffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[length++] = (bits >> have) & 0xff;
  }
  return bytes;
}
