/** What the report of a run says beside its figures, on 80 columns. */
import { expect, it } from 'vitest';
import { paint } from '../../src/cli/paint.js';
import { simulate } from '../../src/core/app/simulate-text.js';
import { simulateBlocks } from '../../src/core/reports/simulate.js';

async function said(text: string): Promise<string> {
  const engine = {
    events: 1,
    wallMs: 1,
    eventsPerSecond: 1,
    peakRssBytes: 1,
    memoryBytesPerNode: 1,
    memoryTarget: undefined,
  };
  const result = { ...simulate(text), version: '1', engine };
  return paint(simulateBlocks({ result, remarks: [] }, 'mesh'), { columns: 80, colour: 0 });
}

const line =
  'version: 1\nstopTime: 20s\nnodes: { count: 3 }\ntopology: line\nworkload:\n  - { broadcast: {}, every: 1s }\n';

it('liars without a forgery are no row of dashes, and forgeries that reach nobody are accounted for', async () => {
  // Node 0 forges, and nobody but node 1 could pass it on or see it; node 1 lies as well, so that nobody honest hears of it.
  const report = await said(
    `${line}adversaries:\n` +
      '  - { id: forger, forge-pattern: { nodes: { ids: [node-0] } } }\n' +
      '  - { id: wall, drop: { nodes: { ids: [node-1] } } }\n',
  );
  expect(report).toMatch(/│ forger +│ +20 │ +0 │ +0 │ +- │/);
  expect(report).not.toMatch(/│ wall +│ +0 │ +0 │/);
  expect(report).toContain('Forged nothing that a check of messages could see: wall.\n');
  expect(report).toContain('Of forger, 20 reached nobody honest and count neither way.\n');
});

it('says what a verdict is about, and what came of each part of the health', async () => {
  const report = await said(
    `${line.replace('count: 3', 'count: 2')}faults:\n  - { loss: { ratio: 1 }, from: 5s, until: 10s }\n`,
  );
  expect(report).toMatch(/^verdict +passed\nassertions +none: nothing was asked to hold\n/m);
  // Published in 20 s by each of two: 20, of which those of the last 5 s are not judged, and a third of the others got lost.
  expect(report).toMatch(/^delivered +66\.67 %$/m);
  expect(report).toMatch(/^latency .* max never \(33\.33 % never came\)$/m);
  expect(report).toMatch(/^health +83\.3 of 100: 33\.3\/50 delivery, 30\/30 up, 20\/20 unflagged$/m);
});

it('says what a scenario lacks for an assertion that was never evaluated', async () => {
  const report = await said(`${line}assertions:\n  - { always: partitionedNodes == 0 and nodesUp > 1 }\n`);
  expect(report).toMatch(/^verdict +invalid\nassertions +0 of 1 held\n/m);
  expect(report).toContain(
    'never had anything to look at.\npartitionedNodes is only measured with a partition detector.\n',
  );
  expect(report).not.toContain('nodesUp is');
});
