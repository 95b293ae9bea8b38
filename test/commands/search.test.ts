/** `mesh simulate --search`, as a process: break-evens that theory knows, the same bytes for any number of threads, and what is refused. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/base/errors.js';
import { search as searchHere, type SearchRequest } from '../../src/core/app/search.js';
import type { SearchResult } from '../../src/core/model/search.js';
import { meshEntry, runMesh, testEnvironment } from '../helpers/run-mesh.js';

let folder = '';
let oneHop = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-search-'));
  oneHop = file('one-hop.yaml', hop);
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Everybody tells everybody else directly, 10 times: 10 * 9 * 10 messages, each of which is lost or not. */
const hop = `version: 1
stopTime: 12s
nodes: { count: 10 }
network: { latency: 20ms }
dissemination: { mode: direct }
workload: [{ broadcast: {}, every: 1s, until: 10s, deadline: 1s }]
`;

async function search(words: readonly string[], exitCode = 0): Promise<SearchResult> {
  const run = await runMesh(['simulate', ...words, '--json', '--jobs', '1']);
  expect([run.exitCode, run.stderr]).toEqual([exitCode, '']);
  return JSON.parse(run.stdout) as SearchResult;
}

/** The loss at which 900 messages lose at most `k` in half of all runs: the binomial distribution, summed term by term. */
function medianLoss(messages: number, k: number): number {
  const atMost = (loss: number): number => {
    let term = Math.exp(messages * Math.log(1 - loss));
    let sum = term;
    for (let i = 1; i <= k; i++) {
      term *= ((messages - i + 1) / i) * (loss / (1 - loss));
      sum += term;
    }
    return sum;
  };
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (atMost(middle) > 0.5) low = middle;
    else high = middle;
  }
  return low;
}

describe('break-evens that are known', () => {
  it('loss: delivery is what is not lost', async () => {
    const result = await search([oneHop, '--search', 'network.loss', '--until', 'deliveryRatio >= 0.99', '--high', '0.1', '--repetitions', '30']); // prettier-ignore
    expect(result).toMatchObject({ status: 'found', finds: 'largest', low: 0, high: 0.1, tolerance: 0.0001 });
    const truth = medianLoss(900, 9);
    expect(truth).toBeGreaterThan(0.01);
    expect(truth).toBeLessThan(0.011);
    expect(result.surelyHolds).toBeLessThanOrEqual(truth);
    expect(result.surelyFails).toBeGreaterThanOrEqual(truth);
    // The interval is that of a median of 30: within about 0.5 deviations (0.0033) of it on each side.
    expect(Number(result.surelyFails) - Number(result.surelyHolds)).toBeLessThan(0.005);
    // A message that is lost at some loss is lost at every larger one: the draws are keyed.
    expect(result.contradictions).toBe(0);
    const shares = result.points.map(({ held }) => held);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(result.points.length).toBeLessThan(30);
  });

  it('whole numbers are exact: how many may crash', async () => {
    const crash = file('crash.yaml', `${hop}faults: [{ crash: { nodes: { count: 1 } }, at: 5s }]\n`);
    const result = await search([crash, '--search', 'faults[0].crash.nodes.count', '--until', 'always nodesUp >= 7', '--low', '0', '--high', '10', '--repetitions', '4']); // prettier-ignore
    expect(result).toMatchObject({
      tolerance: 1,
      finds: 'largest',
      breakEven: 3,
      surelyHolds: 3,
      surelyFails: 4,
    });
  });

  it('the smallest that does: nodes', async () => {
    const result = await search([oneHop, '--search', 'nodes.count', '--until', 'nodesUp * nodesUp >= 26', '--low', '2', '--high', '20', '--repetitions', '4']); // prettier-ignore
    expect(result).toMatchObject({ finds: 'smallest', breakEven: 6, surelyHolds: 6, surelyFails: 5 });
  });

  it('with units: latency', async () => {
    const result = await search([oneHop, '--search', 'network.latency', '--until', 'disseminationLatency.max <= 123ms', '--low', '1ms', '--high', '1s', '--tolerance', '1ms', '--repetitions', '4']); // prettier-ignore
    expect(result).toMatchObject({
      breakEven: '123ms',
      surelyHolds: '123ms',
      surelyFails: '124ms',
      tolerance: '1ms',
    });
  });

  it('with recovery: how long a cut may last', async () => {
    const cut = file('cut.yaml', `version: 1
stopTime: 30s
nodes: { count: 4 }
faults: [{ crash: { nodes: { count: 1 }, restartAfter: 1s }, at: 9s }]
recovery: { after: 10s, within: 20s }
`); // prettier-ignore
    // Down for x from 9 s, the node is back x - 1 s after the faults have ended.
    const result = await search([cut, '--search', 'faults[0].crash.restartAfter', '--until', 'timeToRecover <= 3s', '--low', '2s', '--high', '15s', '--tolerance', '100ms', '--repetitions', '4']); // prettier-ignore
    expect(result).toMatchObject({ finds: 'largest', breakEven: '4s' });
  });
});

