import { describe, expect, it } from 'vitest';
import { complaints, load, small } from './helpers.js';

/** [lines after the small scenario, the complaint] */
const cases: readonly (readonly [string, string])[] = [
  ['sed: 1', '4:1: unknown key "sed". Did you mean seed? (expected one of version,'],
  ['seed: -1', '4:7: seed: expected an integer from 0 to 2^53-1, found -1'],
  ['seed: 1.5', '4:7: seed: expected an integer from 0 to 2^53-1, found 1.5'],
  ['warmup: 10', '4:9: warmup: "10" has no unit, expected a duration such as 250ms'],
  ['warmup: 5m', '4:9: warmup: unknown unit in "5m", did you mean "min"?'],
  ['warmup: 10s', '4:9: warmup: the warm-up leaves nothing of the run. Make it shorter than stopTime.'],
  ['measureEvery: 0s', '4:15: measureEvery: expected a duration of at least 1us such as 250ms, found "0s"'],
  ['epoch: 2024-02-31', '4:8: epoch: expected a date in UTC such as 2024-11-20'],
  [
    'sync: none\nworkload: [{ rumor: {}, at: 0s }]',
    '4:7: sync: nodes that publish cannot do without, and the workload lets some publish. Take sync: none out, or the workload.',
  ],
  [
    'dissemination: none\nworkload: [{ broadcast: {}, every: 1s }]',
    '4:16: dissemination: nodes that publish cannot do without',
  ],
  [
    'state: hierarchy',
    'state: hierarchy needs to know who is below whom, and a complete does not say it. Set topology to regions or hierarchical.',
  ],
  ['topology: rings', '4:11: topology: found "rings". Did you mean ring? (expected one of complete, '],
  ['topology: [ring]', '4:11: topology: expected a topology'],
  ['topology: {}', '4:11: topology: "type" is missing'],
  ['topology: { type: file }', '4:11: topology: "path" is missing, expected the path of a file'],
  [
    'topology: { type: file, path: /etc/passwd }',
    '4:31: topology.path: "/etc/passwd" leads out of the folder',
  ],
  ['topology: { type: file, path: a/../../b.gml }', 'topology.path: "a/../../b.gml" leads out of the folder'],
  ['topology: { type: file, path: gone.graphml }', 'topology: gone.graphml: no such file'],
  [
    'network: { loss: 10% }',
    '4:18: network.loss: expected a number from 0 to 1, found "10%". Shares are numbers from 0 to 1, such as 0.1.',
  ],
  ['network: { latency: 0s }', 'network.latency: expected a duration of at least 1us'],
  [
    'network: { latency: { distribution: norml, mean: 1ms, deviation: 1ms } }',
    'network.latency.distribution: found "norml". Did you mean normal? (expected one of constant, uniform, normal, lognormal, exponential, pareto, weibull, empirical)',
  ],
  ['network: { latency: { distribution: normal, mean: 1ms } }', 'network.latency: "deviation" is missing'],
  [
    'network: { latency: { distribution: uniform, min: 9ms, max: 1ms } }',
    'network.latency: the uniform distribution has unusable parameters (expected min is at most max)',
  ],
  [
    'network: { latency: { from: coordinates } }',
    'network.latency: "node-0", "node-1", "node-2" and 1 more of 4 nodes: no coordinates. Add fallback:, such as fallback: 5ms.',
  ],
  ['network: { latency: { from: regions } }', 'network.latency: expected either table or file'],
  ['dissemination: { mode: flood, ttl: 0 }', 'dissemination.ttl: expected an integer from 1 to 255, found 0'],
  [
    'dissemination: { mode: flood, tll: 3 }',
    '4:31: dissemination: unknown key "tll", expected one of mode, ttl, seenCapacity. Did you mean ttl?',
  ],
  ['sync: { rule: max, maxJump: all }', 'sync.maxJump: expected an integer from 1 to 2^53-1, found "all"'],
  [
    'workload: { at: 1s }',
    '4:11: workload: expected a list of what is published, found a section. Begin each entry with a dash.',
  ],
  ['workload: [{ broadcast: {} }]', '4:12: workload[0]: expected at or every, found neither'],
  [
    'workload: [{ broadcast: {}, at: 11s }]',
    'workload[0].at: this is after stopTime, so it would never happen',
  ],
  [
    'workload: [{ broadcast: {}, every: 1s, from: 3s, until: 2s }]',
    'workload[0].until: this is not after the beginning',
  ],
  [
    'workload: [{ broadcast: { nodes: { share: 0.5, count: 2 } }, at: 1s }]',
    'nodes: share and count cannot both hold',
  ],
  [
    'workload: [{ broadcast: { nodes: { ids: [node-9] } }, at: 1s }]',
    'nodes.ids[0]: there is no node "node-9". Did you mean node-',
  ],
  [
    'workload: [{ broadcast: { nodes: { group: x } }, at: 1s }]',
    'there is no group "x", there are no groups',
  ],
  [
    'workload: [{ broadcast: { data: { normal: 3 } }, at: 1s }]',
    'If "normal" is meant as data, write {literal: {...}}.',
  ],
  [
    'workload: [{ broadcast: { data: { heat: { nromal: [20, 0.5] } } }, at: 1s }]',
    'data.heat.nromal: "nromal" looks like "normal" misspelt. Write normal, or {literal: {...}} if it is meant as data.',
  ],
  [
    'faults: [{ crahs: { nodes: all }, at: 1s }]',
    'unknown fault "crahs". Did you mean crash? (expected one of loss, ',
  ],
  ['faults: [{ crahs: { nodes: all }, at: 1s }]', 'Did you mean crash?'],
  ['faults: [{ crash: { nodes: all } }]', 'faults[0]: expected at or every, found neither'],
  [
    'faults: [{ crash: { nodes: all }, at: 1s, duration: 1s }]',
    'faults[0].duration: it happens in one moment and cannot last',
  ],
  ['faults: [{ loss: { ratio: 0.5 }, every: 1s }]', 'faults[0]: what comes again needs a duration'],
  [
    'faults: [{ loss: { ratio: 0.5 }, every: 1s, duration: 2s }]',
    'faults[0].duration: this is longer than every',
  ],
  ['faults: [{ loss: { ratio: 0.5 }, at: 1s, from: 2s }]', 'faults[0]: at and from cannot both hold'],
  [
    'faults: [{ id: a, loss: { ratio: 0 } }, { id: a, loss: { ratio: 1 } }]',
    'faults[1].id: there are two with the id "a"',
  ],
  ['faults: [{ loss: { ratio: 0 }, partition: {} }]', 'faults[0]: "loss" and "partition" stand in one entry'],
  [
    'faults: [{ partition: {}, at: 1s }]',
    '4:23: faults[0].partition: a partition with no sides, expected exactly one of groups, isolate, share, blocked',
  ],
  [
    'faults: [{ partition: { share: 0.1, isolate: all }, at: 1s }]',
    '4:32: faults[0].partition.share: isolate and share cannot both hold, expected exactly one of',
  ],
  [
    'faults: [{ partition: { share: 0.1, effect: delay }, at: 1s }]',
    'faults[0].partition: effect: delay without a delay. Add one, such as delay: 500ms.',
  ],
  [
    'faults: [{ partition: { share: 0.1, delay: 1s }, at: 1s }]',
    '4:44: faults[0].partition.delay: with effect: drop nothing is delayed',
  ],
  [
    'faults: [{ heal: {}, at: 1s }]',
    '4:18: faults[0].heal: there is no partition, clog or flap that could heal. Add one, or leave heal out.',
  ],
  [
    'faults: [{ heal: { fault: splt }, at: 2s }, { id: split, partition: { share: 0.5 }, at: 1s }]',
    '4:27: faults[0].heal.fault: there is no partition, clog or flap "splt", expected one of split. Did you mean split?',
  ],
  [
    'faults: [{ heal: { fault: wet }, at: 2s }, { id: wet, loss: { ratio: 0.5 } }, { id: jam, clog: {} }]',
    '4:27: faults[0].heal.fault: "wet" is loss, which heal does not end, expected one of jam. Give "wet" a duration where it lasts.',
  ],
  [
    'faults: [{ crash: { nodes: { ids: [node-0, node-1, node-0] } }, at: 1s }]',
    '4:52: faults[0].crash.nodes.ids[2]: "node-0" is named twice',
  ],
  [
    'faults: [{ slow: { nodes: all } }]',
    '4:18: faults[0].slow: expected lag, serviceTime or factor, found none. Add one, such as lag: 1s.',
  ],
  [
    'faults: [{ slow: { nodes: all, factor: 10 } }]',
    'faults[0].slow: this multiplies what handling costs, and it costs nothing. Add processing,',
  ],
  ['faults: [{ clock: { nodes: all } }]', 'faults[0].clock: expected offset or drift, found neither'],
  ['faults: [{ pause: { nodes: all }, every: 1s }]', 'faults[0]: what comes again needs a duration'],
  ['churn: {}', 'churn: expected lifetime or trace, found neither'],
  ['churn: { lifetime: 10min }', 'churn: expected downtime, joinRate or targetSize, found none'],
  [
    'churn: { lifetime: 10min, downtime: 1min, joinRate: 3/s }',
    '4:53: churn.joinRate: downtime and joinRate cannot both say when somebody comes',
  ],
  [
    'churn: { lifetime: { mean: 1s }, downtime: 1s }',
    '4:20: churn.lifetime: expected a duration such as 60min',
  ],
  [
    'churn: { lifetime: { distribution: pareto, scale: 1s, shape: 1 }, downtime: 1s }',
    'churn.lifetime: a pareto distribution of shape 1 has no mean',
  ],
  [
    'churn: { lifetime: 1min, targetSize: 4 }',
    'churn.targetSize: expected at most 3, found 4: of 4 nodes, some have to be away',
  ],
  ['churn: { lifetime: 1min, downtime: 1s, until: 11s }', 'churn.until: this is after stopTime'],
  ['churn: { trace: gone.csv }', 'churn.trace: gone.csv: no such file'],
  ['churn: { trace: /etc/passwd }', 'churn.trace: "/etc/passwd" leads out of the folder'],
  ['churn: { trace: a.csv, downtime: 1s }', 'churn.downtime: downtime means nothing beside a trace'],
  ['churn: { lifetime: 1s, downtime: 1s, nodes: { group: x } }', 'churn.nodes.group: there is no group "x"'],
  ['adversaries: [{ forge-pattern: {} }]', 'adversaries[0].forge-pattern: "nodes" is missing'],
  [
    'adversaries: [{ forge-pattern: { nodes: all, knowledge: psychic } }]',
    'expected one of blind, informed, observed, found "psychic"',
  ],
  ['assertions: [{ always: deliveryratio > 0.5 }]', 'unknown metric "deliveryratio"'],
  ['assertions: [{ always: deliveryRatio = 0.5 }]', 'a comparison is written with ==, not ='],
  [
    'assertions: [{ always: deliveryRatio >= 99% }]',
    'deliveryRatio is a share from 0 to 1, found "99%", write 0.99',
  ],
  ['assertions: [{ always: averageLatency < 50 }]', 'assertions[0].always: "50" has no unit'],
  [
    'assertions: [{ always: nodesUp }]',
    'expected a comparison such as deliveryRatio >= 0.99, found "nodesUp"',
  ],
  [
    'assertions: [{ always: nodesUp > 1, never: nodesUp > 1 }]',
    'expected exactly one of always, never, eventually, sometimes, finally',
  ],
  ['assertions: [{ always: nodesUp > 1, within: 1s }]', 'within belongs to eventually'],
  ['assertions: [{ finally: nodesUp > 1, from: 1s }]', 'finally looks at the end of the run'],
  [
    'assertions: [{ always: nodesUp > 1, from: 20s }]',
    'this is after stopTime, so it would never be looked at',
  ],
  ['observers: { role: boss }', 'observers.role: no group has the role "boss"'],
  ['authentication: md5', 'authentication: expected one of none, hmac, ed25519, found "md5"'],
  ['pattern: { seed: 0 }', 'pattern.seed: expected an integer from 1 to 2^53-1, found 0'],
  ['pattern: hmac', 'pattern: "keyFile" is missing'],
];

