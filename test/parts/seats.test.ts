import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/model/protocol.js';
import type { PeerView } from '../../src/core/model/stack.js';
import { ArrivalGaps } from '../../src/core/parts/arrival-gaps.js';
import { opinions } from '../../src/core/parts/membership-news.js';
import { PeerOpinions } from '../../src/core/parts/peer-opinions.js';
import { seatsFor } from '../../src/core/parts/seats.js';

/** Two nodes whose views the test changes as it likes. */
class Views {
  readonly host = { row: 0, report: () => undefined } as unknown as Host & { row: number };
  readonly #views = [new Map<number, number>(), new Map<number, number>()];
  readonly #editions = [0, 0];

  readonly view: PeerView = {
    count: () => this.#views[this.host.row].size,
    at: (index) => this.sorted()[index],
    changing: {
      edition: () => this.#editions[this.host.row],
      cameWith: (index) => this.#views[this.host.row].get(this.sorted()[index]) ?? NaN,
    },
  };

  sorted(): number[] {
    return [...this.#views[this.host.row].keys()].sort((p, q) => p - q);
  }

  /** Whoever is there goes, and whoever is not comes. */
  toggle(peer: number): void {
    const view = this.#views[this.host.row];
    const edition = ++this.#editions[this.host.row];
    if (!view.delete(peer)) view.set(peer, edition);
  }
}

const steps = fc.array(fc.record({ row: fc.nat(1), peer: fc.nat(7), deed: fc.nat(3) }), { maxLength: 80 });

describe('seats', () => {
  it('everybody in view has one of their own, keeps it while there, and loses it by going even if unseen', () => {
    fc.assert(
      fc.property(steps, (deeds) => {
        const views = new Views();
        const seats = seatsFor(views.host, 2, views.view);
        // What the test believes: who sits where, and who has gone since the last look.
        const seated = [new Map<number, number>(), new Map<number, number>()];
        const away = [new Set<number>(), new Set<number>()];
        for (const row of [0, 1]) {
          views.host.row = row;
          expect(seats.begin()).toBe(0);
        }
        for (const { row, peer, deed } of deeds) {
          views.host.row = row;
          if (deed > 0) {
            if (views.sorted().includes(peer)) away[row].add(peer);
            views.toggle(peer);
            continue;
          }
          const left: number[] = [];
          const before = [...seated[row].keys()];
          seats.renew(
            (one, seat) => {
              expect(seated[row].get(one)).toBe(seat);
              seated[row].delete(one);
              left.push(one);
            },
            (one, seat) => {
              expect([...seated[row].values()]).not.toContain(seat);
              seated[row].set(one, seat);
            },
          );
          expect(new Set(left)).toEqual(new Set(before.filter((one) => away[row].has(one))));
          expect([...seated[row].keys()].sort((p, q) => p - q)).toEqual(views.sorted());
          for (const [one, seat] of seated[row]) {
            expect(seats.seatOf(one)).toBe(seat);
            expect(seats.peerOn(seat)).toBe(one);
            // Few seats: never more than were needed at once.
            expect(seat).toBeLessThan(8);
          }
          away[row].clear();
        }
      }),
    );
  });

  it('who went and came back between two looks has been away', () => {
    const views = new Views();
    const seats = seatsFor(views.host, 2, views.view);
    views.toggle(5);
    expect(seats.begin()).toBe(1);
    views.toggle(5);
    views.toggle(5);
    const seen: string[] = [];
    seats.renew(
      (peer) => seen.push(`${peer} goes`),
      (peer) => seen.push(`${peer} comes`),
    );
    expect(seen).toEqual(['5 goes', '5 comes']);
  });
});

describe('opinions of a view that changes', () => {
  it('the live and the gone are those of the view as it is now', () => {
    fc.assert(
      fc.property(steps, (deeds) => {
        const views = new Views();
        const held = new PeerOpinions(views.host, 2, views.view);
        const dead = [new Set<number>(), new Set<number>()];
        const listed = ({ count, at }: PeerView): number[] =>
          Array.from({ length: count() }, (_, index) => at(index));
        for (const { row, peer, deed } of deeds) {
          views.host.row = row;
          if (deed > 1) views.toggle(peer);
          else if (deed === 1) {
            held.set(peer, opinions.dead);
            dead[row].add(peer);
          } else {
            held.set(peer, opinions.alive);
            dead[row].delete(peer);
          }
          expect(listed(held.livePeers)).toEqual(views.sorted().filter((one) => !dead[row].has(one)));
          expect(listed(held.gonePeers)).toEqual(views.sorted().filter((one) => dead[row].has(one)));
        }
      }),
    );
  });

  it('a suspicion lapses when nobody watches, a verdict stands', () => {
    const views = new Views();
    const held = new PeerOpinions(views.host, 2, views.view);
    held.set(1, opinions.suspect);
    held.set(2, opinions.dead);
    held.lapse(1);
    held.lapse(2);
    expect([held.of(1), held.of(2)]).toEqual([opinions.alive, opinions.dead]);
  });
});

it('gaps of a peer that takes a seat are as at the beginning, also on a seat that is new', () => {
  const gaps = new ArrivalGaps(1, 4, 1000);
  gaps.begin(0, 1);
  const fresh = [gaps.meanUs(0, 0), gaps.deviationUs(0, 0)];
  for (let i = 0; i < 9; i++) gaps.add(0, 0, 5000 + i);
  gaps.anew(0, 3);
  expect([gaps.meanUs(0, 3), gaps.deviationUs(0, 3)]).toEqual(fresh);
  expect(gaps.meanUs(0, 0)).toBe(5006.5);
  gaps.anew(0, 0);
  expect([gaps.meanUs(0, 0), gaps.deviationUs(0, 0)]).toEqual(fresh);
  // Mean 1000, a quarter of it to either side.
  expect(fresh).toEqual([1000, 250]);
});