it('gives the same bytes for any number of threads', async () => {
  const words = ['simulate', oneHop, '--search', 'network.loss', '--until', 'deliveryRatio >= 0.9', '--tolerance', '0.01', '--repetitions', '6', '--json']; // prettier-ignore
  const [one, two, three, four] = await Promise.all(
    ['1', '2', '3', '4'].map(async (jobs) => (await runMesh([...words, '--jobs', jobs])).stdout),
  );
  expect(two).toBe(one);
  expect(three).toBe(one);
  expect(four).toBe(one);
  expect(JSON.parse(one)).toMatchObject({ status: 'found' });
});

describe('what it says', () => {
  it('on 80 columns, with the command that repeats it', async () => {
    const { stdout, exitCode } = await runMesh(['simulate', oneHop, '--search', 'network.loss', '--until', 'deliveryRatio >= 0.9', '--tolerance', '0.01', '--repetitions', '6']); // prettier-ignore
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/break-even +network\.loss = 0\.\d+, the largest at which it holds/);
    expect(stdout).toMatch(/│ +0 │ +6 of 6 │ .*│ █{24} │/);
    expect(stdout).toMatch(/│ +1 │ +0 of 6 │ .*│ +│/);
    expect(stdout.split('\n').filter((line) => [...line].length > 80 && !line.startsWith('repeat'))).toEqual(
      [],
    );
    expect(stdout).toContain(
      `--search network.loss --until 'deliveryRatio >= 0.9' --tolerance 0.01 --repetitions 6`,
    );
  });

  it.each([
    ['holds everywhere', 'deliveryRatio >= 0', 0, 'everywhere'],
    ['holds nowhere', 'nodesUp > 10', 3, 'nowhere'],
    ['has nothing to look at', 'detectionRate >= 0', 5, 'invalid'],
  ])('what %s: %s', async (_, until, exitCode, status) => {
    const result = await search([oneHop, '--search', 'network.loss', '--until', until, '--repetitions', '4'], exitCode); // prettier-ignore
    expect(result).toMatchObject({ status, breakEven: null });
    expect(result.points).toHaveLength(2);
  });
});

describe('keys with long names', () => {
  it('leave room for the picture on 80 columns, and what to try next stands below', async () => {
    const { stdout, exitCode } = await runMesh(['simulate', oneHop, '--search', 'workload[0].broadcast.nodes.share', '--until', 'nodesUp > 5', '--low', '0.1', '--high', '1', '--repetitions', '4', '--jobs', '1']); // prettier-ignore
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => [...line].length > 80 && !line.startsWith('repeat'))).toEqual([]);
    expect(stdout).toContain('searched    workload[0].broadcast.nodes.share\n');
    // One line a value, none of them cut.
    expect(lines.filter((line) => line.startsWith('│')).map((line) => line.split('│')[1].trim())).toEqual(['share', '0.1', '1']); // prettier-ignore
    expect(stdout).not.toContain('…');
    expect(stdout).toContain('Between the ends nothing was tried: move --low or --high, or ask for more.');
  });
});

