/** The list of commands: one line each, loaded only when it is asked for. */
import type { CommandLoaders } from '../cli/plugin.js';

export const commands: CommandLoaders = {
  observe: () => import('./observe.js'),
  pattern: () => import('./pattern.js'),
};
