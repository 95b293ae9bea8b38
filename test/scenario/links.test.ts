/** Links in the language: what is read, what is refused and where, and what the simulator is told. */
import { describe, expect, it } from 'vitest';
import { scenarioText } from '../../src/core/scenario/print.js';
import { complaints, load, small } from './helpers.js';

const rough =
  'network: { loss: 0.01, burst: { p: 0.02, r: 0.25, badLoss: 0.8 }, duplicate: 0.1, reorder: 0.2, reorderBy: 5ms, corrupt: 0.3, bandwidthUp: 1MB/s, bandwidthDown: 8Mbit/s, queueCapacity: 64KiB }\n';

const rounds = (more: string): string =>
  small(`timing: rounds\ndissemination: { mode: push, interval: 1s }\n${more}\n`);

describe('network', () => {
  it('says what links are like', () => {
    expect(load(small(rough)).experiment.network).toMatchObject({
      lossRatio: 0.01,
      burst: { enterRatio: 0.02, leaveRatio: 0.25, goodLossRatio: 0, badLossRatio: 0.8 },
      duplicateRatio: 0.1,
      reorderRatio: 0.2,
      reorderByUs: 5000,
      corruptRatio: 0.3,
      upBytesPerSecond: 1_000_000,
      downBytesPerSecond: 1_000_000,
      queueBytes: 65_536,
    });
  });

  it('is printed so that it reads the same again', () => {
    const printed = scenarioText(load(small(rough)).resolved);
    expect(printed).toContain('bandwidthDown: 1MB/s');
    expect(load(printed).experiment.network).toMatchObject({
      ...load(small(rough)).experiment.network,
      latency: expect.anything() as unknown,
    });
    expect(scenarioText(load(printed).resolved)).toBe(printed);
  });

  it('leaves out what is left out', () => {
    const { experiment, resolved } = load(small('network: { loss: 0.1 }\n'));
    const { latency: _latency, ...settings } = experiment.network;
    expect(Object.entries(settings).filter(([, value]) => value !== undefined)).toEqual([
      ['jitterUs', 0],
      ['lossRatio', 0.1],
      ['lossPer', 'message'],
    ]);
    expect(Object.keys(resolved.network as object).sort()).toEqual(['jitter', 'latency', 'loss', 'lossPer']);
  });

  it.each([
    ['network: { burst: { p: 0.1 } }', '4:19: network.burst: "r" is missing, expected a number from 0 to 1'],
    ['network: { burst: 0.1 }', '4:19: network.burst: expected a section'],
    ['network: { bandwidthUp: 1 }', '4:25: network.bandwidthUp: "1" has no unit, expected a bandwidth'],
    ['network: { bandwidthUp: 0B/s }', '4:25: network.bandwidthUp: expected a bandwidth of at least 1B/s'],
    [
      'network: { queueCapacity: 1kB }',
      '4:27: network.queueCapacity: nothing waits where bandwidth has no limit',
    ],
    ['network: { reorderBy: 1ms }', '4:23: network.reorderBy: nothing is held back'],
    ['network: { measuredLoss: true }', '4:26: network.measuredLoss: the topology has no measured loss'],
    ['network: { reoder: 0.1 }', 'Did you mean reorder?'],
  ])('refuses %s', (line, expected) => {
    const all = complaints(small(`${line}\n`));
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(expected);
  });

  it.each(['duplicate: 0.1', 'reorder: 0.1', 'corrupt: 0.1', 'bandwidthUp: 1kB/s', 'bandwidthDown: 1kB/s'])(
    'in rounds %s has no meaning, and is refused with its place',
    (knob) => {
      const [key] = knob.split(':');
      expect(complaints(rounds(`network: { ${knob} }`))).toEqual([
        expect.stringMatching(
          new RegExp(`^scenario\\.yaml:6:\\d+: network\\.${key}: network\\.${key} has no meaning in rounds`),
        ) as string,
      ]);
    },
  );

  it('in rounds loss in bursts is about calls', () => {
    const { experiment } = load(rounds('network: { burst: { p: 0.1, r: 0.2 } }'));
    expect(experiment.network).toMatchObject({ lossPer: 'call', burst: { enterRatio: 0.1 } });
  });
});

describe('measuredLoss', () => {
  const files = { 'net.csv': 'from,to,loss\na,b,0.25\nb,c,\n' };
  const text = 'version: 1\nstopTime: 10s\ntopology: { type: file, path: net.csv }\n';

  it('takes the loss of the file where it has one, and network.loss elsewhere', () => {
    const network = 'network: { measuredLoss: true, loss: 0.05 }\n';
    const { lossOf } = load(text + network, { files }).experiment.network;
    expect([lossOf?.(0, 1), lossOf?.(1, 0), lossOf?.(1, 2)]).toEqual([0.25, 0.25, 0.05]);
  });

  it('is not used unless asked for', () => {
    expect(load(text, { files }).experiment.network.lossOf).toBeUndefined();
  });
});

