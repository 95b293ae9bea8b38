/**
 * Replicated data: the laws that make it converge, on states that a history of writes and meetings leads to; and what it means, against
 * plain models that know all writes (a sum, the greatest of all writes, the set with a tag for every addition of INRIA RR-7506).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GCounter } from '../../src/core/parts/g-counter.js';
import { LwwMap } from '../../src/core/parts/lww-map.js';
import { OrSet } from '../../src/core/parts/or-set.js';
import { PNCounter } from '../../src/core/parts/pn-counter.js';
import type { Replica } from '../../src/core/parts/replica.js';

/** One step of a history: replica `at` writes (what `a` and `b` say), or takes in all that `from` has. */
interface Step {
  readonly at: number;
  readonly from: number;
  readonly meets: boolean;
  readonly a: number;
  readonly b: number;
}
const replicaCount = 4;
const history = fc.array(
  fc.record({
    at: fc.nat(replicaCount - 1),
    from: fc.nat(replicaCount - 1),
    meets: fc.boolean(),
    a: fc.nat(9),
    b: fc.nat(9),
  }),
  { maxLength: 40 },
);

interface Case {
  readonly name: string;
  make(id: string): Replica;
  write(replica: Replica, step: Step): void;
}
const keys = ['x', 'y', 'ü"'];
const cases: readonly Case[] = [
  {
    name: 'g-counter',
    make: (id) => new GCounter(id),
    write: (replica, { a }) => (replica as GCounter).increment(a + 1),
  },
  {
    name: 'pn-counter',
    make: (id) => new PNCounter(id),
    write: (replica, { a, b }) => (replica as PNCounter).increment(a === b ? 1 : a - b),
  },
  {
    name: 'lww-map',
    make: (id) => new LwwMap(id),
    write: (replica, { a, b }) => {
      const key = keys[a % 3];
      if (a === 9) (replica as LwwMap).delete(key, b);
      else (replica as LwwMap).set(key, { b }, b);
    },
  },
  {
    name: 'or-set',
    make: (id) => new OrSet(id),
    write: (replica, { a, b }) => {
      if (b < 5) (replica as OrSet).remove(keys[a % 3]);
      else (replica as OrSet).add(keys[a % 3]);
    },
  },
];

type Meeting = (at: Replica, from: Replica) => void;
const whole: Meeting = (at, from) => void at.merge(from);

function play({ make, write }: Case, steps: readonly Step[], meet: Meeting = whole): Replica[] {
  const replicas = Array.from({ length: replicaCount }, (_, i) => make(`r${i}`));
  for (const step of steps) {
    if (step.meets) meet(replicas[step.at], replicas[step.from]);
    else write(replicas[step.at], step);
  }
  return replicas;
}

const show = (replica: Replica): string => JSON.stringify(replica);

