/** Short ways to load a scenario in a test, and to catch what it says. */
import { UserError } from '../../src/core/base/errors.js';
import { loadScenario, type LoadedScenario, type LoadOptions } from '../../src/core/scenario/load.js';

const encoder = new TextEncoder();

export type Extra = Partial<LoadOptions> & { readonly files?: Readonly<Record<string, string>> };

export function load(text: string | Uint8Array, extra: Extra = {}): LoadedScenario {
  const { files = {}, ...options } = extra;
  return loadScenario({
    text,
    fileName: 'scenario.yaml',
    readFile: (path) => {
      if (!Object.hasOwn(files, path))
        throw new UserError('input-unreadable', { place: path, what: 'no such file' });
      return encoder.encode(files[path]);
    },
    ...options,
  });
}

/** The lines of the complaint; throws when there was none, or another kind of error. */
export function complaints(text: string | Uint8Array, extra: Extra = {}): string[] {
  try {
    load(text, extra);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the scenario was accepted');
}

/** A small scenario with more lines behind it. */
export function small(more = ''): string {
  return `version: 1\nstopTime: 10s\nnodes: { count: 4 }\n${more}`;
}