/** The complaint of the use case, without a process. */
async function complaint(path: string, until: string, more: Partial<SearchRequest> = {}): Promise<string> {
  const request = { file: oneHop, path, until, share: 0.5, repetitions: 4, jobs: 1, ...more };
  try {
    await searchHere(request);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('what is refused, before any run', () => {
  it.each<[string, string, Partial<SearchRequest>, RegExp]>([
    ['network.losss', 'nodesUp > 5', {}, /^--search: network: unknown key "losss".*Did you mean loss/],
    ['network.loss', 'nodesUp > 5', { low: '-0.1' }, /^--low: network\.loss: expected a number from 0 to 1, found -0\.1/],
    ['network.loss', 'nodesUp > 5', { high: '1.1' }, /^--high: network\.loss: expected a number from 0 to 1, found 1\.1/],
    ['nodes.count', 'nodesUp > 5', { low: '2.5', high: '9' }, /^--low: nodes\.count: expected an integer .*, found 2\.5/],
    ['network.latency', 'nodesUp > 5', { low: '1', high: '5' }, /^--low: .*"1" has no unit/],
    ['network.loss', 'nodesUp > 5', { tolerance: '2' }, /^--tolerance: .*larger than the whole range\. Choose/],
    ['network.loss', 'nodesUp > 5', { tolerance: '1e-12' }, /^--tolerance: that makes 1,000,000,000,000 steps.*\. Choose/],
    ['network.loss', 'nodesUp > 5', { low: '0.5', high: '0.5' }, /not below the high end\. Choose a larger one/],
    ['network.loss', 'always', {}, /^--until: there is nothing after always\. Write it/],
    ['network.loss', 'always nodesUp > 5, from 3s', {}, /^--until: character 19: .* A search looks at the whole run/],
    ['network.loss', 'nodesUp > 5', { share: 0.95 }, /at least 73\. Pass --repetitions 73/],
    ['network.loss', 'nodesUp > 5', { set: ['sweep={network.jitter: [1ms]}'] }, /there is a sweep\. Pass --set sweep=null/],
  ])('%s, %s, %j', async (path, until, more, message) => {
    const said = await complaint(path, until, more);
    expect(said).toMatch(message);
    expect(said.split('\n')).toHaveLength(1);
  }); // prettier-ignore

  it('a value between the ends, with that value', async () => {
    const odd = file('odd.yaml', `${hop}topology: { type: random-regular, degree: 3 }\n`);
    expect(await complaint('nodes.count', 'nodesUp >= 8', { file: odd, low: '4', high: '14' })).toMatch(
      /^--search, nodes\.count = 9: .*degree 3 times 9 nodes is odd/,
    );
  });

  it.each([
    [
      ['--search', 'network.loss', '--until', 'deliverRatio > 0.5'],
      /--until: character 1: unknown metric "deliverRatio".*Did you mean deliveryRatio/,
    ],
    [
      ['--search', 'network.loss', '--until', 'always deliverRatio > 0.5'],
      /--until: character 8: unknown metric/,
    ],
    [
      ['--search', 'network.los', '--until', 'nodesUp > 5', '--low', '0', '--high', '1'],
      /unknown key "los".*Did you mean loss/,
    ],
    [
      ['--search', 'nodes.count', '--until', 'nodesUp > 5'],
      /"nodes\.count" is not a share .* Pass --low and --high/,
    ],
    [['--search', 'seed', '--until', 'nodesUp > 5'], /cannot search "seed"/],
    [
      ['--search', 'network.loss', '--until', 'nodesUp > 5', '--low', '0.5', '--high', '0.1'],
      /not below the high end/,
    ],
    [
      ['--search', 'network.loss', '--until', 'nodesUp > 5', '--high', '2'],
      /network\.loss: expected a number from 0 to 1/,
    ],
    [
      ['--search', 'network.latency', '--until', 'nodesUp > 5', '--low', '1ms', '--high', '5'],
      /--high: .*"5" has no unit/,
    ],
    [
      [
        '--search',
        'nodes.count',
        '--until',
        'nodesUp > 5',
        '--low',
        '2',
        '--high',
        '9',
        '--tolerance',
        '0.5',
      ],
      /takes whole numbers only/,
    ],
    [
      ['--search', 'network.loss', '--until', 'nodesUp > 5', '--repetitions', '3'],
      /3 runs cannot be sure of a share of 0\.5, expected at least 4/,
    ],
    [
      ['--search', 'network.loss', '--until', 'nodesUp > 5', '--share', '1'],
      /--share: expected a number above 0 and below 1\. For nearly all/,
    ],
    [['--search', 'network.loss'], /--until/],
    [['--until', 'nodesUp > 5'], /--search/],
    [['--search', 'network.loss', '--until', 'nodesUp > 5', '--record', 'x.trace'], /--record|--search/],
    [
      ['--search', 'network.loss', '--until', 'nodesUp > 5', '--set', 'sweep={nodes.count: [3]}'],
      /there is a sweep/,
    ],
  ])('%j', async (words, expected) => {
    const { exitCode, stdout, stderr } = await runMesh(['simulate', oneHop, ...words]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

it('SIGINT ends a search with what there is', async () => {
  const path = file(
    'long.yaml',
    hop.replace('stopTime: 12s', 'stopTime: 2h').replace('until: 10s', 'until: 2h'),
  );
  const words = [
    'simulate',
    path,
    '--search',
    'network.loss',
    '--until',
    'deliveryRatio >= 0.5',
    '--json',
    '--jobs',
    '2',
  ];
  const child = spawn(process.execPath, [meshEntry, ...words], { env: testEnvironment() });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill('SIGINT');
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted', breakEven: null });
}, 30_000);
