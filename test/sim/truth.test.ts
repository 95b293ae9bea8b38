/**
 * Ground truth beyond the acts: whom honest nodes accuse and with what right, which bad days they notice, and what is wrong without
 * being a lie. The numbers follow from the script of each run: who is neighbour of whom, who speaks when, and what a guard deducts.
 */
import { describe, expect, it } from 'vitest';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function run(text: string, options?: SimulationOptions) {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 20s\nnetwork: { latency: 10ms }\n${text}`,
    fileName: 'truth.yaml',
    readFile: () => new Uint8Array(),
    makeSigner: simulatedSigner,
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return resultOf(simulation);
}

const everySecond = 'workload:\n  - { broadcast: {}, every: 1s, phase: aligned, deadline: 1s }\n';

describe('equivocation', () => {
  const text = `nodes: { count: 8 }\nreplayWindow: true\n${everySecond}adversaries:\n  - { equivocate: { nodes: { ids: [node-0] } } }\n`;

  it('either version may come first: to flag the other is no false alarm', () => {
    const { detection, metrics } = run(text);
    const [row] = detection.adversaries;
    // Both versions reach everybody, half of the nodes in this order and half in that; each flags the second that it meets.
    expect(metrics.flags.equivocation).toBe(row.acts * 7);
    expect(detection.falseAlarms).toBe(0);
    expect(detection.precision).toBe(1);
    expect(row.detectionRate).toBe(1);
    expect(row.receiverRecall).toBe(1);
    expect(row.checks).toEqual({ equivocation: { detected: row.acts, only: row.acts } });
  });
});

describe('honest but wrong', () => {
  it('whoever lost its state says its old steps again: neither a forgery nor, flagged or not, a false alarm', () => {
    // One node speaks, at 0 s to 5 s with steps 0 to 5, and from 7 s on with steps 0 and up: six times what it had said before.
    const { detection } = run(
      'nodes: { count: 5 }\nworkload:\n  - { broadcast: { nodes: { ids: [node-0] } }, every: 1s, phase: aligned, deadline: 1s }\n' +
        'faults:\n  - { crash: { nodes: { ids: [node-0] }, restartAfter: 1s, state: lose }, at: 5500ms }\n',
    );
    expect(detection.honestButWrong).toEqual([
      { cause: 'lost-state', messages: 6, receipts: 6 * 4, flagged: 0 },
    ]);
    expect(detection.falseAlarms).toBe(0);
  });

  it('nothing of the kind where state is kept', () => {
    const { detection } = run(
      `nodes: { count: 5 }\n${everySecond}faults:\n  - { crash: { nodes: { ids: [node-0] }, restartAfter: 1s, state: keep }, at: 5500ms }\n`,
    );
    expect(detection.honestButWrong).toEqual([]);
  });
});

describe('senders', () => {
  const signer = (more: string): string =>
    `nodes: { count: 6 }\nauthentication: ed25519\nreputation: true\ndissemination: direct\n${everySecond}` +
    `adversaries:\n  - { id: bad, forge-pattern: { nodes: { ids: [node-0] }, knowledge: observed, keys: outsider }${more} }\n`;

  it('a bad signer is ignored by everybody after its third message', () => {
    // 1 - 3 x 0.2 < 0.5, at 0 s, 1 s and 2 s, and 10 ms on the way.
    const { trust, detection } = run(signer(''));
    expect(trust).toEqual({
      accusations: { right: 5, wrong: 0, pardoned: 0 },
      liars: { total: 1, accused: 1, ignoredByAll: 1 },
      honest: { total: 5, accused: 0, ignoredByAny: 0 },
      senders: [{ id: 'bad', members: 1, accused: 1, pairs: 5, firstAccusationMs: 2010 }],
      throttled: { liars: 0, honest: 0 },
    });
    expect(detection.adversaries[0].receipts).toBe(3 * 5);
  });

  it('who stands behind a liar that alters what it passes on is not blamed', () => {
    // A line: what the middle alters, the ends know from its link, not from the name in the message.
    const { trust } = run(
      `nodes: { count: 3 }\ntopology: line\nauthentication: ed25519\nreputation: true\n${everySecond}` +
        'adversaries:\n  - { tamper-payload: { nodes: { ids: [node-1] } } }\n',
    );
    expect(trust?.accusations).toEqual({ right: 2, wrong: 0, pardoned: 0 });
    expect(trust?.honest.accused).toBe(0);
  });

  it('who floods is throttled, and ignored for it', () => {
    const { trust } = run(
      'nodes: { count: 3 }\ntopology: line\nrateLimit: { rate: 20/s, burst: 20 }\nreputation: true\n' +
        `${everySecond}adversaries:\n  - { flood: { nodes: { ids: [node-0] }, rate: 200/s } }\n`,
    );
    expect(trust?.throttled.liars).toBeGreaterThan(100);
    expect(trust?.liars.accused).toBe(1);
    expect(trust?.senders[0]).toMatchObject({ members: 1, pairs: 1 });
  });
});

describe('episodes', () => {
  const watched = (more: string): string =>
    `nodes: { count: 6 }\nfailureDetector: { type: heartbeat, heartbeatInterval: 500ms, suspectAfter: 3, deadAfter: 5 }\n${more}`;

  it('a crash is noticed within the patience of the detector', () => {
    const { episodes } = run(
      watched('faults:\n  - { id: down, crash: { nodes: { ids: [node-1] } }, at: 5s }\n'),
    );
    expect(episodes?.rows).toMatchObject([{ id: 'down', kind: 'crash', episodes: 1, judged: 1, noticed: 1 }]);
    // Two to three intervals of silence, and the link.
    expect(episodes?.rows[0].timeToNotice.p50).toBeGreaterThan(1000);
    expect(episodes?.rows[0].timeToNotice.p50).toBeLessThanOrEqual(1510);
    // Five suspicions and five verdicts.
    expect(episodes).toMatchObject({ alarms: 10, unexplained: 0 });
  });

  it('of three crashes those that are over too soon are not noticed, and have no time', () => {
    const { episodes } = run(
      watched(
        'faults:\n  - { id: brief, crash: { nodes: { ids: [node-1] }, restartAfter: 400ms }, from: 2s, every: 5s, until: 16s }\n',
      ),
    );
    expect(episodes?.rows).toEqual([
      {
        id: 'brief',
        kind: 'crash',
        episodes: 3,
        judged: 3,
        noticed: 0,
        timeToNotice: { p50: null, p95: null },
      },
    ]);
  });

  it('whoever is cut off doubts everybody, and that is about the cut', () => {
    // Node 0 alone on its side: five suspect it and it suspects five, and so with the verdicts.
    for (const fault of [
      'partition: { isolate: { ids: [node-0] } }',
      'partition: { blocked: { senders: { ids: [node-0] }, receivers: all } }',
      'clog: { senders: { ids: [node-0] } }',
      'flap: { nodes: { ids: [node-0] }, up: 1s, down: 1h, phase: aligned }',
    ]) {
      const { episodes } = run(watched(`faults:\n  - { id: cut, ${fault}, at: 5s, duration: 4s }\n`));
      expect(episodes?.alarms).toBe(fault.includes('senders') ? 10 : 20);
      expect(episodes?.unexplained).toBe(0);
      expect(episodes?.rows).toMatchObject([{ judged: 1, noticed: 1 }]);
    }
  });

  it('each time is about those whom it touched that time, and about nobody whom it touched before', () => {
    // At 1 s and at 13 s one node in six stands still, too briefly to be noticed; then somebody falls silent.
    const brief =
      '{ id: brief, pause: { nodes: { count: 1 } }, from: 1s, every: 12s, until: 14s, duration: 400ms }';
    const noticed = [0, 1, 2, 3, 4, 5].map((node) => {
      const mute = `{ loss: { ratio: 1, senders: { ids: [node-${node}] } }, at: 13500ms, duration: 4s }`;
      const { episodes } = run(watched(`faults:\n  - ${brief}\n  - ${mute}\n`));
      expect(episodes?.rows[0]).toMatchObject({ id: 'brief', episodes: 2, judged: 2 });
      return episodes?.rows[0].noticed;
    });
    // An alarm is about the second time only if its subject stood still then, and that was one node.
    expect(noticed.sort((a = 0, b = 0) => a - b)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('an alarm about somebody whom nothing touched is unexplained', () => {
    const { episodes } = run(
      watched('faults:\n  - { id: noise, loss: { ratio: 0.6 }, at: 2s, duration: 15s }\n'),
    );
    expect(episodes?.alarms).toBeGreaterThan(10);
    expect(episodes?.unexplained).toBe(episodes?.alarms);
  });

  it('a silent liar is a subject like any other', () => {
    const { episodes } = run(
      watched('adversaries:\n  - { id: mute, silent: { nodes: { ids: [node-2] } }, from: 4s }\n'),
    );
    expect(episodes?.rows).toMatchObject([{ id: 'mute', kind: 'silent', episodes: 1, noticed: 1 }]);
    expect(episodes?.unexplained).toBe(0);
  });
});

it('N populations of one are one of N', () => {
  const text =
    `nodes: { count: 8 }\nauthentication: ed25519\nreplayWindow: true\nreputation: true\n${everySecond}` +
    'failureDetector: heartbeat\nadversaries:\n  - { equivocate: { nodes: { ids: [node-0] } } }\n' +
    'faults:\n  - { crash: { nodes: { count: 2 }, restartAfter: 2s, state: lose }, at: 6s }\n';
  expect(run(text, { populations: 'single' })).toEqual(run(text));
});
