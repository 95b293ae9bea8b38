import { describe, expect, it } from 'vitest';
import { Registry } from '../../src/core/base/registry.js';
import { knobs } from '../../src/core/base/knobs.js';
import { UserError } from '../../src/core/base/errors.js';
import { faultKind } from '../../src/core/model/fault.js';
import { protocol } from '../../src/core/model/protocol.js';
import { fullVocabulary, type Vocabulary } from '../../src/core/scenario/vocabulary.js';
import { scenarioText } from '../../src/core/scenario/print.js';
import { complaints, load, small } from './helpers.js';

const ms = 1000;
const s = 1_000_000;

describe('what a scenario means', () => {
  it('the preset, when nothing is said', () => {
    const { experiment } = load(small());
    expect(experiment).toMatchObject({
      name: 'scenario',
      seed: 1,
      stopTimeUs: 10 * s,
      warmupUs: 0,
      measureEveryUs: 100 * ms,
      epochMs: 1_732_060_800_000,
      nodeCount: 4,
      observers: [],
      lateStarts: [],
      workload: [],
      faults: [],
      adversaries: [],
      assertions: [],
    });
    expect(experiment.stack.map(({ protocol: { name } }) => name)).toEqual([
      'pattern-check',
      'max',
      'flood',
      'workload',
    ]);
    expect(experiment.layout.graph.edgeCount).toBe(6);
    expect(experiment.network.latency.latencyUs(0, 3)).toBe(10 * ms);
    expect([0, 1, 2].map((step) => experiment.pattern.value(step))).toEqual([7, 4, 1]);
    expect([0, 3].map((address) => experiment.nameOf(address))).toEqual(['node-0', 'node-3']);
  });

  it('slots can be emptied', () => {
    const { experiment } = load(small('patternCheck: none\nsync: none\ndissemination: none\napp: none\n'));
    expect(experiment.stack).toEqual([]);
  });

  it('authentication puts a guard first and asks for a signer', () => {
    const asked: unknown[] = [];
    const signer = {
      scheme: 'hmac',
      signatureBytes: 32,
      sign: () => new Uint8Array(32),
      verify: () => true,
    } as const;
    const { experiment } = load(small('authentication: hmac\nseed: 5\n'), {
      makeSigner: (...about) => {
        asked.push(about);
        return signer;
      },
    });
    expect(asked).toEqual([['hmac', 5, 4]]);
    expect(experiment.signer).toBe(signer);
    expect(experiment.stack[0].protocol.name).toBe('authentication');
  });

  it('a bare word stands for a section without knobs', () => {
    const said = load(small('topology: ring\ndissemination: direct\n')).experiment;
    expect(said.layout.graph.edgeCount).toBe(4);
    expect(said.stack.map(({ protocol: { name } }) => name)).toContain('direct');
  });

  it('units arrive as microseconds', () => {
    const { experiment } = load(
      small(
        'network: { jitter: 1.5ms, loss: 0.25 }\nwarmup: 2s\nworkload:\n' +
          '  - { broadcast: { nodes: { count: 2 } }, every: 250ms, from: 1s, until: 3s, deadline: 1min }\n' +
          '  - { broadcast: {}, at: 4s }\n' +
          '  - { broadcast: {}, every: 1s, phase: aligned }\n',
      ),
    );
    expect(experiment.network).toMatchObject({ jitterUs: 1500, lossRatio: 0.25 });
    expect(experiment.workload).toMatchObject([
      // Nothing is published at `until`, so the last microsecond before it counts.
      {
        who: { count: 2 },
        atUs: s,
        everyUs: 250 * ms,
        untilUs: 3 * s - 1,
        spreadPhases: true,
        deadlineUs: 60 * s,
      },
      { who: {}, atUs: 4 * s, everyUs: 0, untilUs: 4 * s, spreadPhases: false, deadlineUs: 5 * s },
      { atUs: 0, everyUs: s, untilUs: 10 * s - 1, spreadPhases: false },
    ]);
  });

  it('faults and adversaries', () => {
    const { experiment } = load(
      small(
        'faults:\n  - { id: bad-day, loss: { ratio: 0.5 }, from: 1s, until: 2s }\n' +
          '  - { crash: { nodes: { ids: [node-2] }, restartAfter: 2s }, every: 3s }\n' +
          'adversaries:\n  - { forge-pattern: { nodes: { count: 1 }, ratio: 0.5 }, from: 2s }\n',
      ),
    );
    expect(experiment.faults[0]).toMatchObject({
      id: 'bad-day',
      parameters: { ratio: 0.5, senders: undefined },
      schedule: { atUs: s, everyUs: 0, untilUs: 2 * s, durationUs: Infinity },
    });
    expect(experiment.faults[1]).toMatchObject({
      parameters: { nodes: { ids: ['node-2'] }, restartAfter: 2 * s, state: 'lose', maxDown: 1 },
      schedule: { atUs: 0, everyUs: 3 * s, untilUs: Infinity },
    });
    expect(experiment.adversaries[0]).toMatchObject({
      who: { count: 1 },
      parameters: { knowledge: 'blind', ratio: 0.5 },
      fromUs: 2 * s,
      untilUs: Infinity,
    });
    expect(experiment.adversaries[0].parameters).not.toHaveProperty('nodes');
  });

  it('ids come from content, never from position; equal faults are numbered', () => {
    const a = '{ loss: { ratio: 0.1 }, at: 1s }';
    const b = '{ loss: { ratio: 0.2 }, at: 1s }';
    const idsOf = (...list: string[]): string[] =>
      load(small(`faults: [${list.join(', ')}]\n`)).experiment.faults.map(({ id }) => id);
    const [idA] = idsOf(a);
    const [idB] = idsOf(b);
    expect(idA).toMatch(/^loss-[0-9a-f]{8}$/);
    expect(idB).not.toBe(idA);
    expect(idsOf(b, a)).toEqual([idB, idA]);
    expect(idsOf(a, b, a)).toEqual([idA, idB, `${idA}-2`]);
    // What is written out is the same content.
    expect(idsOf('{ loss: { ratio: 0.10 }, at: 1000ms }')).toEqual([idA]);
  });

  it('assertions', () => {
    const { experiment } = load(
      small(
        'assertions:\n  - { always: syncDivergence <= 3, from: 2s }\n  - { eventually: deliveryRatio >= 0.99, from: 1s, within: 4s }\n' +
          '  - { never: averageLatency > 200ms }\n  - { sometimes: networkHealth < 95% }\n  - { finally: messagesPerSecond < 1000/s }\n',
      ),
    );
    expect(experiment.assertions).toMatchObject([
      {
        text: 'always syncDivergence <= 3, from 2s',
        mode: 'always',
        condition: { left: { name: 'syncDivergence' }, comparison: '<=', right: { value: 3 } },
        fromUs: 2 * s,
        untilUs: 10 * s,
      },
      {
        text: 'eventually deliveryRatio >= 0.99, from 1s, within 4s',
        mode: 'eventually',
        condition: { left: { name: 'deliveryRatio' }, comparison: '>=', right: { value: 0.99 } },
        fromUs: s,
        untilUs: 5 * s,
      },
      {
        text: 'never averageLatency > 200ms',
        mode: 'always',
        condition: {
          kind: 'not',
          of: { left: { name: 'averageLatency' }, comparison: '>', right: { value: 200 } },
        },
        fromUs: 0,
        untilUs: 10 * s,
      },
      {
        text: 'sometimes networkHealth < 95%',
        mode: 'eventually',
        condition: { left: { name: 'networkHealth' }, comparison: '<', right: { value: 95 } },
        fromUs: 0,
        untilUs: 10 * s,
      },
      {
        text: 'finally messagesPerSecond < 1000/s',
        mode: 'finally',
        condition: { left: { name: 'messagesPerSecond' }, comparison: '<', right: { value: 1000 } },
        fromUs: 0,
        untilUs: 10 * s,
      },
    ]);
  });

  it('a key file loses one line end', () => {
    const key = (file: string): number =>
      load(small('pattern: { type: hmac, keyFile: keys/k.txt }\n'), {
        files: { 'keys/k.txt': file },
      }).experiment.pattern.value(3);
    expect(key('secret\n')).toBe(key('secret'));
    expect(key('secret\r\n')).toBe(key('secret'));
    expect(key('secret\n\n')).not.toBe(key('secret'));
  });

  it('the name comes from the file', () => {
    expect(load(small(), { fileName: 'a/b/abilene.v2.yaml' }).experiment.name).toBe('abilene.v2');
    expect(load(small('name: other\n')).experiment.name).toBe('other');
  });
});

