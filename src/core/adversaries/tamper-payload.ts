/**
 * Tamper with the payload: a member passes messages of others on, with other data and the value and signature as they were. The pattern
 * does not cover the data, so the pattern check never tells; a signature does.
 */
import { canonicalJson } from '../base/canonical-json.js';
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import type { Body } from '../model/bodies.js';
import { bodyDigest } from '../parts/message-identity.js';

const encoder = new TextEncoder();

/** The same body with other data: what was said becomes what the liar wishes. */
function tampered(body: Body): Body {
  const data = { tampered: true, original: body.data };
  const canonical = canonicalJson(data);
  const [digest0, digest1] = bodyDigest(body.origin, body.incarnation, body.timestampMs, canonical);
  const sizeBytes = encoder.encode(canonical).length + (body.signature?.length ?? 0);
  return { ...body, data, canonical, sizeBytes, digest0, digest1 };
}

export const tamperPayload = adversaryKind({
  name: 'tamper-payload',
  summary: 'pass messages of others on with other data',
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      default: 1,
      doc: 'The share of messages that are tampered with, each by a draw of its own.',
    },
  }),
  create(context, { ratio }) {
    const { bodies, draws } = context;
    /** All copies of one message are altered alike. The record of the act keeps the altered body in the table. */
    const handleOf = new WeakMap<Body, number>();
    const ours = new WeakSet<Body>();
    return {
      onSend(envelope, kind) {
        if (!kind.publication) return;
        const body = bodies.get(envelope.body);
        if (body.origin === envelope.from || ours.has(body)) return;
        if (draws.stream(envelope.from, body.digest0).ratio() >= ratio) return;
        context.touchMessage();
        context.touchNode(envelope.from);
        const known = handleOf.get(body);
        if (known !== undefined) {
          envelope.body = known;
          context.recordAct(envelope);
          return;
        }
        const lie = tampered(body);
        const handle = bodies.add(lie);
        ours.add(lie);
        handleOf.set(body, handle);
        envelope.body = handle;
        context.recordAct(envelope);
        bodies.release(handle);
      },
    };
  },
});