describe('link faults', () => {
  const fault = (knobs: string): string => small(`faults: [{ ${knobs}, at: 1s, duration: 1s }]\n`);

  it.each([
    [
      'delay: { by: 1s, nodes: all, senders: all }',
      'faults[0].delay.nodes: senders and nodes cannot hold together',
    ],
    ['clog: { between: [all], receivers: all }', 'faults[0].clog.between: receivers and between cannot'],
    ['flap: { up: 1s }', 'faults[0].flap: "down" is missing'],
    ['reorder: { ratio: 2 }', 'faults[0].reorder.ratio: expected a number from 0 to 1, found 2'],
    [
      'loss: { ratio: 1, nodes: { region: eu } }',
      'there is no region "eu", neither groups nor the topology have',
    ],
  ])('refuses %s', (knobs, expected) => {
    expect(complaints(fault(knobs)).join('\n')).toContain(expected);
    expect(complaints(fault(knobs))[0]).toMatch(/^scenario\.yaml:4:\d+: /);
  });

  it.each([
    'delay: { by: 1s }',
    'duplicate: { ratio: 1 }',
    'reorder: { ratio: 1 }',
    'corrupt: { ratio: 1 }',
    'clog: {}',
  ])('in rounds %s is refused with its place', (knobs) => {
    const text = rounds(`faults: [{ id: x, ${knobs}, at: 1s, duration: 1s }]`);
    expect(complaints(text)).toEqual([
      expect.stringMatching(/^scenario\.yaml:6:10: faults\[0\]: the fault x/) as string,
    ]);
  });

  it.each(['loss: { ratio: 1 }', 'flap: { up: 2s, down: 1s }'])('in rounds %s has a meaning', (knobs) => {
    expect(load(rounds(`faults: [{ ${knobs}, at: 1s, duration: 1s }]`)).experiment.faults).toHaveLength(1);
  });
});

describe('damage that breeds', () => {
  const flood = (more: string): string =>
    small(`${more}\nworkload: [{ broadcast: {}, every: 1s }]\ntopology: complete\n`).replace(
      'count: 4',
      'count: 30',
    );

  it.each(['network: { corrupt: 0.01 }', 'faults: [{ corrupt: { ratio: 0.01 }, at: 1s, duration: 1s }]'])(
    'is refused: each copy of a flood that nobody can tell from a message is one, %s',
    (line) => {
      // 30 x 29 copies a message, one in a hundred damaged, and so on for 64 hops.
      expect(complaints(flood(line)).join()).toContain('Damaged messages that no check sees are passed on');
    },
  );

  it.each([
    'network: { corrupt: 0.001 }',
    'network: { corrupt: 0.01 }\nauthentication: hmac',
    'network: { corrupt: 0.01 }\ndissemination: direct',
    'network: { corrupt: 0.01 }\ndissemination: { mode: push, interval: 1s }',
    'network: { corrupt: 0.01 }\ndissemination: { mode: flood, ttl: 2 }',
  ])('and not where it ends: %s', (line) => {
    expect(load(flood(line)).experiment.network.corruptRatio).toBeGreaterThan(0);
  });
});

describe('regions', () => {
  const groups =
    'version: 1\nstopTime: 1s\nnodes: { count: 4, groups: [{ id: a, count: 2, region: eu }, { id: b }] }\n';

  it('are those of the groups, and others are refused with those that there are', () => {
    const ok = `${groups}faults: [{ clog: { nodes: { region: eu } }, at: 0s }]\n`;
    expect(load(ok).experiment.groupRegions).toEqual(['eu', undefined]);
    expect(complaints(ok.replace('region: eu } }, at', 'region: us } }, at'))).toEqual([
      expect.stringContaining(
        '4:37: faults[0].clog.nodes.region: there is no region "us", expected one of "eu"',
      ) as string,
    ]);
  });

  it('or those that the topology gives, for nodes whose group has none', () => {
    const text =
      'version: 1\nstopTime: 1s\nnodes: { count: 9 }\ntopology: { type: regions, regions: 3, inside: 2 }\nobservers: { region: region-1 }\n';
    const all = complaints(text.replace('region-1', 'nowhere')).join('\n');
    const known = /expected one of "([^"]+)"/.exec(all)?.[1] ?? '';
    expect(load(text.replace('region-1', known)).experiment.observers).toEqual([0, 1, 2]);
  });
});
