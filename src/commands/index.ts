/** The list of commands: one line each, loaded only when it is asked for. */
import type { CommandLoaders } from '../cli/plugin.js';

export const commands: CommandLoaders = {
  bench: () => import('./bench.js'),
  init: () => import('./init.js'),
  observe: () => import('./observe.js'),
  pattern: () => import('./pattern.js'),
  replay: () => import('./replay.js'),
  simulate: () => import('./simulate.js'),
  topology: () => import('./topology.js'),
};
