/**
 * The console blocks of the README are what the commands print. A line `$ mesh ...` is run, in order, in an empty folder beside the
 * examples; what follows it is its output. `# first N lines` after a command cuts the output there. Times of day and speeds are not
 * repeatable and are written as `…`.
 *
 * `node scripts/readme-console.mjs` writes the blocks anew; the test in test/docs compares.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What may differ from run to run. */
function masked(text) {
  return text.replace(/ events in .*$/gm, ' events in …');
}

function run(words, folder) {
  const { NO_COLOR: _a, FORCE_COLOR: _b, ...env } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'bin/run.js'), ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return masked(stdout + stderr).replace(/\n+$/, '');
}

/** As a shell takes them; of its quotes, only the single ones. */
function wordsOf(command) {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** The README with every console block as the commands print it now. */
export function renderReadme(text) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-readme-'));
  symlinkSync(path.join(root, 'examples'), path.join(folder, 'examples'));
  try {
    return text.replace(/```console\n([^]*?)```/g, (_block, body) => {
      const commands = body.split('\n').filter((line) => line.startsWith('$ mesh '));
      const parts = commands.map((line) => {
        const [command, cut] = line.split(/\s+# first (\d+) lines/);
        const lines = run(wordsOf(command).slice(2), folder).split('\n');
        if (cut === undefined || lines.length <= Number(cut)) return [line, ...lines].join('\n');
        return [line, ...lines.slice(0, Number(cut)), '...'].join('\n');
      });
      return `\`\`\`console\n${parts.join('\n')}\n\`\`\``;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = path.join(root, 'README.md');
  writeFileSync(file, renderReadme(readFileSync(file, 'utf8')));
}