describe('every mistake is named where it stands', () => {
  it.each(cases)('%s', (lines, said) => {
    const all = complaints(small(`${lines}\n`));
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(said);
    expect(all[0]).toMatch(/^scenario\.yaml:4:\d+: /);
  });

  it('knows near misses', () => {
    expect(complaints(small('netwrk: {}\n'))[0]).toMatch(/Did you mean network\? \(/);
    expect(complaints(small('dissemination: flod\n'))[0]).toMatch(/Did you mean flood\?/);
    expect(complaints(small('assertions: [{ alwys: nodesUp > 1 }]\n'))[0]).toMatch(/Did you mean always\?/);
  });

  it('asks for what is missing', () => {
    expect(complaints('seed: 1\n')).toEqual([
      'scenario.yaml:1:1: "version" is missing, expected an integer that is 1',
      'scenario.yaml:1:1: "stopTime" is missing, expected a duration of at least 1us such as 250ms',
    ]);
    expect(complaints('version: 1\nstopTime: 1s\n')).toHaveLength(1);
    expect(complaints('version: 2\nstopTime: 1s\nnodes: { count: 1 }\n')[0]).toContain(
      'expected an integer that is 1, found 2',
    );
  });

  it('reports all mistakes at once, in the order of the file, twenty at the most', () => {
    const said = complaints('version: 1\nstopTime: 1\nnodes: { count: many }\nseed: x\nwarmup: y\n');
    expect(said.map((line) => line.split(':').slice(1, 3).join(':'))).toEqual(['2:11', '3:17', '4:7', '5:9']);
    const wrong = Array.from({ length: 30 }, (_, i) => `  - { always: nope${i} > 1 }\n`).join('');
    const many = complaints(small(`assertions:\n${wrong}`));
    expect(many).toHaveLength(21);
    expect(many[20]).toBe('scenario.yaml: and 10 more problems');
  });

  it('escapes the name of the file', () => {
    expect(complaints('x', { fileName: 'a\u001b[2J.yaml' })[0]).toMatch(/^a\\u001b\[2J\.yaml:1:1: /);
  });
});

describe('groups', () => {
  const groups = (list: string): string =>
    `version: 1\nstopTime: 10s\nnodes:\n  count: 10\n  groups:\n${list}`;
  it.each([
    [
      '    - { id: a, share: 0.7 }\n    - { id: b, share: 0.7 }\n',
      'nodes.groups: the shares add up to 1.4, more than 1',
    ],
    [
      '    - { id: a, share: 0.7 }\n',
      'nodes.groups: the groups have 7 nodes, but there are 10. Let one group have no share',
    ],
    [
      '    - { id: a, count: 11 }\n',
      'nodes.groups: the groups have 11 nodes, but there are 10. Make them smaller.',
    ],
    ['    - { id: a }\n    - { id: b }\n', 'nodes.groups[1]: a second group without share, count or ids'],
    [
      '    - { id: a, share: 1 }\n    - { id: a, count: 0 }\n',
      'nodes.groups[1].count: expected an integer from 1 to 1000000, found 0',
    ],
    ['    - { id: a, share: 0.5 }\n    - { id: a }\n', 'nodes.groups[1].id: there are two groups "a"'],
    [
      '    - { id: a, share: 0.5, count: 5 }\n    - { id: b }\n',
      'nodes.groups[0]: share and count cannot both hold',
    ],
    ['    - { id: a, ids: [b-0] }\n    - { id: b }\n', 'nodes.groups[0].ids[0]: two nodes are called "b-0"'],
    ['    - { id: a, ids: [x, x] }\n    - { id: b }\n', 'nodes.groups[0].ids[1]: two nodes are called "x"'],
    [
      '    - { id: a, ids: [] }\n    - { id: b }\n',
      'nodes.groups[0].ids: expected a list of names, found an empty list',
    ],
  ])('%j', (list, said) => {
    const all = complaints(groups(list));
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(said);
  });

  it('a name that does not exist', () => {
    const text =
      'version: 1\nstopTime: 1s\nnodes: { names: [Oslo, Bergen], groups: [{ id: a, ids: [Olso] }, { id: b }] }\n';
    expect(complaints(text)[0]).toBe(
      'scenario.yaml:3:57: nodes.groups[0].ids[0]: there is no node "Olso". Did you mean Oslo?',
    );
  });

  it('names and their number', () => {
    expect(complaints('version: 1\nstopTime: 1s\nnodes: { count: 3, names: [a, b] }\n')[0]).toContain(
      'nodes.names: 2 names for 3 nodes',
    );
    expect(complaints('version: 1\nstopTime: 1s\nnodes: { names: [a, a] }\n')[0]).toContain(
      'two nodes are called "a"',
    );
  });
});

describe('cost', () => {
  it('an absurd run is refused with the figure, unless forced', () => {
    const text =
      'version: 1\nstopTime: 1000s\nnodes: { count: 100000 }\nworkload: [{ broadcast: {}, every: 1s }]\n';
    // 100,000 publishers, 1000 times, over 10^5 * (10^5 - 1) arcs.
    expect(complaints(text)[0]).toBe(
      'scenario.yaml:1:1: the run would take about 1,000,000,000,000,000,000 events (expected at most 100,000,000,000). ' +
        'Make the scenario smaller or shorter, or pass --force.',
    );
    expect(load(text, { force: true }).cost.events).toBeCloseTo(1e8 * 1e5 * 99_999, -14);
  });
});
