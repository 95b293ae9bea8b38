/** What many runs have in common, for a reader and for a spreadsheet: every section of a single run that people compare by. */
import { beforeAll, describe, expect, it } from 'vitest';
import { repeat } from '../../src/core/app/repetitions.js';
import type { RepetitionCell, RepetitionResult } from '../../src/core/model/repetitions.js';
import type { Block } from '../../src/core/base/blocks.js';
import { cellsCsv } from '../../src/core/reports/repetitions-csv.js';
import { repetitionBlocks } from '../../src/core/reports/repetitions.js';

const run = (text: string, repetitions = 3): Promise<RepetitionResult> =>
  repeat({ file: 'bad-day.yaml', text: new TextEncoder().encode(text), repetitions, jobs: 1 });

/** A little of everything: nodes come and go, a detector and a partition detector watch, a liar forges, links damage and are short. */
const badDay = (more = ''): string => `version: 1
name: bad day
stopTime: 8s
nodes: { count: 12 }
authentication: hmac
reputation: true
processing: { messageTime: 200us }
network: { latency: 5ms, corrupt: 0.02, bandwidthUp: 60kB/s }
dissemination: { mode: push-pull, fanout: 2, interval: 300ms }
failureDetector: { type: swim, probeInterval: 500ms, probeTimeout: 150ms }
partitionDetector: { type: quorum }
workload: [{ broadcast: { nodes: { count: 3 } }, every: 700ms, until: 5s, deadline: 2s }]
churn: { lifetime: 20s, downtime: 2s }
faults: [{ crash: { nodes: { count: 1 } }, id: plug, at: 3s }]
adversaries: [{ tamper-payload: { nodes: { count: 1 } }, id: forger }]
assertions: [{ always: nodesUp >= 1 }]
targets: { bytesPerNode: 10kB/s }
${more}`;

let result: RepetitionResult;
beforeAll(async () => {
  result = await run(badDay());
});

/** Each number by hand: from the JSON of the runs, along the way that its name says. */
function byHand({ runs }: RepetitionCell, path: readonly (string | number)[]): number | null {
  const values = runs.map(({ metrics, sections, ...rest }) =>
    path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], {
      ...metrics,
      ...sections,
      ...rest,
    }),
  );
  const present = values.filter((value) => typeof value === 'number');
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}

const named: readonly (readonly [name: string, path: readonly (string | number)[]])[] = [
  ['churn.upShare', ['churn', 'upShare']],
  ['churn.departures', ['churn', 'departures']],
  ['detector.detectionTime.mean', ['detector', 'detectionTime', 'mean']],
  ['partition.falseAlarms', ['partition', 'falseAlarms']],
  ['processing.busyShare.max', ['processing', 'busyShare', 'max']],
  ['links.uplink.wait.mean', ['links', 'uplink', 'wait', 'mean']],
  ['trust.accusations.right', ['trust', 'accusations', 'right']],
  ['detection.adversaries[0].detectionRate', ['detection', 'adversaries', 0, 'detectionRate']],
  ['detection.falseAlarms', ['detection', 'falseAlarms']],
  ['detection.corruption.acts', ['detection', 'corruption', 'acts']],
  ['faults[0].affectedNodes', ['faults', 0, 'affectedNodes']],
  ['adversaries[0].affectedMessages', ['adversaries', 0, 'affectedMessages']],
  ['targets[0].measured', ['targets', 0, 'measured']],
];

const tables = (blocks: readonly Block[]): (readonly [heading: string, labels: readonly string[]])[] => {
  let heading = '';
  return blocks.flatMap((block): (readonly [string, readonly string[]])[] => {
    if (block.kind === 'heading') heading = block.text;
    return block.kind === 'table' ? [[heading, block.rows.map(([label]) => String(label))]] : [];
  });
};

describe('the summary of many runs', () => {
  it('has every section that a single run has, and the means of its runs', () => {
    const [cell] = result.cells;
    for (const [name, path] of named) {
      const mean = byHand(cell, path);
      expect(mean, name).not.toBeNull();
      expect(cell.summary[name].mean, name).toBeCloseTo(mean ?? 0, 9);
    }
    const sections = Object.keys(cell.runs[0].sections).filter((name) => name !== 'authentication');
    for (const section of sections)
      expect(
        Object.keys(cell.summary).some((name) => name.startsWith(`${section}.`)),
        section,
      ).toBe(true);
  });

  it('shows it section by section, with what differs between runs of a fault or liar by its id', () => {
    const shown = new Map(tables(repetitionBlocks(result, 'mesh simulate bad-day.yaml')));
    expect(shown.get('Churn')).toEqual(expect.arrayContaining(['nodes up', 'came', 'went']));
    expect(shown.get('Failure detector')).toContain('first verdict, mean');
    expect(shown.get('Partition detector')).toContain('nodes cut off');
    expect(shown.get('What the checks saw')).toEqual(expect.arrayContaining(['forger', 'damage on links']));
    expect(shown.get('What faults and liars touched')).toEqual(
      expect.arrayContaining(['plug: nodes', 'forger: messages']),
    );
    expect(shown.get('Against the targets')).toContain('bytes sent, mean (10 kB/s)');
    // What never happened takes no room.
    expect(shown.get('What faults and liars touched')).not.toContain('plug: messages');
  });

  it('never says that a share may be above 100 % or below 0', () => {
    const { cells, ...rest } = result;
    const summary = {
      deliveryRatio: { count: 2, missing: 0, mean: 0.99, deviation: 0.02, low: 0.81, high: 1.17 },
    };
    const text = JSON.stringify(repetitionBlocks({ ...rest, cells: [{ ...cells[0], summary }] }, ''));
    expect(text).toContain('81 % to 100 %');
  });

  it('a sweep shows what differs, in 80 columns, and --csv has it all', async () => {
    const swept = await run(badDay('sweep: { network.loss: [0, 0.3], dissemination.fanout: [1, 2] }\n'), 2);
    const [table] = repetitionBlocks(swept, '').filter((block) => block.kind === 'table');
    expect(table.head.slice(0, 3)).toEqual(['variant', 'passed', 'delivered']);
    const width = table.head.reduce((sum, head, column) => {
      const texts = table.rows.map((row) => (typeof row[column] === 'string' ? row[column].length : 1));
      return sum + Math.max(head.length, ...texts) + 3;
    }, 1);
    expect(width).toBeLessThanOrEqual(80);
    const head = cellsCsv(swept).split('\r\n')[0];
    for (const [name] of named) expect(head).toContain(`,${name},${name}.deviation,`);
  });
});
