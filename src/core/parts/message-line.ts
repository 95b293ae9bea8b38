/** A message as a line of a log: fields in the order of docs/observe.md, optional ones only where they say something. */
import { toBase64 } from '../base/base64.js';
import type { Body } from '../model/bodies.js';

/** What of a body stands in a log. */
export type LoggedBody = Pick<Body, 'incarnation' | 'canonical' | 'timestampMs' | 'signature'>;

/** One line with its line feed; step, value and sequence are what this copy claims. */
export function messageLine(
  sender: string,
  body: LoggedBody,
  step: number,
  value: number,
  sequence: number,
): string {
  const incarnation = body.incarnation === 0 ? '' : `,"incarnation":${body.incarnation}`;
  const signature = body.signature === undefined ? '' : `,"signature":"${toBase64(body.signature)}"`;
  return (
    `{"senderId":${JSON.stringify(sender)},"globalStep":${step},"patternValue":${value},` +
    `"data":${body.canonical},"timestamp":${body.timestampMs},"sequence":${sequence}${incarnation}${signature}}\n`
  );
}