describe.each(cases)('$name', (kind) => {
  const copy = (...of: readonly Replica[]): Replica => {
    const fresh = kind.make('copy');
    for (const replica of of) fresh.merge(replica);
    return fresh;
  };

  it('merging is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [a, b, c] = play(kind, steps);
        expect(show(copy(a, b))).toBe(show(copy(b, a)));
        expect(show(copy(copy(a, b), c))).toBe(show(copy(a, copy(b, c))));
        const once = copy(a, b);
        expect(once.merge(a)).toBe(false);
        expect(once.merge(once)).toBe(false);
        expect(show(once)).toBe(show(copy(a, b)));
      }),
    );
  });

  it('joining is so for entries of strangers as well, which no history leads to', () => {
    fc.assert(
      fc.property(fc.array(strangeEntry(kind), { minLength: 3, maxLength: 9 }), (json) => {
        const entries = json.map((entry) => kind.make('x').readEntry(entry));
        expect(entries).not.toContain(undefined);
        const after = (order: readonly number[]): string => {
          const replica = kind.make('x');
          for (const index of order) replica.absorb([entries[index] as never]);
          return show(replica);
        };
        const order = json.map((_, index) => index);
        expect(after([...order].reverse())).toBe(after(order));
        expect(after([...order, ...order])).toBe(after(order));
        // Grouping: one half joined by itself first.
        const [left, right] = [kind.make('x'), kind.make('x')];
        left.absorb(entries.slice(0, 2) as never);
        right.absorb(entries.slice(2) as never);
        left.merge(right);
        expect(show(left)).toBe(after(order));
      }),
    );
  });

  it('never forgets: what was merged covers both, and its version too', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [a, b] = play(kind, steps);
        const both = copy(a, b);
        expect(both.version.covers(a.version) && both.version.covers(b.version)).toBe(true);
        expect(copy(both, a).digest).toBe(both.digest);
        expect(a.beyond(both.entries())).toEqual([]);
      }),
    );
  });

  it('a delta brings what a merge would have brought, and nothing that is known', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const byDelta = play(kind, steps, (at, from) => {
          const delta = from.delta(at.version);
          const news = from.beyond(at.entries()).length;
          // Of a map also what was written in vain may travel: that it lost is known only once it is compared.
          if (kind.name === 'lww-map') expect(delta.entries.length).toBeGreaterThanOrEqual(news);
          else expect(delta.entries).toHaveLength(news);
          expect(at.apply(delta)).toBe(news);
          expect(from.delta(at.version).entries).toEqual([]);
        });
        expect(byDelta.map(show)).toEqual(play(kind, steps).map(show));
      }),
    );
  });

  it('a delta that builds on what was lost does not fit', () => {
    const writer = kind.make('w');
    const step = { at: 0, from: 0, meets: false, a: 4, b: 6 };
    kind.write(writer, step);
    const reader = kind.make('r');
    reader.merge(writer);
    kind.write(writer, { ...step, a: 5 });
    const delta = writer.delta(reader.version);
    const reborn = kind.make('r2');
    expect(reborn.apply(delta)).toBeUndefined();
    expect(reborn.entryCount).toBe(0);
    expect(reader.apply(delta)).toBe(1);
    expect(show(reader)).toBe(show(writer));
  });

  it('equal content has equal root and digest, whichever way it came; other content has others', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const replicas = play(kind, steps);
        // Some keep a tree from the beginning, some make it at the end.
        const early = copy();
        early.root();
        for (const replica of replicas) early.merge(replica);
        const late = copy(...[...replicas].reverse());
        expect(Buffer.from(early.root())).toEqual(Buffer.from(late.root()));
        expect(early.digest).toBe(late.digest);
        for (const replica of replicas) {
          const isSame = JSON.stringify(replica.entries()) === JSON.stringify(late.entries());
          expect(replica.digest === late.digest).toBe(isSame);
          expect(Buffer.from(replica.root()).equals(Buffer.from(late.root()))).toBe(isSame);
        }
      }),
    );
  });

  it('comes back from JSON, whose size it knows', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [a] = play(kind, steps);
        const read = kind.make('copy');
        read.mergeJson(JSON.parse(show(a)));
        expect(show(read)).toBe(show(a));
        expect(a.sizeBytes).toBe(Buffer.byteLength(JSON.stringify(a.entries())));
        for (const entry of a.entries()) expect(entry.text).toBe(JSON.stringify(entry));
      }),
    );
  });

  it.each([
    [null],
    [[]],
    [{ version: [], entries: [1] }],
    [{ version: [], entries: [['x']] }],
    [{ entries: [] }],
  ])('refuses %j, and nothing changes', (value) => {
    const replica = kind.make('a');
    expect(() => replica.mergeJson(value)).toThrow(/no entries|no version vector/);
    expect(replica.entryCount).toBe(0);
  });
});

/** Entries that the format allows. */
function strangeEntry({ name }: Case): fc.Arbitrary<unknown[]> {
  const count = fc.integer({ min: 1, max: 4 });
  const writer = fc.constantFrom('p', 'q');
  switch (name) {
    case 'g-counter':
      return fc.tuple(writer, count, count);
    case 'pn-counter':
      return fc.tuple(writer, count, count, count);
    case 'lww-map':
      return fc.oneof(
        fc.tuple(fc.constantFrom('x', 'y'), count, writer, count),
        fc.tuple(fc.constantFrom('x', 'y'), count, writer, count, fc.nat(2)),
      );
    default: {
      const line = fc.tuple(fc.constantFrom('p', 'q', 'r'), count, fc.constantFrom(0, 1));
      const lines = fc
        .uniqueArray(line, { minLength: 1, maxLength: 3, selector: ([id]) => id })
        .map((list) => list.sort(([p], [q]) => (p < q ? -1 : 1)));
      return fc.tuple(fc.constantFrom('x', 'y'), lines);
    }
  }
}

describe('counters', () => {
  it('come to the sum of all increments', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const written = steps.filter(({ meets }) => !meets);
        const grown = play(cases[0], steps) as GCounter[];
        const [g] = grown;
        for (const other of grown) g.merge(other);
        expect(g.value).toBe(written.reduce((sum, { a }) => sum + a + 1, 0));
        const changed = play(cases[1], steps) as PNCounter[];
        const [pn] = changed;
        for (const other of changed) pn.merge(other);
        expect(pn.value).toBe(written.reduce((sum, { a, b }) => sum + (a === b ? 1 : a - b), 0));
      }),
    );
  });

  it('refuse what they cannot count', () => {
    for (const by of [0, -1, 0.5, NaN, 2 ** 53])
      expect(() => new GCounter('a').increment(by)).toThrow(/only grows/);
    for (const by of [0.5, NaN, 2 ** 53, -(2 ** 53)])
      expect(() => new PNCounter('a').increment(by)).toThrow(/changed by/);
    const counter = new PNCounter('a');
    counter.decrement(3);
    counter.increment(0);
    expect(counter.version.lines()).toEqual([['a', 1]]);
    counter.increment();
    expect(counter.value).toBe(-2);
  });
});

