/** Damage on links and the checks: who sees what, and that nobody is blamed. And rough networks in rounds, and on record. */
import { describe, expect, it } from 'vitest';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { TraceCursor } from '../../src/core/trace/cursor.js';
import { eventTypes } from '../../src/core/trace/format.js';
import { headerOf } from '../../src/core/trace/header.js';
import { NetworkState } from '../../src/core/trace/network-state.js';
import { TraceWriter } from '../../src/core/trace/writer.js';
import { load } from '../scenario/helpers.js';
import { run } from './experiment.js';

const scenario = (more: string): string => `version: 1
stopTime: 12s
nodes: { count: 12 }
network: { latency: 5ms, corrupt: 0.1 }
workload:
  - { broadcast: { data: { word: { choice: [alpha, beta] }, number: { uniform: [0, 1000] } } }, every: 1s, until: 10s }
${more}
`;

const simulated = (text: string): Simulation => run(load(text, { makeSigner: simulatedSigner }).experiment);

describe('damaged messages', () => {
  it('without signatures: the pattern sees every damaged value, most damaged steps, and no damaged data', () => {
    const { experiment } = load(scenario('dissemination: direct').replace('every: 1s', 'every: 100ms'));
    const seen = { value: [0, 0], step: [0, 0], rest: [0, 0] };
    const simulation: Simulation = new Simulation(experiment, {
      listener: {
        reported: (_timeUs, _node, kind, body, _value, { a, b, c }) => {
          if (kind !== reportKinds.flagged && kind !== reportKinds.delivered) return;
          const { step, sequence } = simulation.bodies.get(body);
          const trueValue = experiment.pattern.value(step);
          const isWrong = a !== step || b !== trueValue;
          if (!isWrong && c === sequence && kind === reportKinds.delivered) return;
          const counts = a !== step ? seen.step : b !== trueValue ? seen.value : seen.rest;
          counts[kind === reportKinds.flagged ? 0 : 1]++;
          // What the pattern can tell, reckoned here: the value belongs to the step, or it does not.
          expect(kind === reportKinds.flagged).toBe(experiment.pattern.value(a) !== b);
        },
      },
    });
    simulation.begin();
    while (simulation.advance(10_000));
    expect(seen.value[0]).toBeGreaterThan(20);
    expect(seen.value[1]).toBe(0);
    expect(seen.step[0]).toBeGreaterThan(seen.step[1]);
    expect(seen.rest[0]).toBe(0);
    const { corruption, falseAlarms, precision, baseRate } = resultOf(simulation).detection;
    expect(corruption).toMatchObject({ id: 'corruption', missed: expect.any(Number) as number });
    expect(corruption?.missed).toBeGreaterThan(20);
    expect(Object.keys(corruption?.checks ?? {})).toEqual(['pattern-mismatch']);
    expect([falseAlarms, precision, baseRate]).toEqual([0, null, 0]);
  });

  it('signatures see everything but the value, and with the pattern nothing is missed', () => {
    const simulation = simulated(scenario('authentication: hmac'));
    const { detection, metrics, links } = resultOf(simulation);
    const { corruption } = detection;
    expect(corruption?.missed).toBe(0);
    expect(corruption?.detected).toBe(corruption?.reached);
    const { 'bad-signature': signed, 'pattern-mismatch': pattern } = corruption?.checks ?? {};
    // Six bytes of value among 17 and the data: some, and not many, are for the pattern alone.
    expect(pattern.only).toBeGreaterThan(20);
    expect(signed.only).toBeGreaterThan(5 * pattern.only);
    expect(detection.falseAlarms).toBe(0);
    expect(simulation.observations.truth.forgeriesAccepted).toBe(0);
    expect(links?.corrupted).toBeGreaterThanOrEqual(corruption?.acts ?? 0);
    // In a complete graph there is always another copy: nobody goes without.
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('attacks keep their own row', () => {
    const { detection } = resultOf(
      simulated(
        scenario(
          'dissemination: direct\nadversaries: [{ id: liar, forge-pattern: { nodes: { ids: [node-3] } } }]',
        ),
      ),
    );
    expect(detection.adversaries.map(({ id }) => id)).toEqual(['liar']);
    expect(detection.adversaries[0].acts).toBeGreaterThan(5);
    expect(detection.corruption?.acts).toBeGreaterThan(100);
    expect(detection.falseAlarms).toBe(0);
  });

  it('of messages that carry no publication nothing can be read', () => {
    const { links } = resultOf(
      simulated(
        scenario('failureDetector: { type: heartbeat, heartbeatInterval: 1s }').replace(
          /workload:[^]*?until: 10s }/,
          '',
        ),
      ),
    );
    expect(links?.corrupted).toBeGreaterThan(50);
    expect(links?.unreadable).toBe(links?.corrupted);
  });
});

describe('in rounds', () => {
  const rounds = (network: string): string => `version: 1
stopTime: 200s
timing: rounds
nodes: { count: 100 }
topology: { type: complete }
network: { ${network} }
dissemination: { mode: push, interval: 1s }
workload: [{ rumor: { nodes: { count: 1 } } }]
`;

  it('calls are lost in bursts: every call where a bad link never turns good', () => {
    const text = rounds('burst: { p: 1, r: 0 }');
    expect(resultOf(simulated(text)).metrics.residue).toBeCloseTo(0.99, 12);
    expect(resultOf(simulated(rounds('burst: { p: 0, r: 0 }'))).metrics.residue).toBe(0);
  });
});

describe('on record', () => {
  it('a slow node has a quick line: what came in over its downlink waits once for it, and a crash loses it under its name', () => {
    const text = `version: 1
stopTime: 2s
nodes: { count: 2 }
network: { latency: 10ms, bandwidthDown: 100kB/s }
dissemination: direct
workload: [{ broadcast: { nodes: { ids: [node-0] }, data: 1 }, every: 500ms, phase: aligned }]
faults:
  - { slow: { nodes: { ids: [node-1] }, lag: 200ms }, at: 0s }
  - { crash: { nodes: { ids: [node-1] } }, at: 1100ms }
`;
    const { experiment } = load(text);
    const seen: string[] = [];
    const simulation = run(experiment, {
      listener: {
        delivered: (timeUs, { kind }, delayUs) => seen.push(`${timeUs} delivered ${kind} ${delayUs}`),
        dropped: (timeUs, { kind }, reason) => seen.push(`${timeUs} dropped ${kind} ${reason}`),
      },
    });
    // 46 bytes at 100 kB a second: 460 us.
    expect(seen).toEqual([
      '210461 delivered 0 210460',
      '710460 delivered 0 210460',
      '1100000 dropped 0 -2',
      '1510000 dropped 0 -2',
    ]);
    expect(simulation.bodies.size).toBe(0);
  });

  it('a trace of a rough network can be read, and tells the same as the run', async () => {
    const text = `version: 1
stopTime: 6s
nodes: { count: 20 }
topology: { type: random-regular, degree: 4 }
network: { latency: 8ms, jitter: 2ms, loss: 0.02, burst: { p: 0.02, r: 0.3 }, duplicate: 0.1, reorder: 0.1, corrupt: 0.1, bandwidthUp: 20kB/s, bandwidthDown: 20kB/s, queueCapacity: 500B }
failureDetector: { type: heartbeat, heartbeatInterval: 500ms }
authentication: hmac
workload: [{ broadcast: { data: { text: { literal: so it goes } } }, every: 1s }]
faults: [{ clog: { nodes: { ids: [node-1] } }, at: 2s, duration: 1s }]
`;
    const { experiment } = load(text, { makeSigner: simulatedSigner });
    const simulation = new Simulation(experiment);
    const pieces: Uint8Array[] = [];
    const trace = new TraceWriter(
      headerOf(experiment, { mesh: '0', scenario: text }),
      (address) => experiment.nameOf(address),
      simulation.bodies,
      (piece) => pieces.push(piece),
    );
    simulation.listener = trace;
    simulation.begin();
    while (simulation.advance(10_000));
    trace.finish({ fingerprint: simulation.fingerprint, endUs: simulation.nowUs });

    const cursor = await TraceCursor.open(pieces);
    const state = new NetworkState(cursor.opening);
    const reasons = new Map<string, number>();
    while (await cursor.load()) {
      while (cursor.advance()) {
        const { event } = cursor;
        state.take(event);
        if (event.type !== eventTypes.dropped || event.reason >= 0) continue;
        const reason = cursor.opening.reasons[-1 - event.reason];
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    const { links } = resultOf(simulation);
    expect(reasons.get('uplink-full')).toBe(links?.uplink?.dropped);
    expect(reasons.get('downlink-full')).toBe(links?.downlink?.dropped);
    expect(reasons.get('damaged')).toBe(links?.unreadable);
    for (const count of [links?.uplink?.dropped, links?.downlink?.dropped, links?.unreadable])
      expect(count).toBeGreaterThan(0);
    // What the trace takes to be under way is what the queue still holds.
    let waiting = 0;
    while (simulation.queue.pop()) if (simulation.queue.class === 1) waiting++;
    expect(state.inFlightCount).toBe(waiting);
  });
});
