/**
 * The one place at which `mesh replay --verify` meets the simulator: runs what a trace says, from its scenario and files alone.
 * Everything else about verifying lives in `replay-verify.ts` and takes this as an argument.
 */
import type { RunAgain } from './replay-verify.js';
import { runScenario } from './simulate.js';

export const runAgain: RunAgain = ({ scenario, files }, { record, untilUs, signal, onProgress }) =>
  runScenario(scenario, files, {
    sink: record,
    untilUs,
    signal,
    onProgress: onProgress === undefined ? undefined : (_share, events) => onProgress(events),
  });
