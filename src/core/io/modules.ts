/**
 * Loads a module that the user names, in JavaScript, or in TypeScript where this Node reads it or tsx is installed beside it. A module
 * is a program: it can do whatever its user may, so only the command line can name one, never a scenario.
 */
import { createRequire, Module } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';

type Import = (url: string) => Promise<Record<string, unknown>>;

/** Node's own `import()`: the bundle runs as a script of its own, in which that word means nothing. */
function nativeImport(): Import {
  const door = new Module('import.cjs') as Module & { _compile(source: string, file: string): void };
  door._compile('module.exports = (url) => import(url);', 'import.cjs');
  return door.exports as Import;
}

/** @throws UserError `bad-plugin` when it cannot be found, read or run */
export async function loadModule(path: string): Promise<Record<string, unknown>> {
  const file = resolve(path);
  const url = pathToFileURL(file).href;
  try {
    return await nativeImport()(url);
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return loadTypeScript(path, file, url);
    throw refusal(path, error);
  }
}

/** Older Nodes know no TypeScript, but whoever writes some has tsx often enough. */
async function loadTypeScript(path: string, file: string, url: string): Promise<Record<string, unknown>> {
  let tsx: string;
  try {
    tsx = createRequire(file).resolve('tsx/esm/api');
  } catch {
    throw new UserError('bad-plugin', {
      place: showText(path),
      what: `Node ${process.version} does not read TypeScript`,
      next: 'Use Node 22.18 or newer, install tsx beside the file, or compile it to JavaScript.',
    });
  }
  try {
    const { tsImport } = (await nativeImport()(pathToFileURL(tsx).href)) as {
      tsImport: (url: string, parent: string) => Promise<Record<string, unknown>>;
    };
    return await tsImport(url, url);
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  return new UserError('bad-plugin', {
    place: showText(path),
    what: `cannot be loaded: ${showText(message.split('\n')[0], 200)}`,
    next: 'See examples/plugin for one that works.',
  });
}
