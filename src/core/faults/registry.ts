/** Everything that can go wrong. A new fault is one file in `faults/` and one line here. */
import { Registry } from '../base/registry.js';
import type { FaultKind } from '../model/fault.js';
import { clock } from './clock.js';
import { clog } from './clog.js';
import { corrupt } from './corrupt.js';
import { crash } from './crash.js';
import { delay } from './delay.js';
import { duplicate } from './duplicate.js';
import { flap } from './flap.js';
import { heal } from './heal.js';
import { leave } from './leave.js';
import { loss } from './loss.js';
import { partition } from './partition.js';
import { pause } from './pause.js';
import { reorder } from './reorder.js';
import { restart } from './restart.js';
import { slow } from './slow.js';

export const faults = new Registry<FaultKind>('fault', [
  loss,
  delay,
  duplicate,
  reorder,
  corrupt,
  clog,
  flap,
  partition,
  heal,
  crash,
  leave,
  restart,
  pause,
  slow,
  clock,
]);