describe('groups', () => {
  const groups = (count: number, list: string, more = ''): ReturnType<typeof load>['experiment'] =>
    load(`version: 1\nstopTime: 10s\nnodes:\n  count: ${count}\n  groups: [${list}]\n${more}`).experiment;
  const sizes = (experiment: ReturnType<typeof groups>): number[] =>
    experiment.groupNames.map(
      (_, index) => experiment.groupOf?.filter((group) => group === index).length ?? 0,
    );

  it.each([
    // Hamilton's method by hand: quotas 3.33 each, the first gets the odd one.
    [10, '{ id: a, share: 0.333 }, { id: b, share: 0.333 }, { id: c, share: 0.334 }', [3, 3, 4]],
    [3, '{ id: a, share: 0.5 }, { id: b, share: 0.5 }', [2, 1]],
    [30, '{ id: a, share: 0.1 }, { id: b, share: 0.2 }, { id: c, share: 0.7 }', [3, 6, 21]],
    [10, '{ id: a, count: 2 }, { id: b, share: 0.5 }, { id: c }', [2, 5, 3]],
    // 0.29 * 100 is 28.999999999999996 in the arithmetic of the machine, and means 29.
    [100, '{ id: a, share: 0.29 }, { id: b }', [29, 71]],
    [7, '{ id: a }', [7]],
    [4, '{ id: a, share: 1 }, { id: b }', [4, 0]],
  ])('%i nodes in %s', (count, list, expected) => {
    expect(sizes(groups(count, list))).toEqual(expected);
  });

  it('stand in blocks and have names', () => {
    const experiment = groups(5, '{ id: sensor, share: 0.6 }, { id: hub, ids: [gate, boss] }');
    expect([...(experiment.groupOf ?? [])]).toEqual([0, 0, 0, 1, 1]);
    expect([0, 1, 2, 3, 4].map((address) => experiment.nameOf(address))).toEqual([
      'sensor-0',
      'sensor-1',
      'sensor-2',
      'gate',
      'boss',
    ]);
  });

  it('or are dealt out, the same way for the same seed', () => {
    const shuffled = (seed: number): string =>
      [
        ...(load(
          `version: 1\nstopTime: 1s\nseed: ${seed}\nnodes: { count: 40, placement: shuffled, groups: [{ id: a, share: 0.5 }, { id: b }] }\n`,
        ).experiment.groupOf ?? []),
      ].join('');
    expect(shuffled(1)).toBe(shuffled(1));
    expect(shuffled(1)).not.toBe(shuffled(2));
    expect([...shuffled(1)].filter((group) => group === '0')).toHaveLength(20);
    expect(shuffled(1)).toMatch(/01.*01.*01/);
  });

  it('the number of nodes may come from the groups', () => {
    const { experiment } = load(
      'version: 1\nstopTime: 1s\nnodes: { groups: [{ id: a, ids: [x, y] }, { id: b, count: 3 }] }\n',
    );
    expect(experiment.nodeCount).toBe(5);
    expect([0, 1, 4].map((address) => experiment.nameOf(address))).toEqual(['x', 'y', 'b-2']);
  });

  it('late joiners and observers', () => {
    const list =
      '{ id: a, count: 3 }, { id: late, count: 1, startAt: 4s }, { id: eye, count: 2, role: observer }';
    const experiment = groups(6, list);
    expect(experiment.lateStarts).toEqual([{ address: 3, atUs: 4 * s }]);
    expect(experiment.observers).toEqual([4, 5]);
    expect(experiment.groupRoles).toEqual([undefined, undefined, 'observer']);
    expect(groups(6, list, 'observers: none\n').observers).toEqual([]);
    expect(groups(6, list, 'observers: { ids: [a-1] }\n').observers).toEqual([1]);
    expect(groups(6, list, 'observers: { count: 2, group: a }\n').observers).toHaveLength(2);
  });

  it('names of a topology file are found', () => {
    const graphml =
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="l" for="node" attr.name="label" attr.type="string"/>' +
      '<graph edgedefault="undirected"><node id="0"><data key="l">Oslo</data></node><node id="1"><data key="l">Bergen</data></node>' +
      '<edge source="0" target="1"/></graph></graphml>';
    const text =
      'version: 1\nstopTime: 1s\nnodes: { groups: [{ id: coast, ids: [Bergen] }, { id: capital }] }\ntopology: { type: file, path: maps/n.graphml }\n';
    const { experiment, resolved } = load(text, { files: { 'maps/n.graphml': graphml } });
    expect(experiment.nodeCount).toBe(2);
    expect([...(experiment.groupOf ?? [])]).toEqual([1, 0]);
    expect(resolved.nodes).toMatchObject({ count: 2 });
  });
});

