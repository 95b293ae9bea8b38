/** Every TypeScript block of the README and of docs/library.md is run; a comment behind `console.log` is what it prints. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const library = new URL('../../src/core/index.ts', import.meta.url).href;

describe.each(['README.md', 'docs/library.md'])('%s', (page) => {
  const text = readFileSync(join(repositoryRoot, page), 'utf8');
  const blocks = [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, block], index) => ({ index, block }));

  it('has blocks', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)('block $index prints what its comments say', ({ index, block }) => {
    const expected = [...block.matchAll(/console\.log\(.*\);? *(?:\n *\}\);)?.*?\/\/ (.*)$/gm)].map(
      ([, said]) => said,
    );
    expect(expected.length).toBeGreaterThan(0);
    const file = join(folder, `${page.replace(/\W/g, '-')}-${index}.mts`);
    writeFileSync(file, block.replaceAll("'mesh-toolkit'", JSON.stringify(library)));
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  });
});
