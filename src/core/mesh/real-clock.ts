/**
 * The machine's own clock: what a node in a real program goes by when nobody hands it another. This is the one file of the folder that
 * looks at the world, which is why it must say so to the linter line by line; nothing that has to repeat may import it.
 */
import type { MeshClock } from './clock.js';

/** Timers of the platform wrap around above this and fire at once. */
const sleepMsMax = 2_147_483_647;

export const realClock: MeshClock = {
  // eslint-disable-next-line mesh/determinism -- the purpose of this file
  epochMs: () => Date.now(),
  // eslint-disable-next-line mesh/determinism -- the purpose of this file
  nowUs: () => performance.now() * 1000,
  later(delayMs, callback) {
    let leftMs = Math.max(0, delayMs);
    // eslint-disable-next-line mesh/determinism -- the purpose of this file
    let timer: ReturnType<typeof setTimeout>;
    const sleep = (): void => {
      const napMs = Math.min(leftMs, sleepMsMax);
      leftMs -= napMs;
      // eslint-disable-next-line mesh/determinism -- the purpose of this file
      timer = setTimeout(leftMs > 0 ? sleep : callback, napMs);
      // A pending wait does not keep a program alive that has nothing else to do. Browsers return a number here.
      if (typeof timer === 'object') timer.unref();
    };
    sleep();
    return () => clearTimeout(timer);
  },
};
