/**
 * What each adversary does, counted by hand on the smallest network in which it can: honest - liar - honest in a line. All three publish at
 * 0 s, 1 s ... 10 s, eleven messages each, and everything takes 10 ms, so that who sends what to whom is plain. The liar passes on 11 + 11
 * messages of others, one copy of each, and sends two copies of each of its own.
 */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/core/scenario/load.js';
import type { RunListener } from '../../src/core/model/record.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';

const base = `version: 1
stopTime: 10500ms
network: { latency: 10ms }
dissemination: flood
workload:
  - { broadcast: { nodes: all, data: { heat: 20 } }, every: 1s, phase: aligned }
`;

function run(text: string, listen?: (simulation: Simulation) => RunListener) {
  const { experiment } = loadScenario({
    text: `${base}${text}`,
    fileName: 'acts.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment);
  simulation.listener = listen?.(simulation);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return resultOf(simulation);
}

const line = 'nodes: { count: 3 }\ntopology: line\n';
const liar = (what: string, more = ''): string => `adversaries:\n  - { id: liar, ${what}${more} }\n`;
const middle = 'nodes: { ids: [node-1] }';

describe('counted by hand', () => {
  it.each([
    ['everything that it sends', `silent: { ${middle} }`, 44],
    ['what it passes on', `drop: { ${middle} }`, 22],
    ['what it passes on of the victim', `selective-forward: { ${middle}, victims: { ids: [node-0] } }`, 11],
    ['what comes from the victim and goes to it', `eclipse: { ${middle}, victims: { ids: [node-0] } }`, 22],
    ['everything, late', `delay: { ${middle}, by: 100ms }`, 44],
  ])('no acts, but it touches %s', (_what, kind, messages) => {
    const { adversaries, detection } = run(line + liar(kind));
    expect(adversaries[0]).toMatchObject({ affectedMessages: messages, affectedNodes: 1 });
    expect(detection.adversaries[0]).toMatchObject({ acts: 0, reached: 0, receipts: 0, detectionRate: null });
  });

  it.each([
    ['forge-pattern', `forge-pattern: { ${middle}, knowledge: observed }`, 11, 22],
    ['step-inflate', `step-inflate: { ${middle}, knowledge: informed }`, 11, 22],
    ['step-inflate of others', `step-inflate: { ${middle}, messages: others, knowledge: informed }`, 22, 22],
    ['tamper-payload', `tamper-payload: { ${middle} }`, 22, 22],
    // One microsecond after 0 s and every half second from there: 21 times, to two neighbours.
    ['flood', `flood: { ${middle}, rate: 2/s }`, 21, 42],
    ['sybil', `sybil: { ${middle}, identities: 2, every: 1s }`, 21, 42],
  ])('%s: one act a message, whatever the number of its copies', (_kind, kind, acts, messages) => {
    const { adversaries, detection } = run(line + liar(kind));
    expect(adversaries[0]).toMatchObject({ affectedMessages: messages });
    // Every copy reaches one honest node, the last publication at 10.02 s at the latest; and no check minds.
    expect(detection.adversaries[0]).toMatchObject({ acts, reached: acts, receipts: messages, detected: 0 });
    expect(detection.falseAlarms).toBe(0);
  });

  it('forge-pattern, blind: detected are just those whose digit is not the true one', () => {
    let wrong = 0;
    const seen = new Set<number>();
    const { detection } = run(
      `${line}pattern: { seed: 7 }\n${liar(`forge-pattern: { ${middle} }`)}`,
      (simulation) => ({
        sent(_timeUs, { from, a: step, b: value, c: sequence, body }) {
          if (from !== 1 || simulation.bodies.get(body).origin !== 1 || seen.has(sequence)) return;
          seen.add(sequence);
          if (value !== simulation.experiment.pattern.value(step)) wrong++;
        },
      }),
    );
    expect(seen.size).toBe(11);
    expect(detection.adversaries[0]).toMatchObject({
      acts: 11,
      reached: 11,
      detected: wrong,
      missed: 11 - wrong,
    });
  });

  it('replay: kept for 2 s, sent to both neighbours, who had it', () => {
    // Those passed on at 0.01 s to 8.01 s come again before the end: nine of each.
    const { adversaries, detection } = run(line + liar(`replay: { ${middle}, after: 2s }`));
    expect(adversaries[0].affectedMessages).toBe(36);
    expect(detection.adversaries[0]).toMatchObject({ acts: 18, reached: 0, suppressed: 18, detected: 0 });
  });

  it('replay: each liar replays what it has passed on itself', () => {
    // Four in a row: each of the two in the middle passes on the eleven messages of every other node.
    const text =
      'nodes: { count: 4 }\ntopology: line\nadversaries:\n  - { replay: { nodes: { ids: [node-1, node-2] }, after: 2s } }\n';
    const { detection } = run(text);
    // Nine of those that begin beside it or two away, at 10 ms or 20 ms after the second; node 1 hears of three others.
    const ofEach = 9 * 3;
    // What one of them says again is no news to the other, who does not pass it on.
    expect(detection.adversaries[0]).toMatchObject({ acts: 2 * ofEach });
  });

  it('acts that reach nobody honest are counted, and left out', () => {
    // Liars at both ends of the line hear the forger in the middle; nobody honest does.
    const mute = '  - { id: ends, drop: { nodes: { ids: [node-0, node-2] } } }\n';
    const { detection } = run(line + liar(`forge-pattern: { ${middle}, knowledge: observed }`) + mute);
    expect(detection.adversaries[0]).toMatchObject({
      acts: 11,
      reached: 0,
      receipts: 0,
      detectionRate: null,
    });
  });

  it('sybil: no two liars go by the same name, of whatever adversary they are', () => {
    const four = 'nodes: { count: 4 }\ntopology: line\nadversaries:\n';
    const one = (id: string, node: number): string =>
      `  - { id: ${id}, sybil: { nodes: { ids: [node-${node}] }, identities: 2, every: 1s } }\n`;
    const { detection } = run(four + one('left', 1) + one('right', 2));
    // Honest are the ends of the line; both hear of both.
    expect(detection.adversaries).toMatchObject([
      { id: 'left', acts: 21, reached: 21, receipts: 42 },
      { id: 'right', acts: 21, reached: 21, receipts: 42 },
    ]);
  });

  it('what is flagged after its deadline is not detected any more', () => {
    const late = (by: string): string =>
      `${line}pattern: { seed: 7 }\n${liar(`forge-pattern: { ${middle} }`)}  - { delay: { ${middle}, by: ${by} } }\n`;
    // Messages have the usual five seconds.
    const [soon] = run(late('4980ms')).detection.adversaries;
    const [never] = run(late('5s')).detection.adversaries;
    expect(soon.reached).toBe(6);
    expect(soon.detected).toBeGreaterThan(3);
    expect(never).toMatchObject({
      acts: 11,
      reached: 6,
      detected: 0,
      missed: 6,
      detectionRate: 0,
      checks: {},
    });
    expect(never.receiverRecall).toBe(soon.receiverRecall);
  });

  it('equivocate: what is flagged for other reasons is not seen through', () => {
    // The same liar floods: after its huge numbers the replay window takes all its true messages for old ones, both versions.
    const text = 'nodes: { count: 9 }\ntopology: star\nreplayWindow: true\nadversaries:\n';
    const liars =
      '  - { equivocate: { nodes: { ids: [node-0] } } }\n  - { flood: { nodes: { ids: [node-0] }, rate: 1/s }, from: 500ms }\n';
    const { detection } = run(text + liars);
    const [{ reached, detected, missed, receipts, receiverRecall, checks }] = detection.adversaries;
    // Each leaf hears one of the two versions, so that nobody can compare them.
    expect(checks).toEqual({ replay: { detected, only: detected } });
    expect(missed).toBe(reached - detected);
    expect((receiverRecall ?? NaN) * receipts).toBeLessThanOrEqual(receipts);
    // The first message is before the flood; all that comes later is flagged, the second version as an act, the first in vain.
    expect(detected).toBe(10);
    expect(detection.falseAlarms).toBe(10 * 8 - Math.round((receiverRecall ?? NaN) * receipts));
  });

  it('equivocate: an act is a message of which there are two, and only the second version is the lie', () => {
    const star = 'nodes: { count: 9 }\ntopology: star\n';
    const versions = new Map<number, Map<number, number>>();
    const { adversaries, detection } = run(
      star + liar('equivocate: { nodes: { ids: [node-0] } }'),
      (simulation) => ({
        sent(_timeUs, { from, c: sequence, body }) {
          if (from !== 0 || simulation.bodies.get(body).origin !== 0) return;
          const counts = versions.get(sequence) ?? new Map<number, number>();
          const { digest0 } = simulation.bodies.get(body);
          counts.set(digest0, (counts.get(digest0) ?? 0) + 1);
          versions.set(sequence, counts);
        },
      }),
    );
    let altered = 0;
    for (const counts of versions.values()) {
      expect(counts.size).toBe(2);
      expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBe(8);
      altered += [...counts.values()][1];
    }
    expect(detection.adversaries[0]).toMatchObject({ acts: 11, reached: 11 });
    expect([altered, 11 * 8 - altered]).toContain(adversaries[0].affectedMessages);
  });
});

describe('silent, in rounds', () => {
  it.each(['full', 'delta', 'merkle'])('keeps to itself what it has written: exchange %s', (exchange) => {
    const text = `version: 1
stopTime: 20s
timing: rounds
nodes: { count: 6 }
topology: complete
state: { type: g-counter, exchange: ${exchange} }
dissemination: { mode: push-pull, fanout: 1 }
workload:
  - { increment: { nodes: all, by: 1 }, at: 0s }
`;
    const counted = (more: string) => {
      const { experiment } = loadScenario({
        text: text + more,
        fileName: 'x',
        readFile: () => new Uint8Array(),
      });
      const simulation = new Simulation(experiment);
      simulation.begin();
      while (simulation.advance(1 << 16));
      return resultOf(simulation);
    };
    expect(counted('').replication).toMatchObject({ readings: { min: 6, max: 6 }, written: 6 });
    const { replication, adversaries, status } = counted(
      liar('silent: { nodes: { ids: [node-1, node-4] } }'),
    );
    expect(replication).toMatchObject({ readings: { min: 4, max: 4 }, written: 4, distinctStates: 1 });
    expect(adversaries[0].affectedNodes).toBe(2);
    expect(status).toBe('passed');
  });
});

describe('ramp', () => {
  const slope = ', ramp: 10s';

  it('begins with nothing, grows evenly, and spares messages whole', () => {
    const forged = new Map<string, Set<string>>();
    const text =
      'nodes: { count: 8 }\ntopology: complete\n' +
      liar('tamper-payload: { nodes: { ids: [node-1] } }', slope);
    const { detection } = run(text.replace('every: 1s', 'every: 10ms'), (simulation) => ({
      sent(_timeUs, { from, body }) {
        const { origin, sequence, canonical } = simulation.bodies.get(body);
        if (from !== 1 || origin === 1) return;
        const key = `${origin} ${sequence}`;
        forged.set(key, (forged.get(key) ?? new Set()).add(canonical));
      },
    }));
    for (const contents of forged.values()) expect(contents.size).toBe(1);
    // Seven others, eleven messages: at second k a share of k/10.
    const { acts } = detection.adversaries[0];
    expect(Math.abs(acts - 7 * 5.5)).toBeLessThan(4 * Math.sqrt(7 * 1.65));
  });

  it('thins out what is sent on its own account just as evenly', () => {
    // 100 a second: 500 in 10 s of ramp and 50 in the half second that is left.
    const { detection } = run(line + liar(`flood: { ${middle}, rate: 100/s }`, slope));
    expect(Math.abs(detection.adversaries[0].acts - 550)).toBeLessThan(4 * Math.sqrt(10 * 100 * 0.1667));
    // One a second: 0, 1 ... 9 tenths, and the last one.
    const { adversaries } = run(line + liar(`sybil: { ${middle}, identities: 1, every: 1s }`, slope));
    expect(adversaries[0].affectedMessages).toBeGreaterThanOrEqual(2);
    expect(adversaries[0].affectedMessages).toBeLessThan(2 * 10);
  });

  it('is the same whatever else goes wrong', () => {
    const at = (more: string): number[] => {
      const times: number[] = [];
      run(`${line}${liar(`flood: { ${middle}, rate: 20/s }`, slope)}${more}`, () => ({
        sent(timeUs, { from, c }) {
          if (from === 1 && c >= 1_000_000_000) times.push(timeUs);
        },
      }));
      return times;
    };
    const crash = 'faults:\n  - { crash: { nodes: { ids: [node-0] }, restartAfter: 300ms }, every: 1s }\n';
    expect(at(crash)).toEqual(at(''));
    expect(at('').length).toBeGreaterThan(50);
  });
});
