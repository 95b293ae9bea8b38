/** The lint rule that keeps core repeatable, tried on planted code: what it must see, and what it must leave alone. */
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { determinism } from '../../scripts/lint/determinism.mjs';
import { repositoryRoot } from '../helpers/run-mesh.js';

const linter = new Linter({ configType: 'flat' });

/** What the rule says about some TypeScript. */
function complaints(code: string): string[] {
  const messages = linter.verify(
    code,
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser as Linter.Parser },
        plugins: { mesh: { rules: { determinism } } },
        rules: { 'mesh/determinism': 'error' },
      },
    ],
    'planted.ts',
  );
  return messages.map(({ message }) => message);
}

describe('the rule of determinism', () => {
  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = Date();',
    'const C = Date;',
    'const now = performance.now();',
    'const roll = Math.random();',
    "const roll = Math['random']();",
    'const { random } = Math;',
    'const M = Math;',
    'const x = Math.log(2);',
    'const x = Math.exp(2);',
    'const x = Math.pow(2, 0.5);',
    'const x = Math.sin(2);',
    'const x = Math.hypot(3, 4);',
    'const x = Math.sqrt(2);',
    'let x = 3; const y = x ** 2;',
    'let x = 3; x **= 2;',
    'const x = 3 ** 2;',
    'const text = (5).toLocaleString();',
    "const order = 'a'.localeCompare('b');",
    'const format = new Intl.NumberFormat();',
    'const hours = new Date(0).getHours();',
    'const zone = new Date(0).getTimezoneOffset();',
    'const path = process.env.HOME;',
    'setTimeout(() => undefined, 1);',
    'queueMicrotask(() => undefined);',
    "console.log('x');",
    'const bytes = crypto.getRandomValues(new Uint8Array(8));',
    'const world = globalThis;',
    "const roll = globalThis['Math'].random();",
    'const weak = new WeakRef({});',
    "void fetch('x');",
  ])('sees %s', (code) => {
    expect(complaints(code)).toHaveLength(1);
  });

  it.each([
    'const x = Math.floor(2.5) + Math.imul(3, 4) + Math.max(1, 2) + Math.PI;',
    'const billion = 2 ** 32;',
    'const text = new Date(1732060800000).toISOString();',
    'const ms = Date.UTC(2024, 0, 1);',
    'const year = new Date(0).getUTCFullYear();',
    'function f(performance: { now(): number }) { return performance.now(); }',
    'const Math2 = { random: () => 4 }; Math2.random();',
    'function g(process: (n: number) => number) { return process(1); }',
    'let d: Date | undefined; type M = typeof Math;',
    'class Monitor { performance = 1; console = 2; }',
    'const host = { setTimeout: 1 }; host.setTimeout;',
  ])('lets pass %s', (code) => {
    expect(complaints(code)).toEqual([]);
  });

  it('is on where it must be, and off where the world is let in', async () => {
    const eslint = new ESLint({ cwd: repositoryRoot });
    const isOn = async (file: string): Promise<boolean> => {
      const config = (await eslint.calculateConfigForFile(file)) as { rules: Record<string, unknown[]> };
      return config.rules['mesh/determinism']?.[0] === 2;
    };
    for (const folder of ['sim', 'parts', 'protocols/spread', 'app', 'mesh', 'scenario', 'reports']) {
      expect(await isOn(`src/core/${folder}/any.ts`), folder).toBe(true);
    }
    expect(await isOn('src/core/io/any.ts')).toBe(false);
    expect(await isOn('src/core/base/math.ts')).toBe(false);
    expect(await isOn('src/cli/any.ts')).toBe(false);
  });
});
