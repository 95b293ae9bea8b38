/** The fillings of each slot. A new protocol is one file in `protocols/<slot>/` and one line here. */
import { Registry } from '../base/registry.js';
import type { Protocol } from '../model/protocol.js';
import { workload } from './app/workload.js';
import { local } from './clock/local.js';
import { majority } from './clock/majority.js';
import { max } from './clock/max.js';
import { median } from './clock/median.js';
import { quorum } from './clock/quorum.js';
import { heartbeat } from './detector/heartbeat.js';
import { phiAccrual } from './detector/phi-accrual.js';
import { swim } from './detector/swim.js';
import { authentication } from './guards/authentication.js';
import { patternCheck } from './guards/pattern-check.js';
import { rateLimit } from './guards/rate-limit.js';
import { replayWindow } from './guards/replay-window.js';
import { reputation } from './guards/reputation.js';
import { quorum as partitionQuorum } from './partition/quorum.js';
import { geographic } from './peers/geographic.js';
import { hybrid } from './peers/hybrid.js';
import { latencyAware } from './peers/latency-aware.js';
import { random } from './peers/random.js';
import { direct } from './spread/direct.js';
import { gossipsub } from './spread/gossipsub.js';
import { eagerLazy } from './spread/eager-lazy.js';
import { pull } from './spread/pull.js';
import { pushPull } from './spread/push-pull.js';
import { push } from './spread/push.js';
import { averaging } from './state/averaging.js';
import { hierarchy } from './state/hierarchy.js';
import { gCounter } from './state/g-counter.js';
import { lwwMap } from './state/lww-map.js';
import { orSet } from './state/or-set.js';
import { pnCounter } from './state/pn-counter.js';
import { pushSum } from './state/push-sum.js';
import { flood } from './spread/flood.js';

export const guards = new Registry<Protocol>('guard', [
  authentication,
  patternCheck,
  replayWindow,
  rateLimit,
  reputation,
]);
export const peerManagers = new Registry<Protocol>('peer selection', [
  random,
  latencyAware,
  hybrid,
  geographic,
]);
export const detectors = new Registry<Protocol>('failure detector', [heartbeat, swim, phiAccrual]);
export const partitionDetectors = new Registry<Protocol>('partition detector', [partitionQuorum]);
export const clocks = new Registry<Protocol>('sync rule', [max, quorum, local, median, majority]);
export const spreads = new Registry<Protocol>('dissemination mode', [
  flood,
  direct,
  push,
  pull,
  pushPull,
  eagerLazy,
  gossipsub,
]);
export const states = new Registry<Protocol>('state', [
  averaging,
  pushSum,
  hierarchy,
  gCounter,
  pnCounter,
  lwwMap,
  orSet,
]);
export const apps = new Registry<Protocol>('app', [workload]);

/** Every protocol, slot by slot from guards to app. */
export const protocolRegistries = {
  guards,
  peers: peerManagers,
  detector: detectors,
  partition: partitionDetectors,
  clock: clocks,
  spread: spreads,
  state: states,
  app: apps,
} as const;
