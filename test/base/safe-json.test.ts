/** JSON for terminals: the same value, and nothing in it that a terminal could obey. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeJson } from '../../src/core/base/safe-json.js';
import { runMesh } from '../helpers/run-mesh.js';

it('means the same, and holds no character that moves a cursor or turns the writing', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

it('is what every command prints with --json', async () => {
  const scenario = 'version: 1\nname: "x\\u009b31m\\u202ey"\nstopTime: 1s\nnodes: { count: 2 }\n';
  const { stdout, exitCode } = await runMesh(['simulate', '-', '--json'], { stdin: scenario });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('x\\u009b31m\\u202ey');
  expect((JSON.parse(stdout) as { scenario: string }).scenario).toBe('x\u009b31m\u202ey');
});
