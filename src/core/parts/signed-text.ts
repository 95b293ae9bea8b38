/**
 * What a signature covers: sender, incarnation, step, sequence, time and payload, as canonical JSON (RFC 8785: keys in the order of
 * their code units, no white space). The pattern value is not covered, because everybody can compute it. The simulator signs this
 * text and `mesh observe` checks it, so a recorded log can be verified with nothing but the keys.
 */

const encoder = new TextEncoder();

/** @param canonicalData the payload as canonical JSON; `sender` is the name and not an address */
export function signedText(
  sender: string,
  incarnation: number,
  step: number,
  sequence: number,
  timestampMs: number,
  canonicalData: string,
): Uint8Array {
  return encoder.encode(
    `{"data":${canonicalData},"globalStep":${step},"incarnation":${incarnation},` +
      `"senderId":${JSON.stringify(sender)},"sequence":${sequence},"timestamp":${timestampMs}}`,
  );
}
