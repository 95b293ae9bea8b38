/** One chair of several: who is due when, and whose a term is. Times in microseconds, a lease of 300. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Seat } from '../../src/core/parts/leadership.js';

const lease = 300;

function seat(rank: number, candidates: number, term: number, heardUs = 0, upSinceUs = 0): Seat {
  const made = new Seat(7, rank, candidates);
  made.start('state-lost', upSinceUs);
  made.learn(term, true, heardUs);
  made.heardUs = heardUs;
  return made;
}

describe('a seat', () => {
  it.each([
    // rank, candidates, term, heard at, due at without taking back
    [1, 2, 0, 1000, 1300],
    [1, 3, 0, 1000, 1300],
    [2, 3, 0, 1000, 1600],
    [0, 3, 1, 1000, 1600],
    [2, 3, 1, 1000, 1300],
    // A leader that forgot that it leads is the last in its own line.
    [0, 1, 0, 1000, 1300],
    [0, 3, 3, 1000, 1900],
  ])('rank %d of %d in term %d, last word at %d: due at %d', (rank, candidates, term, heardUs, dueUs) => {
    const candidate = seat(rank, candidates, term, heardUs);
    expect(candidate.isDue(dueUs - 1, lease, false)).toBe(false);
    expect(candidate.isDue(dueUs, lease, false)).toBe(true);
  });

  it('who is preferred takes the lead back when it has been up for a lease', () => {
    const preferred = seat(0, 3, 1, 1000, 900);
    expect(preferred.isDue(1199, lease, true)).toBe(false);
    expect(preferred.isDue(1200, lease, true)).toBe(true);
    expect(seat(2, 3, 1, 1000, 900).isDue(1200, lease, true)).toBe(false);
  });

  it('takes the next term that is its own, and no two candidates ever take the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(50), (candidates, term) => {
        const taken = Array.from({ length: candidates }, (_, rank) => {
          const candidate = seat(rank, candidates, term);
          candidate.claim(5000);
          expect(candidate.leads).toBe(true);
          expect(candidate.term % candidates).toBe(rank);
          expect(candidate.term).toBeGreaterThan(term);
          expect(candidate.term).toBeLessThanOrEqual(term + candidates);
          return candidate.term;
        });
        expect(new Set(taken).size).toBe(candidates);
      }),
    );
  });

  it('steps down for a higher term and for no other', () => {
    const leader = new Seat(7, 0, 2);
    leader.start('boot', 0);
    expect(leader.leads).toBe(true);
    expect(leader.learn(0, false, 10)).toBe(false);
    expect(leader.leads).toBe(true);
    expect(leader.learn(1, false, 20)).toBe(true);
    expect(leader.leads).toBe(false);
    expect(leader.learn(0, true, 30)).toBe(false);
    expect(leader.heardUs).toBe(20);
  });

  it('who keeps its state leads on, who lost it listens', () => {
    const leader = new Seat(7, 0, 2);
    leader.start('boot', 0);
    leader.start('state-kept', 500);
    expect(leader.leads).toBe(true);
    leader.start('state-lost', 900);
    expect(leader.leads).toBe(false);
  });
});
