import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/mesh/clock.js';
import type { MeshError, NodeState, PhaseResetEvent, SyncEvent } from '../../src/core/mesh/events.js';
import type { MeshMessage } from '../../src/core/mesh/message.js';
import { MeshNetwork } from '../../src/core/mesh/mesh-network.js';
import type { MeshNode } from '../../src/core/mesh/mesh-node.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { apps, clocks, guards, spreads } from '../../src/core/protocols/registry.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { completeGraph, patternMesh } from '../sim/experiment.js';

function networkOf(ids: readonly string[], options: ConstructorParameters<typeof MeshNetwork>[0] = {}) {
  const clock = new ManualClock(1_732_060_800_000);
  const network = new MeshNetwork({ clock, ...options });
  const nodes = ids.map((nodeId) => network.createNode({ nodeId }));
  return { clock, network, nodes };
}

function heard(node: MeshNode): MeshMessage[] {
  const list: MeshMessage[] = [];
  node.onMessage((message) => list.push(message));
  return list;
}

function errors(node: MeshNode): MeshError[] {
  const list: MeshError[] = [];
  node.onError((error) => list.push(error));
  return list;
}

describe('broadcast', () => {
  it('a first broadcast of a fresh node with seed 7 carries step 0 and value 7, and reaches the n-1 others', () => {
    const { network, nodes } = networkOf(['a', 'b', 'c', 'd']);
    const lists = nodes.map(heard);
    const message = nodes[0].broadcast({ temperature: 23.5 });
    expect(message).toMatchObject({
      senderId: 'a',
      globalStep: 0,
      patternValue: 7,
      data: { temperature: 23.5 },
    });
    expect(lists.map((list) => list.length)).toEqual([0, 1, 1, 1]);
    expect(nodes.map((node) => node.globalStep)).toEqual([1, 1, 1, 1]);
    expect(network.getMetrics()).toMatchObject({ totalNodes: 4, patternMismatches: 0, networkHealth: 100 });
  });

  it('carries the sequence 7 4 1 7 over several senders', () => {
    const { nodes } = networkOf(['a', 'b']);
    expect([0, 1, 0, 1].map((i) => nodes[i].broadcast(i).patternValue)).toEqual([7, 4, 1, 7]);
  });

  it('copies and freezes what is sent: nobody can change what others see', () => {
    const { nodes } = networkOf(['a', 'b', 'c']);
    const [, second, third] = nodes;
    const seen: unknown[] = [];
    second.onMessage(({ data }) => {
      expect(() => ((data as { list: number[] }).list[0] = 99)).toThrow(TypeError);
    });
    third.onMessage(({ data }) => seen.push(data));
    const data = { list: [1] };
    nodes[0].broadcast(data);
    data.list[0] = 5;
    expect(seen).toEqual([{ list: [1] }]);
    expect(errors(second)).toEqual([]);
  });

  it.each([[undefined], [NaN], [() => 1], [10n]])('refuses %s, which is no JSON', (data) => {
    const { nodes } = networkOf(['a']);
    expect(() => nodes[0].broadcast(data)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    expect(nodes[0].globalStep).toBe(0);
  });

  it('a million replies to replies need no deeper a stack than one', () => {
    const { nodes } = networkOf(['ping', 'pong'], { seenCapacity: 16 });
    let count = 0;
    for (const node of nodes) node.onMessage(() => void (++count < 200_000 && node.broadcast(count)));
    nodes[0].broadcast(0);
    expect(count).toBe(200_000);
  });

  it('floods over links: everybody hears once, whatever the graph', () => {
    const { network, nodes } = networkOf(['a', 'b', 'c', 'd', 'e'], {
      topology: 'empty',
      dissemination: 'flood',
    });
    for (const [a, b] of ['ab', 'bc', 'cd', 'da', 'de']) network.connect(a, b);
    const lists = nodes.map(heard);
    nodes[0].broadcast('x');
    expect(lists.map((list) => list.length)).toEqual([0, 1, 1, 1, 1]);
    expect(nodes[4].neighbours()).toEqual(['d']);
    network.disconnect('d', 'e');
    nodes[0].broadcast('y');
    expect(lists[4]).toHaveLength(1);
  });
});

describe('receive', () => {
  it('judges the pattern, then follows the step, then delivers', () => {
    const { nodes } = networkOf(['a']);
    const [node] = nodes;
    const list = heard(node);
    const syncs: SyncEvent[] = [];
    node.onSync((event) => syncs.push(event));
    expect(node.receive({ senderId: 'x', globalStep: 250, patternValue: 4, data: null })).toBe('flagged');
    expect([node.globalStep, list.length, syncs.length]).toEqual([0, 0, 0]);
    // 250 mod 100 = 50; 50 mod 3 = 2, and the sequence is 7 4 1.
    expect(node.receive({ senderId: 'x', globalStep: 250, patternValue: 1, data: null })).toBe('accepted');
    expect([node.globalStep, list.length]).toEqual([251, 1]);
    expect(syncs).toMatchObject([{ from: 0, to: 251, cause: 'message' }]);
  });

  it('the malicious node of the original design: 9 at step 0, where 7 is expected', () => {
    const { nodes, clock } = networkOf(['a']);
    const list = errors(nodes[0]);
    nodes[0].receive({ senderId: 'mallory', globalStep: 0, patternValue: 9, data: 'lie' });
    expect(list).toMatchObject([
      {
        type: 'pattern-mismatch',
        expected: 7,
        received: 9,
        timestamp: clock.epochMs(),
        message: { senderId: 'mallory', globalStep: 0, patternValue: 9 },
      },
    ]);
  });

  it('refuses the same message twice, and not another of the same step', () => {
    const { nodes } = networkOf(['a']);
    const list = errors(nodes[0]);
    const message = { senderId: 'x', globalStep: 1, patternValue: 4, data: 'one' };
    expect(nodes[0].receiveBatch([message, message, { ...message, data: 'two' }])).toEqual([
      'queued',
      'queued',
      'queued',
    ]);
    expect(nodes[0].receive(message)).toBe('duplicate');
    expect(list.map(({ type }) => type)).toEqual(['duplicate', 'duplicate']);
  });

  it.each([
    [null, 'not-object'],
    [[], 'not-object'],
    ['{}', 'not-object'],
    [{}, 'missing-field'],
    [{ senderId: 1, globalStep: 0, patternValue: 7, data: 1 }, 'wrong-type'],
    [{ senderId: 'x', globalStep: '0', patternValue: 7, data: 1 }, 'wrong-type'],
    [{ senderId: 'x', globalStep: NaN, patternValue: 7, data: 1 }, 'bad-step'],
    [{ senderId: 'x', globalStep: -1, patternValue: 7, data: 1 }, 'bad-step'],
    [{ senderId: 'x', globalStep: 2 ** 53, patternValue: 7, data: 1 }, 'bad-step'],
    [{ senderId: 'x', globalStep: 0, patternValue: Infinity, data: 1 }, 'bad-number'],
    [{ senderId: 'x', globalStep: 0, patternValue: 7, data: () => 1 }, 'invalid-json'],
  ])('counts %j as %s and throws nothing', (message, kind) => {
    const { nodes } = networkOf(['a']);
    const list = errors(nodes[0]);
    expect(nodes[0].receive(message)).toBe('malformed');
    expect(list).toMatchObject([{ type: 'malformed', kind }]);
    expect(nodes[0].malformedCount).toBe(1);
  });

  it('survives getters that throw, proxies, circles, prototypes and anything else', () => {
    const { nodes } = networkOf(['a']);
    const circle: Record<string, unknown> = { senderId: 'x', globalStep: 0, patternValue: 7 };
    circle.data = circle;
    const trap = new Proxy({}, { get: () => { throw new Error('trap'); } }); // prettier-ignore
    const thrower = { get senderId(): string { throw new Error('no'); } }; // prettier-ignore
    for (const evil of [circle, trap, thrower]) expect(nodes[0].receive(evil)).toBe('malformed');
    const polluting = JSON.parse(
      '{"senderId":"x","globalStep":0,"patternValue":7,"data":{"__proto__":{"evil":1}}}',
    );
    expect(nodes[0].receive(polluting)).toBe('accepted');
    expect(({} as { evil?: number }).evil).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (anything) => void nodes[0].receive(anything)));
  });
});

