/** The drawing and the code cannot part company: every import of `src` against the table of ARCHITECTURE.md. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findImports, findLayerBreaches, layerOf, readLayerTable } from './helpers/layers.js';
import { repositoryRoot } from './helpers/run-mesh.js';

const rules = readLayerTable(readFileSync(path.join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8'));

function realTree(): Map<string, string> {
  const files = readdirSync(path.join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.split(path.sep).join('/')}`)
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(repositoryRoot, file), 'utf8')]));
}

/** What the guard says about one file with these lines, in a small house. */
function smuggle(file: string, ...lines: string[]): string[] {
  const house = [
    'base/errors',
    'model/host',
    'parts/seen',
    'patterns/hmac',
    'patterns/digit-collapse',
    'sim/queue',
    'io/files',
  ];
  const tree = new Map(house.map((name) => [`src/core/${name}.ts`, '']));
  tree.set('src/cli/output.ts', '');
  tree.set(file, lines.join('\n'));
  return findLayerBreaches(tree, rules);
}

describe('the layers of src', () => {
  it('are those of ARCHITECTURE.md', () => {
    expect(findLayerBreaches(realTree(), rules)).toEqual([]);
  });

  it('have a row each, and each row that is built has files', () => {
    const seen = new Set([...realTree().keys()].map(layerOf));
    expect([...seen].filter((layer) => layer === undefined || !rules.has(layer))).toEqual([]);
    expect(rules.get('base')).toMatchObject({ folders: new Set(), packages: new Set() });
    expect(rules.get('io')?.packages).toEqual(new Set(['node:']));
    expect(rules.get('patterns')?.neverOneAnother).toBe(true);
  });

  it('name folders that exist or are planned in the drawing', () => {
    const drawing =
      readFileSync(path.join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8').split('## Who')[0] ?? '';
    for (const folder of rules.keys()) {
      const built =
        existsSync(path.join(repositoryRoot, 'src/core', folder)) ||
        existsSync(path.join(repositoryRoot, 'src', folder));
      expect(built || drawing.includes(folder), folder).toBe(true);
    }
  });
});

describe('the guard of the layers', () => {
  const seen = 'src/core/parts/new.ts';

  it('lets lawful imports pass', () => {
    expect(
      smuggle(
        seen,
        `import { UserError } from '../base/errors.js';`,
        `import type { Host } from '../model/host.js';`,
        `import { sha256 } from '@noble/hashes/sha2.js';`,
        `export * from './seen.js';`,
        `const text = "import('../sim/queue.js')"; // import '../sim/queue.js'`,
      ),
    ).toEqual([]);
  });

  it.each([
    ['static', `import { Queue } from '../sim/queue.js';`],
    ['for its effects', `import '../sim/queue.js';`],
    ['type-only', `import type { Queue } from '../sim/queue.js';`],
    ['inline type', `import { type Queue } from '../sim/queue.js';`],
    ['re-exported', `export { Queue } from '../sim/queue.js';`],
    ['re-exported whole', `export * as q from '../sim/queue.js';`],
    ['dynamic', `const load = () => import('../sim/queue.js');`],
    ['dynamic, in a template', 'const load = () => import(`../sim/queue.js`);'],
    ['a type expression', `let q: import('../sim/queue.js').Queue;`],
    ['import =', `import q = require('../sim/queue.js');`],
    ['require', `const q = require('../sim/queue.js');`],
    ['a module URL', `new Worker(new URL('../sim/queue.js', import.meta.url));`],
    ['resolved', `import.meta.resolve('../sim/queue.js');`],
  ])('catches a forbidden folder: %s', (_, line) => {
    expect(smuggle(seen, '', line)).toEqual([
      `${seen}:2: imports src/core/sim/queue.ts, but parts may not import sim`,
    ]);
  });

  it.each([
    ['node:fs', 'node:'],
    ['fs', 'node:'],
    ['zod', 'zod'],
    ['@oclif/core/flags', '@oclif/core'],
  ])('catches a forbidden package: %s', (specifier, name) => {
    expect(smuggle(seen, `import x from '${specifier}';`)).toEqual([
      `${seen}:1: imports ${specifier}, but parts may not use ${name}`,
    ]);
  });

  it('catches files that import one another where they never should, but not the registry', () => {
    const line = `import { hmac } from './hmac.js';`;
    expect(smuggle('src/core/patterns/new.ts', line)).toEqual([
      'src/core/patterns/new.ts:1: imports src/core/patterns/hmac.ts, but files of patterns never import one another',
    ]);
    expect(smuggle('src/core/patterns/registry.ts', line)).toEqual([]);
    expect(smuggle('src/core/protocols/spread/new.ts', `import '../state/other.js';`)[0]).toContain(
      'not a file of src',
    );
  });

  it('catches what it cannot follow', () => {
    expect(smuggle(seen, 'const load = (name: string) => import(name);')[0]).toContain('cannot be checked');
    expect(smuggle(seen, `import '../../../bin/run.js';`)[0]).toContain('not a file of src');
    expect(smuggle(seen, `import './nowhere.js';`)[0]).toContain('not a file of src');
    expect(smuggle('src/core/elsewhere/new.ts', '')).toEqual([
      'src/core/elsewhere/new.ts: the table has no row for this place',
    ]);
    expect(smuggle('src/stray.ts', '')).toEqual(['src/stray.ts: the table has no row for this place']);
    expect(() => readLayerTable('# no table')).toThrow('no table');
  });

  it('sees each import of a file once, with its line', () => {
    expect(findImports('x.ts', `import a from 'a';\n\nexport { b } from 'b';`)).toEqual([
      { specifier: 'a', line: 1 },
      { specifier: 'b', line: 3 },
    ]);
  });
});
