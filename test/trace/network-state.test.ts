import { describe, expect, it } from 'vitest';
import { TraceCursor } from '../../src/core/trace/cursor.js';
import { NetworkState } from '../../src/core/trace/network-state.js';
import { Summary } from '../../src/core/trace/summary.js';
import { envelope, record, tinyRun, type Call } from './make.js';

/** The state after all events up to and including this moment. */
async function stateAt(calls: readonly Call[], atUs: number): Promise<NetworkState> {
  const cursor = await TraceCursor.open(record(calls).pieces);
  const state = new NetworkState(cursor.opening);
  while (await cursor.load())
    while (cursor.advance()) if (cursor.event.timeUs <= atUs) state.take(cursor.event);
  state.passTo(atUs);
  return state;
}

// The tiny run, told again: everybody starts; at 1000 us alpha publishes step 47 and sends it to beta (due 3500) and gamma (due 1700);
// split begins at 1100; at 1700 gamma gets it, flags and delivers it, sends it to delta (due 91700), loses one to epsilon; delta
// crashes at 1710; at 3500 beta gets it and adopts step 48; at 91700 delta is found down.
describe('the network state', () => {
  it('knows who is up', async () => {
    const early = await stateAt(tinyRun(), 1700);
    const late = await stateAt(tinyRun(), 1710);
    expect([early.upCount, late.upCount]).toEqual([5, 4]);
    expect(late.node(3).state).toBe('down');
    expect(late.node(4).state).toBe('up');
  });

  it('before any event, nobody has started', async () => {
    const state = await stateAt([], 5);
    expect(state.upCount).toBe(0);
    expect(state.node(0)).toMatchObject({ state: 'not-started', step: 0, last: undefined });
  });

  it('knows steps, figures and the last message', async () => {
    const state = await stateAt(tinyRun(), 5000);
    expect(state.node(0)).toMatchObject({ step: 48, published: 1, sent: 2, arrived: 0, last: undefined });
    expect(state.node(1)).toMatchObject({ step: 48, arrived: 1, delivered: 0 });
    expect(state.node(2)).toMatchObject({ delivered: 1, flagged: 1, sent: 1 });
    expect(state.node(2).last).toMatchObject({
      timeUs: 1700,
      from: 0,
      slot: 0,
      kind: 0,
      words: [47, 1, 0, 1],
    });
    expect(state.node(2).last?.body?.canonical).toBe('{"temperature":23.5}');
    expect([state.publishedCount, state.deliveredCount, state.flaggedCount, state.droppedCount]).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it.each([
    [999, 0, []],
    [1000, 2, [1700, 3500]],
    [1700, 2, [3500, 91_700]],
    [3500, 1, [91_700]],
    [91_699, 1, [91_700]],
    [91_700, 0, []],
  ])('at %i us has the right messages under way', async (atUs, count, due) => {
    const state = await stateAt(tinyRun(), atUs);
    expect(state.inFlightCount).toBe(count);
    expect(state.inFlight(10).map(({ dueUs }) => dueUs)).toEqual(due);
  });

  it('knows which faults last', async () => {
    expect((await stateAt(tinyRun(), 1099)).activeFaults).toEqual([]);
    expect((await stateAt(tinyRun(), 1100)).activeFaults).toEqual([{ fault: 0, sinceUs: 1100 }]);
    const healed: Call[] = [...tinyRun(), { do: 'world', passedUs: 1, change: 5, subject: 0 }];
    expect((await stateAt(healed, 100_000)).activeFaults).toEqual([]);
  });

  it('a node that lost its state starts counting again', async () => {
    const calls: Call[] = [
      { do: 'world', passedUs: 0, change: 0, subject: 1 },
      { do: 'reported', passedUs: 0, node: 1, kind: 5, body: 0, value: 30, atHand: false },
      { do: 'world', passedUs: 1, change: 1, subject: 1 },
      { do: 'world', passedUs: 1, change: 3, subject: 1 },
    ];
    expect((await stateAt(calls, 1)).node(1)).toMatchObject({ state: 'down', step: 30 });
    expect((await stateAt(calls, 2)).node(1)).toMatchObject({ state: 'up', step: 0 });
  });

  it('keeps count of many messages under way, and forgets those that have arrived', async () => {
    const calls: Call[] = [];
    for (let i = 0; i < 3000; i++) {
      calls.push({ do: 'sent', passedUs: 1, envelope: envelope({ from: 0, to: 1, a: i }), delayUs: 500 });
      if (i >= 500)
        calls.push({ do: 'delivered', passedUs: 0, envelope: envelope({ a: i - 500 }), delayUs: 500 });
    }
    const state = await stateAt(calls, 3000);
    expect(state.inFlightCount).toBe(500);
    expect(state.inFlight(9999).map(({ dueUs }) => dueUs)).toEqual(
      Array.from({ length: 500 }, (_, i) => 3001 + i),
    );
  });
});

it('forgets nothing that is still to come when its list is full', async () => {
  const calls: Call[] = Array.from({ length: 300 }, (_, i) => ({
    do: 'sent',
    passedUs: 0,
    envelope: envelope({ a: i }),
    delayUs: 1 + (i % 3),
  }));
  expect((await stateAt(calls, 0)).inFlight(999).length).toBe(300);
});

describe('the summary', () => {
  it('counts what the run did', async () => {
    const cursor = await TraceCursor.open(record(tinyRun()).pieces);
    const summary = new Summary(cursor.opening);
    while (await cursor.load()) while (cursor.advance()) summary.take(cursor.event);
    expect(summary.result(cursor.ending)).toMatchObject({
      scenario: 'tiny',
      seed: 42,
      nodes: 5,
      events: 19,
      eventsByKind: {
        sent: 3,
        arrived: 2,
        dropped: 2,
        timer: 1,
        started: 5,
        crashed: 1,
        'fault-begins': 1,
        published: 1,
        delivered: 1,
        flagged: 1,
        adopted: 1,
      },
      bodies: 1,
      endUs: 91_700,
      faults: [
        { id: 'split', times: 1, periods: [{ fromUs: 1100, untilUs: null }] },
        { id: 'noise', times: 0, periods: [] },
      ],
      flags: { 'pattern-mismatch': 1 },
      fingerprint: '0123456789abcdef',
      complete: true,
    });
  });
});
