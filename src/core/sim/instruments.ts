/** The instruments, in the order of their sections in the result. A new one is one file and one line here. */
import { aggregationOf } from './aggregation.js';
import { comingsOf } from './comings.js';
import { detectorsOf } from './detectors.js';
import { headCountOf } from './head-count.js';
import type { InstrumentMaker } from './instrument.js';
import { overlayOf } from './overlay.js';
import { partitionsOf } from './partitions.js';
import { episodesOf } from './episodes.js';
import { replicationOf } from './replication.js';
import { linkFiguresOf } from './link-figures.js';
import { authenticationOf, processingOf } from './processing.js';
import { stepsOf } from './steps.js';
import { trustOf } from './trust.js';

export const instrumentMakers: readonly InstrumentMaker[] = [
  authenticationOf,
  processingOf,
  stepsOf,
  overlayOf,
  detectorsOf,
  partitionsOf,
  trustOf,
  episodesOf,
  aggregationOf,
  headCountOf,
  replicationOf,
  comingsOf,
  linkFiguresOf,
];