describe('handlers', () => {
  it('one that throws stops nobody else, and is reported to its own node', async () => {
    const { nodes } = networkOf(['a', 'b', 'c']);
    const list = errors(nodes[1]);
    nodes[1].onMessage(() => { throw new Error('mine'); }); // prettier-ignore
    nodes[1].onMessage(() => Promise.reject(new Error('later')));
    const late = [heard(nodes[1]), heard(nodes[2])];
    expect(() => nodes[0].broadcast(1)).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    expect(late.map((each) => each.length)).toEqual([1, 1]);
    expect(list.map(({ type }) => type)).toEqual(['handler-error', 'handler-error']);
  });

  it('an error handler that throws is logged and does not start a circle', () => {
    const { network, nodes } = networkOf(['a']);
    nodes[0].onError(() => { throw new Error('again'); }); // prettier-ignore
    nodes[0].receive(null);
    expect(network.eventCounts()).toMatchObject({ error: 1, security: 1 });
  });

  it('unsubscribing takes a handler off, once and for all', () => {
    const { nodes } = networkOf(['a', 'b']);
    let count = 0;
    const off = nodes[1].onMessage(() => count++);
    nodes[0].broadcast(1);
    off();
    off();
    nodes[0].broadcast(2);
    expect(count).toBe(1);
  });

  it('tells of broadcasts, phase resets and states', () => {
    const { nodes } = networkOf(['a']);
    const states: NodeState[] = [];
    const resets: PhaseResetEvent[] = [];
    nodes[0].onState((state) => states.push(state));
    nodes[0].onPhaseReset((event) => resets.push(event));
    nodes[0].sync(99);
    expect(resets).toEqual([]);
    nodes[0].broadcast('at the border');
    expect(resets).toMatchObject([{ resetStep: 100, resets: 1 }]);
    nodes[0].sync(450);
    expect(resets[1]).toMatchObject({ resetStep: 400, resets: 3 });
    expect(states).toEqual(['computing', 'broadcasting', 'idle']);
  });
});

