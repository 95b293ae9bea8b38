/** Everybody who lies. A new adversary is one file in `adversaries/` and one line here. */
import { Registry } from '../base/registry.js';
import type { AdversaryKind } from '../model/fault.js';
import { forgePattern } from './forge-pattern.js';
import { tamperPayload } from './tamper-payload.js';

export const adversaries = new Registry<AdversaryKind>('adversary', [forgePattern, tamperPayload]);
