/**
 * Every scenario in examples/ is run, must pass its own assertions, and must give the fingerprint that is pinned in fingerprints.json.
 * A changed fingerprint is a changed result: look at why, then accept it with `npm run pin-examples`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openScenario, resolvedText, simulate } from '../../src/core/app/simulate.js';
import { loadScenario } from '../../src/core/scenario/load.js';

const folder = new URL('../../examples/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const pinned = JSON.parse(readFileSync(new URL('fingerprints.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

const pathOf = (name: string): string => new URL(name, folder).pathname;

describe('examples', () => {
  it('every example is pinned, and nothing else is', () => {
    expect(Object.keys(pinned).sort()).toEqual(files);
  });

  it.each(files)(
    '%s passes, and gives the pinned fingerprint',
    async (name) => {
      const { result } = await simulate({ file: pathOf(name) });
      expect(result.invalidBecause).toEqual([]);
      expect(result.assertions.filter(({ status }) => status !== 'passed')).toEqual([]);
      expect(result.assertions.length).toBeGreaterThan(0);
      expect(result.status).toBe('passed');
      expect(result.fingerprint).toBe(pinned[name]);
      // A million nodes take their time on a busy machine.
    },
    240_000,
  );

  it.each(files)(
    '%s printed with every default is the same experiment',
    async (name) => {
      const scenario = openScenario({ file: pathOf(name) });
      const again = loadScenario({
        text: resolvedText(scenario),
        fileName: name,
        readFile: (path) => readFileSync(new URL(path, folder)),
      });
      expect(again.resolved).toEqual(scenario.resolved);
    },
    120_000,
  );

  it('another seed gives another fingerprint', async () => {
    const { result } = await simulate({ file: pathOf('mesh-demo.yaml'), set: ['seed=2'] });
    expect(result.fingerprint).not.toBe(pinned['mesh-demo.yaml']);
  });
});
