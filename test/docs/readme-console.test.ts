import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/core/scenario/load.js';
import { run } from '../sim/experiment.js';
import { resultOf } from '../../src/core/sim/result.js';
import { renderReadme } from '../../scripts/readme-console.mjs';

it('the console blocks of the README are what the commands print', () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(text.match(/^\$ mesh /gm)?.length).toBeGreaterThan(4);
  expect(renderReadme(text)).toBe(text);
}, 60_000);

it('the scenario of the README runs and passes', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const text = /```yaml\n([^]*?)```/.exec(readme)?.[1] ?? '';
  const { experiment } = loadScenario({ text, fileName: 'README.md', readFile: () => new Uint8Array() });
  const result = resultOf(run(experiment));
  expect(result.status).toBe('passed');
  expect(result.assertions).toHaveLength(1);
});
