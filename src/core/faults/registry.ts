/** Everything that can go wrong. A new fault is one file in `faults/` and one line here. */
import { Registry } from '../base/registry.js';
import type { FaultKind } from '../model/fault.js';
import { crash } from './crash.js';
import { heal } from './heal.js';
import { loss } from './loss.js';
import { partition } from './partition.js';
import { restart } from './restart.js';

export const faults = new Registry<FaultKind>('fault', [loss, partition, heal, crash, restart]);
