/**
 * The command framework loads all of itself for every command: help, spinners, file search, version arithmetic. Inside
 * our bundle it loads what it uses. Each top-level `const x = require('y')` of its files becomes a stand-in that requires
 * on first touch, and three packages that start-up would evaluate for nothing are replaced. The framework's behaviour is
 * the same; `bin/dev.js` runs it untouched.
 */
import { readFile } from 'node:fs/promises';
import { fromRoot } from './paths.mjs';

const frameworkFile = /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/;
const topLevelRequire =
  /^(const|var) (\w+) = (require\("[^"]+"\)|__import(?:Default|Star)\(require\("[^"]+"\)\));$/gm;
const stdoutListener = /^process\.stdout\.on\('error'[\s\S]*?^\}\);$/m;

/** Packages by stand-in. The reasons stand in the files. */
const shims = new Map([
  ['@oclif/core', fromRoot('scripts/shims/oclif-core.mjs')],
  ['debug', fromRoot('scripts/shims/debug.cjs')],
  ['wsl-utils', fromRoot('scripts/shims/wsl-utils.mjs')],
  ['@inquirer/external-editor', fromRoot('scripts/shims/external-editor.mjs')],
]);
const lazy = fromRoot('scripts/shims/lazy.cjs');

/** @type {import('esbuild').Plugin} */
export const leanFramework = {
  name: 'lean-framework',
  setup(build) {
    const names = [...shims.keys()].map((name) => name.replace('/', '\\/')).join('|');
    build.onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path, importer }) => {
      const shim = shims.get(path);
      // A shim may still ask for what it stands for.
      return shim === undefined || importer === shim ? undefined : { path: shim, sideEffects: false };
    });
    build.onLoad({ filter: frameworkFile }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const lean = text
        .replace(topLevelRequire, (_, keyword, name, load) => `${keyword} ${name} = __lazy(() => ${load});`)
        // cli/output.ts listens for itself; this would load the terminal and network modules at start.
        .replace(stdoutListener, '');
      return { contents: `const __lazy = require(${JSON.stringify(lazy)});\n${lean}`, loader: 'js' };
    });
  },
};
