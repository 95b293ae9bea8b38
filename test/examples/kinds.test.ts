/** Every kind of fault, liar, rule, detector, guard, spread, state and way of choosing peers stands in an example that a reader can run. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adversaries } from '../../src/core/adversaries/registry.js';
import { faults } from '../../src/core/faults/registry.js';
import {
  clocks,
  detectors,
  partitionDetectors,
  peerManagers,
  spreads,
  states,
} from '../../src/core/protocols/registry.js';
import { repositoryRoot } from '../helpers/run-mesh.js';

const folder = join(repositoryRoot, 'examples');
/** Without comments: a kind that is only talked about is no example. */
const text = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(join(folder, name), 'utf8').replace(/(^|\s)#.*$/gm, ''))
  .join('\n');

/** Filled where nothing is said: an example without a `dissemination` floods, one without `sync` follows the highest step. */
const usual = new Set(['max', 'flood']);

describe.each([
  ['faults', faults, (name: string) => `(?:^|[{,-])\\s*${name}:`],
  ['adversaries', adversaries, (name: string) => `(?:^|[{,-])\\s*${name}:`],
  ['clocks', clocks, (name: string) => `rule: ${name}\\b`],
  [
    'detectors',
    detectors,
    (name: string) => `failureDetector:[^}]*type: ${name}\\b|failureDetector: ${name}\\b`,
  ],
  ['partition detectors', partitionDetectors, () => 'partitionDetector:'],
  ['spreads', spreads, (name: string) => `mode: ${name}\\b|dissemination: ${name}\\b`],
  ['states', states, (name: string) => `type: ${name}\\b`],
  ['peers', peerManagers, (name: string) => `peers(\\.type)?:[^}\\]]*\\b${name}\\b`],
] as const)('%s', (_what, registry, form) => {
  it.each([...registry].map(({ name }) => name).filter((name) => !usual.has(name)))('%s', (name) => {
    expect(text).toMatch(new RegExp(form(name), 'm'));
  });
});

describe('guards', () => {
  it.each(['authentication', 'replayWindow', 'rateLimit', 'reputation'])('%s', (key) => {
    expect(text).toMatch(new RegExp(`^${key}:`, 'm'));
  });
});
