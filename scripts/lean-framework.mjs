/**
 * The command framework loads all of itself for every command: help, spinners, file search, version arithmetic. Inside
 * our bundle it loads what it uses. Each top-level `const x = require('y')` of its files becomes a stand-in that requires
 * on first touch, and what start-up would carry for nothing is left out. What the framework does for us stays the same;
 * `bin/dev.js` runs it untouched.
 */
import { readFile } from 'node:fs/promises';
import { fromRoot } from './paths.mjs';

const frameworkFile = /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/;
const topLevelRequire =
  /^(const|var) (\w+) = (require\("[^"]+"\)|__import(?:Default|Star)\(require\("[^"]+"\)\));$/gm;
const stdoutListener = /^process\.stdout\.on\('error'[\s\S]*?^\}\);$/m;

/** What is imported, by what takes its place. */
const replacements = new Map([
  // Its index evaluates every part; commands use three.
  ['@oclif/core', 'oclif-core.mjs'],
  // A log for the framework's own developers, which loads the terminal modules even when it is silent.
  ['debug', 'silent.cjs'],
  // Finds out, by reading files, whether we run inside Windows. Nothing in mesh depends on it.
  ['wsl-utils', 'wsl-utils.mjs'],
  // Search for plugins, commands and settings in folders: ours are handed over, see src/cli/plugin.ts.
  ['tinyglobby', 'absent.cjs'],
  ['minimatch', 'absent.cjs'],
  ['lilconfig', 'absent.cjs'],
  // A spinner of the framework's own; src/cli/progress.ts has another.
  ['./action/spinner', 'absent-spinner.cjs'],
  // Dialogues of mesh never open an editor: half a megabyte of character tables.
  ['@inquirer/external-editor', 'external-editor.mjs'],
]);

const shim = (/** @type {string} */ name) => fromRoot(`scripts/shims/${name}`);

/** @type {import('esbuild').Plugin} */
export const leanFramework = {
  name: 'lean-framework',
  setup(build) {
    const names = [...replacements.keys()].map((name) => name.replace(/[./]/g, '\\$&')).join('|');
    build.onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path }) => {
      const name = replacements.get(path);
      return name === undefined ? undefined : { path: shim(name), sideEffects: false };
    });
    build.onLoad({ filter: frameworkFile }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const lean = text
        .replace(topLevelRequire, (_, keyword, name, load) => `${keyword} ${name} = __lazy(() => ${load});`)
        // src/cli/output.ts listens for itself; this would load the terminal and network modules at start.
        .replace(stdoutListener, '');
      return {
        contents: `const __lazy = require(${JSON.stringify(shim('lazy.cjs'))});\n${lean}`,
        loader: 'js',
      };
    });
  },
};