describe('steps', () => {
  it('sync moves forward only, and refuses what is no step', () => {
    const { nodes } = networkOf(['a']);
    expect(nodes[0].sync(10)).toBe(10);
    expect(nodes[0].sync(3)).toBe(10);
    for (const step of [-1, 1.5, NaN, 2 ** 53]) {
      expect(() => nodes[0].sync(step)).toThrow(expect.objectContaining({ code: 'invalid-step' }));
    }
  });

  it('maxJump holds back whoever would set the clock to the end of all steps', () => {
    const { nodes } = networkOf(['a'], { maxJump: 100 });
    const list = errors(nodes[0]);
    nodes[0].receive({ senderId: 'liar', globalStep: 300, patternValue: 7, data: 1 });
    expect(nodes[0].globalStep).toBe(0);
    expect(list).toMatchObject([{ type: 'step-jump', received: 300 }]);
  });
});

describe('the network', () => {
  it('refuses a second node of one id, more than maxNodes, and bad settings', () => {
    const { network } = networkOf(['a', 'b'], { maxNodes: 2 });
    const refusal = (code: string) => expect.objectContaining({ code }) as unknown as Error;
    expect(() => network.createNode({ nodeId: 'a' })).toThrow(refusal('duplicate-node'));
    expect(() => network.createNode({ nodeId: 'c' })).toThrow(refusal('network-full'));
    expect(() => new MeshNetwork().createNode({ nodeId: 'x', seed: 0 })).toThrow(refusal('invalid-seed'));
    expect(() => new MeshNetwork().createNode({ nodeId: 'x', phaseResetInterval: 1.5 })).toThrow(
      refusal('invalid-interval'),
    );
    expect(() => new MeshNetwork().createNode({ nodeId: '' })).toThrow(refusal('invalid-value'));
    expect(() => new MeshNetwork().createNode({ nodeId: 'x', cacheSize: -1 })).toThrow(
      refusal('invalid-value'),
    );
    expect(new MeshNetwork().createNode({ nodeId: 'x', cacheSize: 1000 }).globalStep).toBe(0);
    expect(() => new MeshNetwork({ maxNodes: -1 })).toThrow(refusal('invalid-value'));
    expect(() => new MeshNetwork({ dissemination: 'pigeon' })).toThrow(refusal('unknown-kind'));
  });

  it('a removed node neither hears nor speaks, and its id is free again', () => {
    const { network, nodes } = networkOf(['a', 'b']);
    const list = heard(nodes[1]);
    expect(network.removeNode('b')).toBe(true);
    expect(network.removeNode('b')).toBe(false);
    nodes[0].broadcast(1);
    expect(list).toEqual([]);
    expect(() => nodes[1].broadcast(1)).toThrow(expect.objectContaining({ code: 'unknown-node' }));
    expect(nodes[1].state).toBe('detached');
    const again = network.createNode({ nodeId: 'b' });
    const second = heard(again);
    nodes[0].broadcast(2);
    expect(second).toHaveLength(1);
    expect(network.getNode('b')).toBe(again);
  });

  it('manual delivery leaves messages waiting; a full queue drops and says so', () => {
    const { network, nodes } = networkOf(['a', 'b', 'c'], { delivery: 'manual', queueCapacity: 3 });
    const list = errors(nodes[0]);
    nodes[0].broadcast(1);
    nodes[0].broadcast(2);
    expect(network.queued).toBe(3);
    expect(list.map(({ type }) => type)).toEqual(['queue-full']);
    expect(network.deliver(1)).toBe(1);
    expect(network.deliver()).toBe(2);
  });

  it('remembers so many events and no more, and counts all', () => {
    const { network, nodes } = networkOf(['a', 'b'], { eventLogSize: 10 });
    for (let i = 0; i < 100; i++) nodes[0].broadcast(i);
    expect(network.events()).toHaveLength(10);
    expect(network.eventCounts().message).toBe(200);
  });
});

