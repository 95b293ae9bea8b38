import { describe, expect, it } from 'vitest';
import { flagNames, reportKinds } from '../../src/core/model/protocol.js';
import { dropReasons, worldChanges } from '../../src/core/model/record.js';
import { TraceCursor } from '../../src/core/trace/cursor.js';
import { EventFilter } from '../../src/core/trace/filter.js';
import { traceNames } from '../../src/core/trace/header.js';
import { EventPrinter, secondsText } from '../../src/core/trace/printer.js';
import { header, record, tinyRun, type Call } from './make.js';

async function printed(calls: readonly Call[], how: 'words' | 'json'): Promise<string[]> {
  const cursor = await TraceCursor.open(record(calls).pieces);
  const printer = new EventPrinter(cursor.opening);
  const lines: string[] = [];
  while (await cursor.load()) {
    while (cursor.advance())
      lines.push(how === 'json' ? printer.json(cursor.event, true) : printer.words(cursor.event));
  }
  return lines;
}

describe('events in words', () => {
  it('say what happened', async () => {
    const content = 'body 1 of alpha {"temperature":23.5}';
    const message = `spread/data step 47, value 1, sequence 0, hops 1, ${content}`;
    expect((await printed(tinyRun(), 'words')).slice(4, 14)).toEqual([
      'epsilon started',
      'alpha timer spread/1, argument 3',
      `alpha published step 47, ${content}`,
      `alpha sent to beta: ${message}, under way 2.5 ms`,
      `alpha sent to gamma: ${message}, under way 700 us`,
      'split fault-begins',
      `gamma arrived from alpha: ${message}, under way 700 us`,
      `gamma flagged pattern-mismatch, from alpha, ${content}`,
      `gamma delivered after 1 hop, from alpha, ${content}`,
      `gamma sent to delta: ${message.replace('hops 1', 'hops 2')}, under way 90 ms`,
    ]);
  });

  it('show seconds that line up', () => {
    expect([0, 1, 12_034_567, 60_000_000].map(secondsText)).toEqual([
      '0.000000',
      '0.000001',
      '12.034567',
      '60.000000',
    ]);
  });
});

describe('events in JSON', () => {
  it('are objects with names', async () => {
    const events = (await printed(tinyRun(), 'json')).map((line) => JSON.parse(line) as unknown);
    const content = {
      origin: 'alpha',
      incarnation: 0,
      step: 47,
      sequence: 0,
      timestamp: 1_700_000_000_000,
      data: { temperature: 23.5 },
    };
    const message = {
      from: 'alpha',
      to: 'gamma',
      slot: 'spread',
      message: 'data',
      words: { step: 47, value: 1, sequence: 0, hops: 1 },
      body: 1,
    };
    expect(events[0]).toEqual({ index: 0, timeUs: 0, event: 'started', node: 'alpha' });
    expect(events[5]).toEqual({
      index: 5,
      timeUs: 1000,
      event: 'timer',
      node: 'alpha',
      slot: 'spread',
      timer: 1,
      argument: 3,
    });
    expect(events[6]).toEqual({
      index: 6,
      timeUs: 1000,
      event: 'published',
      node: 'alpha',
      step: 47,
      body: 1,
      content,
    });
    expect(events[9]).toEqual({ index: 9, timeUs: 1100, event: 'fault-begins', fault: 'split' });
    expect(events[10]).toEqual({
      index: 10,
      timeUs: 1700,
      event: 'arrived',
      ...message,
      delayUs: 700,
      content,
    });
    expect(events[11]).toEqual({
      index: 11,
      timeUs: 1700,
      event: 'flagged',
      node: 'gamma',
      flag: 'pattern-mismatch',
      ...message,
      content,
    });
    expect(events[18]).toMatchObject({
      event: 'dropped',
      reason: 'receiver-down',
      from: 'gamma',
      to: 'delta',
    });
  });

  it('never let names or contents move a cursor, and stay the same JSON', async () => {
    const evil = 'a\u001b[31m\u202e"\\\u{1f600}\ud800';
    const cursor = await TraceCursor.open(
      record([{ do: 'put', handle: 1, body: bodyOf(evil) }, ...tinyRun().slice(1)], {
        header: { ...header, faults: [{ id: evil, kind: 'partition', lasts: true }, header.faults[1]] },
      }).pieces,
    );
    const printer = new EventPrinter(cursor.opening);
    let seen = 0;
    while (await cursor.load()) {
      while (cursor.advance()) {
        const json = printer.json(cursor.event, true);
        for (const line of [json, printer.words(cursor.event)]) {
          // eslint-disable-next-line no-control-regex -- that is the point
          expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
        }
        const parsed = JSON.parse(json) as { fault?: string; content?: { data: unknown } };
        if (parsed.fault !== undefined) seen += parsed.fault === evil ? 1 : 100;
        if (parsed.content !== undefined) seen += parsed.content.data === evil ? 1 : 100;
      }
    }
    expect(seen).toBeGreaterThan(2);
    expect(seen).toBeLessThan(100);
  });
});

function bodyOf(data: string): never {
  const canonical = JSON.stringify(data);
  return {
    origin: 0,
    incarnation: 0,
    step: 0,
    sequence: 0,
    timestampMs: 0,
    data,
    canonical,
    sizeBytes: 1,
    digest0: 0,
    digest1: 0,
  } as never;
}

describe('the names in a trace', () => {
  it('stand at the numbers that the engine uses', () => {
    for (const [name, number] of Object.entries(reportKinds)) expect(traceNames.reports[number]).toBe(name);
    expect(traceNames.changes[worldChanges.crash]).toBe('crashed');
    expect(traceNames.changes.length).toBe(Object.keys(worldChanges).length);
    expect(traceNames.reasons[-1 - dropReasons.receiverDown]).toBe('receiver-down');
    expect(traceNames.reasons[-1 - dropReasons.guard]).toBe('guard');
    expect(traceNames.reasons.length).toBe(Object.keys(dropReasons).length);
    expect(header.flags).toBe(flagNames);
  });
});

describe('the choice of events', () => {
  async function chosen(wish: ConstructorParameters<typeof EventFilter>[1]): Promise<number[]> {
    const cursor = await TraceCursor.open(record(tinyRun()).pieces);
    const filter = new EventFilter(cursor.opening, wish);
    const list: number[] = [];
    while (await cursor.load())
      while (cursor.advance()) if (filter.matches(cursor.event)) list.push(cursor.event.index);
    return list;
  }

  it('goes by node, kind and time', async () => {
    expect(await chosen({ node: 'beta' })).toEqual([1, 16, 17]);
    // Lost on the way to it.
    expect(await chosen({ node: 'epsilon' })).toEqual([4, 14]);
    expect(await chosen({ kinds: ['flagged', 'crashed'] })).toEqual([11, 15]);
    expect(await chosen({ fromUs: 1100, untilUs: 1710, kinds: ['sent'] })).toEqual([13]);
    expect((await chosen({})).length).toBe(19);
  });

  it('helps with misspelt names', async () => {
    await expect(chosen({ node: 'bета' })).rejects.toThrow(/no node/);
    await expect(chosen({ node: 'bet' })).rejects.toThrow(/Did you mean beta/);
    await expect(chosen({ kinds: ['flaged'] })).rejects.toThrow(/Did you mean flagged/);
  });
});
