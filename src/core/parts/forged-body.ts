/**
 * What a liar puts into a message: a body made of another one, or of nothing, and signed as well as the liar can. With the group's key
 * it speaks for anybody; with a key pair of its own it speaks for itself; without a key it leaves an old signature under new words, or
 * a blank one, and neither verifies.
 */
import { canonicalJson } from '../base/canonical-json.js';
import type { Body } from '../model/bodies.js';
import type { Experiment } from '../model/experiment.js';
import type { BodyChanges, KeyHolding } from '../model/fault.js';
import { bodyDigest } from './message-identity.js';
import { signedText } from './signed-text.js';

const encoder = new TextEncoder();

/** The name of a node; identities that are nobody's node, as Sybils make up, lie beyond the last address. */
export function nameIn(
  { nodeCount, nameOf }: Pick<Experiment, 'nodeCount' | 'nameOf'>,
  address: number,
): string {
  return address < nodeCount ? nameOf(address) : `sybil-${address - nodeCount}`;
}

/**
 * @param liar address of the member that lies
 * @param body what it starts from; without data it is made up, and `changes` say everything
 */
export function forgedBody(
  liar: number,
  body: Body | { readonly incarnation: number },
  changes: BodyChanges,
  keys: KeyHolding,
  experiment: Pick<Experiment, 'nodeCount' | 'nameOf' | 'signer'>,
): Body {
  const { signer, nodeCount } = experiment;
  const known = 'canonical' in body ? body : undefined;
  const origin = changes.origin ?? known?.origin ?? liar;
  const step = changes.step ?? known?.step ?? 0;
  const sequence = changes.sequence ?? known?.sequence ?? 0;
  const timestampMs = changes.timestampMs ?? known?.timestampMs ?? 0;
  const data = 'data' in changes ? changes.data : known?.data;
  const canonical = 'data' in changes || known === undefined ? canonicalJson(data) : known.canonical;
  const { incarnation } = body;
  const [digest0, digest1] = bodyDigest(origin, incarnation, timestampMs, canonical);

  let signature: Uint8Array | undefined;
  if (signer !== undefined) {
    // Somebody admitted the identities that a Sybil made up, and gave them keys: that is the attack.
    const isOwn = origin === liar || origin >= nodeCount;
    if (keys === 'insider' && (signer.scheme === 'hmac' || isOwn)) {
      const name = nameIn(experiment, origin);
      signature = signer.sign(origin, signedText(name, incarnation, step, sequence, timestampMs, canonical));
    } else {
      const isChanged = Object.keys(changes).length > 0;
      signature = (isChanged ? known?.signature : undefined) ?? new Uint8Array(signer.signatureBytes);
    }
  }
  return {
    origin,
    incarnation,
    step,
    sequence,
    timestampMs,
    data,
    canonical,
    sizeBytes: encoder.encode(canonical).length + (signature?.length ?? 0),
    digest0,
    digest1,
    signature,
  };
}