it('behaves as the simulator does: the same deliveries and steps for the same broadcasts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 }), (speakers) => {
      const { nodes } = networkOf(['n0', 'n1', 'n2', 'n3', 'n4']);
      const inProcess: string[] = [];
      nodes.forEach((node) =>
        node.onMessage((m) =>
          inProcess.push(`${node.nodeId} ${m.senderId} ${m.globalStep} ${m.patternValue}`),
        ),
      );
      for (const speaker of speakers) nodes[speaker].broadcast(speaker);

      const simulated: string[] = [];
      const everySecond = 1_000_000;
      const experiment = patternMesh(completeGraph(5), {
        stopTimeUs: (speakers.length + 1) * everySecond,
        stack: [
          { protocol: guards.get('pattern-check'), parameters: {} },
          { protocol: clocks.get('max'), parameters: {} },
          { protocol: spreads.get('direct'), parameters: { seenCapacity: 4096 } },
          { protocol: apps.get('workload'), parameters: {} },
        ],
        workload: speakers.map((speaker, i) => ({
          who: { ids: [`n${speaker}`] },
          atUs: (i + 1) * everySecond,
          everyUs: 0,
          untilUs: Infinity,
          spreadPhases: false,
          deadlineUs: 1,
          makePayload: () => speaker,
        })),
      });
      const simulation = new Simulation(experiment);
      simulation.listener = {
        reported: (_timeUs, node, kind, body, _value, envelope) => {
          if (kind !== reportKinds.delivered) return;
          simulated.push(`n${node} n${simulation.bodies.get(body).origin} ${envelope.a} ${envelope.b}`);
        },
      };
      simulation.begin();
      while (simulation.advance(1000));
      expect(inProcess).toEqual(simulated);
      expect(nodes.map((node) => node.globalStep)).toEqual(
        [0, 1, 2, 3, 4].map((node) => simulation.stepOf(node)),
      );
    }),
    { numRuns: 50 },
  );
});