describe('--set', () => {
  it('puts values in place of what is there, or is not', () => {
    const text = small('faults: [{ loss: { ratio: 0.1 }, at: 1s }]\n');
    const { experiment } = load(text, {
      set: [
        'nodes.count=6',
        'topology.type=ring',
        'faults[0].loss.ratio=0.5',
        'faults.1={crash: {nodes: all}, at: 2s}',
        'seed = 9',
      ],
    });
    expect(experiment.nodeCount).toBe(6);
    expect(experiment.layout.graph.edgeCount).toBe(6);
    expect(experiment.faults.map(({ kind }) => kind.name)).toEqual(['loss', 'crash']);
    expect(experiment.faults[0].parameters.ratio).toBe(0.5);
    expect(experiment.seed).toBe(9);
  });

  it('bare words are sections with one key', () => {
    const fanouts = (...set: string[]): unknown =>
      load(small('dissemination: push\nrateLimit: true\npeers: none\n'), { set }).experiment.stack.map(
        ({ protocol, parameters }) =>
          `${protocol.name} ${String(parameters.fanout ?? parameters.rate ?? parameters.degree)}`,
      );
    expect(fanouts('dissemination.fanout=3', 'rateLimit.rate=7/s')).toEqual(
      expect.arrayContaining(['push 3', 'rate-limit 7']),
    );
    expect(fanouts('dissemination.mode=pull')).toContain('pull 1');
    expect(fanouts('peers.type=random', 'peers.degree=2')).toContain('random 2');
  });

  it.each([
    [
      'nodes.count=many',
      '--set nodes.count: nodes.count: expected an integer from 1 to 1000000, found "many"',
    ],
    [
      'nodes.cuont=5',
      '--set nodes.cuont: nodes: unknown key "cuont", expected one of count, names, groups, placement. Did you mean count?',
    ],
    ['nodes.count', '--set: cannot read "nodes.count" (expected a path and a value, such as nodes.count=50)'],
    ['=5', '--set: cannot read "=5" (expected a path and a value, such as nodes.count=50)'],
    ['a..b=5', '--set: cannot read "a..b=5" (expected a path and a value, such as nodes.count=50)'],
    [
      'nodes.count=*x',
      '--set nodes.count: aliases (*name) are not part of the scenario language. Write the value out, or put it between quotes.',
    ],
    [
      'version.x=5',
      '--set version.x: version is a single value here and has no "x". Set it to a section first.',
    ],
    ['faults[3]={}', '--set faults[3]: faults is a list of 0, expected a position from 0 to 0'],
    ['seed=', '--set seed: seed: expected an integer from 0 to 2^53-1, found nothing'],
    ['__proto__.x=1', '--set __proto__.x: unknown key "__proto__", expected one of'],
  ])('%s', (override, said) => {
    expect(complaints(small('faults: []\n'), { set: [override] })[0]?.startsWith(said)).toBe(true);
  });
});

