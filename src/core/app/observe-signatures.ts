/** Holds the signature of a line against what the line says: sender, incarnation, step, sequence, timestamp and payload. */
import { fromBase64 } from './base64-text.js';
import { canonicalJson } from '../base/canonical-json.js';
import { signatureVerifier, type SignatureKeys } from '../io/signature-keys.js';
import { rowFlags } from '../parts/log-block.js';
import type { LineReader } from '../parts/log-line.js';
import { numberOf, stepOf } from '../parts/log-payload.js';
import type { SignatureCheck, SignatureVerdict } from '../parts/log-scanner.js';
import { textOf } from '../parts/log-text.js';
import { signedText } from '../parts/signed-text.js';

const bad = (message: string): SignatureVerdict => ({ flag: rowFlags.badSignature, message });

/** The text that a signature of this line covers. Missing numbers count as 0. */
function coveredText(reader: LineReader, sender: string): Uint8Array {
  const { bytes } = reader.walker;
  const whole = (field: 'incarnation' | 'sequence'): number => {
    const span = reader.span(field);
    const isNumber =
      span !== undefined && (bytes[span[0]] === 0x2d || (bytes[span[0]] >= 0x30 && bytes[span[0]] <= 0x39));
    return isNumber ? stepOf(bytes, span[0], span[1]) : 0;
  };
  const time = reader.span('timestamp');
  const data = reader.span('data');
  const payload = data === undefined ? 'null' : canonicalJson(JSON.parse(textOf(bytes, data[0], data[1])));
  const timestamp = time === undefined ? 0 : numberOf(bytes, time[0], time[1]);
  return signedText(sender, whole('incarnation'), reader.step, whole('sequence'), timestamp, payload);
}

/** The check for these keys. */
export function signatureCheck(keys: SignatureKeys): SignatureCheck {
  const verdictOf = signatureVerifier(keys);
  return (reader, sender) => {
    const span = reader.span('signature');
    const { bytes } = reader.walker;
    const isText = span !== undefined && bytes[span[0]] === 0x22;
    const signature = isText ? fromBase64(textOf(bytes, span[0] + 1, span[1] - 1)) : undefined;
    let covered = true;
    const message = (): Uint8Array => {
      try {
        return coveredText(reader, sender);
      } catch {
        // Numbers beyond a double have no canonical form, so nobody can have signed them.
        covered = false;
        return new Uint8Array(0);
      }
    };
    const verdict = verdictOf(sender, message, signature ?? new Uint8Array(0));
    if (verdict === 'unknown sender')
      return { flag: rowFlags.unknownSender, message: 'this sender has no key' };
    if (span === undefined) return bad('the signature is missing');
    if (signature === undefined) return bad('the signature is not base64');
    return verdict === 'good' && covered ? undefined : bad('the signature does not fit the message');
  };
}
