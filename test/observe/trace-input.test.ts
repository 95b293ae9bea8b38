/** A recorded run as a log: what the simulator knows of its liars, the observer finds in the trace, with the pattern of the trace. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMesh } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-trace-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = (more = ''): string => `version: 1
name: liar
stopTime: 30s
pattern: { seed: 11, phaseResetInterval: 50 }
nodes: { count: 8 }
workload:
  - { broadcast: { data: { x: { uniform: [0, 1] } } }, every: 1s, deadline: 1s }
adversaries:
  - { forge-pattern: { nodes: { count: 1 }, knowledge: blind } }
${more}`;

interface Found {
  lines: number;
  valid: number;
  findings: Record<string, number>;
}

async function observe(words: readonly string[]): Promise<Found> {
  const { stdout, stderr } = await runMesh(['observe', ...words, '--json']);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Found;
}

describe('mesh observe run.trace', () => {
  it('finds the acts that the simulator detected, with the seed and the interval of the trace', async () => {
    const file = join(folder, 'liar.yaml');
    const trace = join(folder, 'liar.trace');
    writeFileSync(file, scenario());
    const run = await runMesh(['simulate', file, '--record', trace, '--json']);
    const { detection, metrics } = JSON.parse(run.stdout) as {
      detection: { adversaries: { acts: number; detected: number }[] };
      metrics: { publications: number; censored: number };
    };
    const found = await observe([trace]);
    const [{ acts, detected }] = detection.adversaries;
    expect(detected).toBeGreaterThan(20);
    expect(found.findings['pattern-mismatch']).toBe(detected);
    expect(found.lines).toBe(metrics.publications + metrics.censored + acts);
    // Another seed than the trace's is the user's word.
    const wrong = await observe([trace, '--seed', '7']);
    expect(wrong.findings['pattern-mismatch']).toBeGreaterThan(detected);
  });

  it('says of a run with observers what it says of their log', async () => {
    const file = join(folder, 'observed.yaml');
    const trace = join(folder, 'observed.trace');
    const log = join(folder, 'observed.jsonl');
    writeFileSync(file, scenario('observers: { count: 2 }\nnetwork: { loss: 0.2 }\ndissemination: direct\n'));
    await runMesh(['simulate', file, '--record', trace, '--messages', log]);
    const { lines, valid, findings } = await observe([trace]);
    const other = await observe([log, '--seed', '11', '--interval', '50']);
    expect({ lines, valid, findings }).toEqual({
      lines: other.lines,
      valid: other.valid,
      findings: other.findings,
    });
    expect(lines).toBe(readFileSync(log, 'utf8').trimEnd().split('\n').length);
  });

  it('refuses a damaged header in one line', async () => {
    const path = join(folder, 'damaged.trace');
    const trace = readFileSync(join(folder, 'liar.trace'));
    writeFileSync(path, trace.subarray(0, 40));
    const { exitCode, stderr } = await runMesh(['observe', path]);
    expect(exitCode).toBe(2);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    expect(stderr).not.toContain('    at ');
  });
});