describe('files', () => {
  it('are asked for by a path inside of the folder', () => {
    const asked: string[] = [];
    const readFile = (path: string): Uint8Array => {
      asked.push(path);
      return new TextEncoder().encode('From/to,eu,us\neu,0,40\nus,50,0\n');
    };
    const text = small('network: { latency: { from: regions, file: ./a/../lat.csv } }\n').replace(
      '{ count: 4 }',
      '{ groups: [{ id: x, count: 2, region: eu }, { id: y, count: 2, region: us }] }',
    );
    const { experiment } = load(text, { readFile });
    expect(asked).toEqual(['lat.csv']);
    expect(experiment.network.latency.latencyUs(0, 2)).toBe(40 * ms);
    expect(experiment.network.latency.latencyUs(2, 0)).toBe(50 * ms);
    expect(experiment.network.latency.latencyUs(0, 1)).toBe(500);
  });

  it('outside of it only where the user allows it', () => {
    const text = small('topology: { type: file, path: ../x.json }\n').replace('nodes: { count: 4 }\n', '');
    const asked: string[] = [];
    const readFile = (path: string): Uint8Array => {
      asked.push(path);
      throw new UserError('input-unreadable', { place: path, what: 'gone' });
    };
    expect(complaints(text, { readFile })[0]).toContain('leads out of the folder');
    expect(asked).toEqual([]);
    expect(complaints(text, { readFile, filesAnywhere: true })[0]).toContain('../x.json: gone');
    expect(asked).toEqual(['../x.json']);
  });
});

