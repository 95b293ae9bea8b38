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

/** Statements of the framework that would load the terminal and network modules at start, by file. */
const statements = [
  // src/cli/output.ts listens for itself.
  { file: 'command.js', was: /^process\.stdout\.on\('error'[\s\S]*?^\}\);$/m, is: '' },
  // Asks for the width even of what is no terminal.
  {
    file: 'screen.js',
    was: 'termwidth(process.stdout)',
    is: '(__isDevice(1) ? termwidth(process.stdout) : 80)',
  },
  {
    file: 'screen.js',
    was: 'termwidth(process.stderr)',
    is: '(__isDevice(2) ? termwidth(process.stderr) : 80)',
  },
];

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
  ['ejs', 'templates.cjs'],
  ['supports-color', 'colours.cjs'],
  ['string-width', 'text-width.cjs'],
  // A spinner of the framework's own; src/cli/progress.ts has another.
  ['./action/spinner', 'absent-spinner.cjs'],
  // Dialogues of mesh never open an editor: half a megabyte of character tables.
  ['@inquirer/external-editor', 'external-editor.mjs'],
]);

/** Replaced only where a CommonJS package requires them. */
const olderOnly = new Set(['string-width', 'supports-color']);

const shim = (/** @type {string} */ name) => fromRoot(`scripts/shims/${name}`);

/** @type {import('esbuild').Plugin} */
export const leanFramework = {
  name: 'lean-framework',
  setup(build) {
    const names = [...replacements.keys()].map((name) => name.replace(/[./]/g, '\\$&')).join('|');
    build.onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path, kind, importer }) => {
      const name = replacements.get(path);
      if (name === undefined || importer === shim(name)) return undefined;
      // Younger packages import a later version of some, which is another thing.
      if (olderOnly.has(path) && kind !== 'require-call') return undefined;
      return { path: shim(name), sideEffects: false };
    });
    build.onLoad({ filter: frameworkFile }, async ({ path }) => {
      let text = await readFile(path, 'utf8');
      for (const { file, was, is } of statements) {
        if (!path.replaceAll('\\', '/').endsWith(`/lib/${file}`)) continue;
        const changed = text.replace(was, is);
        if (changed === text)
          throw new Error(`the framework has changed: look at ${file} and lean-framework.mjs`);
        text = changed;
      }
      const lean = text.replace(
        topLevelRequire,
        (_, keyword, name, load) => `${keyword} ${name} = __lazy(() => ${load});`,
      );
      const helpers = `const __lazy = require(${JSON.stringify(shim('lazy.cjs'))});`;
      const device = lean.includes('__isDevice')
        ? `const __isDevice = require(${JSON.stringify(shim('is-device.cjs'))});`
        : '';
      return { contents: `${helpers}${device}\n${lean}`, loader: 'js' };
    });
  },
};
