/**
 * A few files start faster than a hundred and twenty. The program, its commands and the packages they use become a
 * handful of scripts: one for what every command needs, and one for whatever stands behind an `import()`, so that a
 * command pays only for itself. bin/run.js runs them from code caches. Worker threads start from files of their own:
 * every `src` file called `*.worker.ts` becomes a script beside the program, found by `new URL('./x.worker.js', import.meta.url)`.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { leanFramework } from './lean-framework.mjs';
import { licenceTexts } from './licences.mjs';
import { fromRoot } from './paths.mjs';
import lazy from './shims/lazy.cjs';

const target = 'node20.19';

/** @satisfies {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: /** @type {const} */ ('node'),
  target,
  // Names stay, so that a stack trace with DEBUG=1 can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: /** @type {const} */ ('none'),
  define: { 'import.meta.url': '__scriptUrl' },
  // Only the framework's development mode would load it.
  external: ['typescript'],
  plugins: [leanFramework],
  logLevel: /** @type {const} */ ('warning'),
  absWorkingDir: fromRoot('.'),
  metafile: true,
  write: /** @type {const} */ (false),
};

const scriptUrl = 'const __scriptUrl = require("node:url").pathToFileURL(__filename).href;';

/** The real program: all commands, and who we are. */
export async function programEntry() {
  const { name, version, description, oclif } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'));
  return `
    import { main } from './src/commands/main.ts';
    const pjson = ${JSON.stringify({ name, version, description, oclif })};
    export const start = (root, words) => main({ root, pjson }, words);
    export { commands } from './src/commands/index.ts';`;
}

/**
 * Bundles a program into a folder, as `mesh.js` and the scripts it loads.
 * @param {string} folder where to
 * @param {string} entry TypeScript that exports `start(root, words)` and `commands`; imports are relative to the root
 */
export async function bundleProgram(folder, entry) {
  const program = await build({
    ...common,
    format: 'esm',
    splitting: true,
    outdir: folder,
    entryPoints: ['mesh'],
    plugins: [virtualEntry(entry), ...common.plugins],
  });
  const workers = await Promise.all(
    (await workerFiles()).map((worker) =>
      build({ ...common, format: 'cjs', outdir: folder, entryPoints: [worker], banner: { js: scriptUrl } }),
    ),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  for (const file of program.outputFiles) await writeFile(file.path, await asFunction(file.text));
  for (const worker of workers) {
    for (const file of worker.outputFiles) await writeFile(file.path, file.text);
  }
  const inputs = [program, ...workers].flatMap((result) => Object.keys(result.metafile.inputs));
  await writeFile(path.join(folder, 'LICENSES.txt'), await licenceTexts(inputs));
}

/** `import { x } from 'node:y'`, as the conversion below writes it. */
const nodeImport = /\b(import_\w+)=require\("(node:(?!fs"|path")[^"]+)"\)/g;

/**
 * Makes a CommonJS script of an ES module, wraps it so that evaluating it gives a function, and ends it in its own
 * digest, by which code caches know it. `import()` becomes `require` at the time of the call, and Node's own modules,
 * which cost milliseconds, are required when they are first touched.
 * @param {string} module
 */
async function asFunction(module) {
  const { code } = await transform(module, {
    format: 'cjs',
    platform: 'node',
    target,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  // Names that scripts share stand behind getters, one for each script on the way. They never change once a script has run, so
  // what others get to see are plain values: every hot loop that uses a shared name runs several times as fast.
  const settled =
    'module.exports=Object.assign(Object.defineProperty({},"__esModule",{value:true}),module.exports);';
  const script = `${code.replace(nodeImport, '$1=__lazy(()=>require("$2"))')};${settled}`;
  const helpers = [
    script.includes('__scriptUrl') ? scriptUrl : '',
    script.includes('__lazy') ? `const __lazy = ${lazy.toString().replace(/\s+/g, ' ')};` : '',
  ].join('');
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 16);
  return `(function (exports, require, module, __filename, __dirname) {${helpers}\n${script}\n})//${digest}`;
}

/**
 * An entry point that exists only in memory.
 * @param {string} contents
 * @returns {import('esbuild').Plugin}
 */
function virtualEntry(contents) {
  return {
    name: 'virtual-entry',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^mesh$/ }, () => ({ path: 'mesh', namespace: 'entry' }));
      onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
        contents,
        loader: 'ts',
        resolveDir: fromRoot('.'),
      }));
    },
  };
}

/** @returns {Promise<string[]>} paths of worker entry points, sorted */
async function workerFiles() {
  const files = await readdir(fromRoot('src'), { recursive: true });
  return files
    .filter((file) => file.endsWith('.worker.ts'))
    .map((file) => fromRoot(path.posix.join('src', file)))
    .sort();
}