describe('a new thing in a registry is in the language', () => {
  const storm = faultKind({
    name: 'magnetic-storm',
    summary: 'compasses turn',
    lasts: true,
    changesNodes: false,
    knobs: knobs({
      strength: { kind: 'number', min: 0, max: 9, default: 3, doc: 'How strong.' },
      peak: {
        kind: 'section',
        doc: 'The worst of it.',
        knobs: knobs({ after: { kind: 'duration', default: 5, doc: 'When.' } }),
      },
      hits: { kind: 'who-list', min: 1, optional: true, doc: 'Whom.' },
      size: { kind: 'size', default: 1024, doc: 'Size.' },
      rate: { kind: 'rate', optional: true, doc: 'Rate.' },
    }),
    create: () => ({ begin: () => undefined, end: () => undefined }),
  });
  const limiter = protocol({
    name: 'speed-limit',
    summary: 'too much is too much',
    slot: 'guards',
    knobs: knobs({ burst: { kind: 'integer', min: 1, default: 10, doc: 'How many at once.' } }),
    messages: [],
    create: () => ({ start: () => undefined, receive: () => undefined, timer: () => undefined }),
  });
  const watcher = protocol({ ...limiter, name: 'heartbeat', slot: 'detector' });
  const vocabulary: Vocabulary = {
    ...fullVocabulary,
    faults: new Registry('fault', [storm]),
    protocols: {
      ...fullVocabulary.protocols,
      guards: new Registry('guard', [...(fullVocabulary.protocols.guards ?? []), limiter]),
      detector: new Registry('failure detector', [watcher]),
    },
  };

  it('with its knobs, defaults and units', () => {
    const { experiment, resolved } = load(
      small(
        'faults: [{ magnetic-storm: { size: 2KiB }, at: 1s }]\nspeedLimit: { burst: 3 }\nfailureDetector: heartbeat\n',
      ),
      { vocabulary },
    );
    expect(experiment.faults[0].parameters).toEqual({
      strength: 3,
      peak: { after: 5 },
      hits: undefined,
      size: 2048,
      rate: undefined,
    });
    expect(experiment.stack.map(({ protocol: { name } }) => name)).toEqual([
      'pattern-check',
      'speed-limit',
      'heartbeat',
      'max',
      'flood',
      'workload',
    ]);
    expect(experiment.stack[1].parameters).toEqual({ burst: 3 });
    expect(resolved.faults).toMatchObject([
      { 'magnetic-storm': { strength: 3, peak: { after: '5us' }, size: '2KiB' } },
    ]);
    expect(load(scenarioText(resolved), { vocabulary }).resolved).toEqual(resolved);
  });

  it('and with its mistakes', () => {
    expect(
      complaints(small('faults: [{ magnetic-storm: { strength: 10 } }]\n'), { vocabulary })[0],
    ).toContain('expected a number from 0 to 9, found 10');
    expect(
      complaints(small('faults: [{ magnetic-storm: { hits: [{ group: x }] } }]\n'), { vocabulary })[0],
    ).toContain('faults[0].magnetic-storm.hits[0].group: there is no group "x"');
    expect(complaints(small('speedLimt: {}\n'), { vocabulary })[0]).toContain('Did you mean speedLimit?');
    expect(
      load(small(), { vocabulary }).experiment.stack.map(({ protocol: { name } }) => name),
    ).not.toContain('speed-limit');
  });
});
