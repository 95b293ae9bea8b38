/** Everybody who lies. A new adversary is one file in `adversaries/` and one line here. */
import { Registry } from '../base/registry.js';
import type { AdversaryKind } from '../model/fault.js';
import { delay } from './delay.js';
import { drop } from './drop.js';
import { eclipse } from './eclipse.js';
import { equivocate } from './equivocate.js';
import { falseSuspicion } from './false-suspicion.js';
import { floodAdversary } from './flood.js';
import { forgePattern } from './forge-pattern.js';
import { replay } from './replay.js';
import { selectiveForward } from './selective-forward.js';
import { silent } from './silent.js';
import { squat } from './squat.js';
import { stepInflate } from './step-inflate.js';
import { sybil } from './sybil.js';
import { tamperPayload } from './tamper-payload.js';

export const adversaries = new Registry<AdversaryKind>('adversary', [
  forgePattern,
  tamperPayload,
  silent,
  drop,
  delay,
  replay,
  stepInflate,
  equivocate,
  floodAdversary,
  sybil,
  eclipse,
  selectiveForward,
  falseSuspicion,
  squat,
]);