describe('the map in which the last writer wins', () => {
  it('holds the greatest of all writes, by time and then by writer', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const replicas = Array.from({ length: replicaCount }, (_, i) => new LwwMap(`r${i}`));
        const written = new Map<string, { rank: string; value: unknown }>();
        for (const step of steps) {
          const replica = replicas[step.at];
          if (step.meets) {
            replica.merge(replicas[step.from]);
            continue;
          }
          const key = keys[step.a % 3];
          replica.set(key, step.b, step.b);
          const [, stamp, writer, number] =
            replica
              .entries()
              .find((entry) => entry.key === key)
              ?.toJSON() ?? [];
          expect(stamp).toBeGreaterThanOrEqual(step.b);
          const rank = `${String(stamp).padStart(6, '0')} ${String(writer)} ${String(number).padStart(4, '0')}`;
          if (rank > (written.get(key)?.rank ?? '')) written.set(key, { rank, value: step.b });
        }
        const all = new LwwMap('all');
        for (const replica of replicas) all.merge(replica);
        expect(all.toMap()).toEqual(new Map([...written].map(([key, { value }]) => [key, value])));
      }),
    );
  });

  it('of the same moment the greater id wins, on both sides', () => {
    const [a, b] = [new LwwMap('a'), new LwwMap('b')];
    a.set('door', 'open', 7);
    b.set('door', 'closed', 7);
    a.merge(b);
    b.merge(a);
    expect([a.get('door'), b.get('door')]).toEqual(['closed', 'closed']);
  });

  it('a slow clock does not write in vain over what it has seen', () => {
    const [fast, slow] = [new LwwMap('fast'), new LwwMap('slow')];
    fast.set('door', 'open', 1000);
    slow.merge(fast);
    slow.set('door', 'closed', 10);
    fast.merge(slow);
    expect(fast.get('door')).toBe('closed');
  });

  it('a deleted key stays deleted when its old value comes by again', () => {
    const [a, b, late] = [new LwwMap('a'), new LwwMap('b'), new LwwMap('late')];
    a.set('door', 'open', 1);
    late.merge(a);
    b.merge(a);
    b.delete('door', 2);
    b.merge(late);
    expect(b.has('door')).toBe(false);
    expect([b.size, b.entryCount]).toEqual([0, 1]);
    b.delete('window', 3);
    expect(b.entryCount).toBe(1);
    expect(() => b.set('door', undefined, 4)).toThrow(/use delete/);
    expect(() => b.set('door', 1, 0.5)).toThrow(/time/);
  });
});

describe('the set in which adding wins', () => {
  it('is the set with a tag for every addition', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const replicas = Array.from({ length: replicaCount }, (_, i) => new OrSet(`r${i}`));
        const tags = Array.from({ length: replicaCount }, () => ({
          added: new Map<number, string>(),
          removed: new Set<number>(),
        }));
        steps.forEach((step, tag) => {
          const element = keys[step.a % 3];
          const own = tags[step.at];
          if (step.meets) {
            replicas[step.at].merge(replicas[step.from]);
            for (const [other, value] of tags[step.from].added) own.added.set(other, value);
            for (const other of tags[step.from].removed) own.removed.add(other);
          } else if (step.b < 5) {
            replicas[step.at].remove(element);
            for (const [other, value] of own.added) if (value === element) own.removed.add(other);
          } else {
            replicas[step.at].add(element);
            own.added.set(tag, element);
          }
          const isIn = new Set(
            [...own.added].flatMap(([other, value]) => (own.removed.has(other) ? [] : [value])),
          );
          expect(replicas[step.at].values()).toEqual(
            [...isIn].sort((p, q) => (JSON.stringify(p) < JSON.stringify(q) ? -1 : 1)),
          );
          expect(replicas[step.at].size).toBe(isIn.size);
          for (const key of keys) expect(replicas[step.at].has(key)).toBe(isIn.has(key));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('added here while removed there: it stays', () => {
    const [a, b] = [new OrSet('a'), new OrSet('b')];
    a.add('milk');
    b.merge(a);
    b.remove('milk');
    a.add('milk');
    a.merge(b);
    b.merge(a);
    expect([a.has('milk'), b.has('milk')]).toEqual([true, true]);
    a.remove('milk');
    b.merge(a);
    expect([a.size, b.size]).toEqual([0, 0]);
  });

  it('elements are the same when their canonical JSON is', () => {
    const set = new OrSet('a');
    set.add({ p: 1, q: 2 });
    set.add({ q: 2, p: 1 });
    expect(set.values()).toEqual([{ p: 1, q: 2 }]);
    expect(() => set.add(undefined)).toThrow(/not JSON/);
  });
});
