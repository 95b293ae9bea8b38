/** Scores of peers against the formula of the gossipsub v1.1 specification, worked out by hand with the weights of the authors' test plans. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerScores } from '../../src/core/parts/peer-scores.js';

const second = 1_000_000;
const settings = { activationUs: 60 * second, deliveriesExpected: 10 };

/** A peer that joined at time 0 and did this. */
function scoreOf(did: (scores: PeerScores) => void, atS = 0): number {
  const scores = new PeerScores(1, settings);
  did(scores);
  return scores.of(0, 7, atS * second);
}

const bring = (scores: PeerScores, count: number): void => {
  for (let i = 0; i < count; i++) scores.brought(0, 7, true);
};

describe('a score', () => {
  it.each<[string, number, (scores: PeerScores) => void, number]>([
    ['nothing is known', 9, () => undefined, 0],
    ['P1: 30 whole seconds in the mesh', 30.9, (s) => s.joined(0, 7, 0), 0.25 * 0.0027 * 30],
    [
      'P1 ends at an hour; P3 at its worst',
      9000,
      (s) => s.joined(0, 7, 0),
      0.25 * (0.0027 * 3600 - 0.25 * 100),
    ],
    ['P2: three firsts, not in the mesh', 99, (s) => bring(s, 3), 0.25 * 0.664 * 3],
    ['P2 ends at 1,500', 0, (s) => bring(s, 1501), 0.25 * 0.664 * 1500],
    [
      'P3: 4 of 10, a moment too early',
      60,
      (s) => {
        s.joined(0, 7, 0);
        for (let i = 0; i < 4; i++) s.brought(0, 7, false);
      },
      0.25 * 0.0027 * 60,
    ],
    [
      'P3: 4 of 10',
      61,
      (s) => {
        s.joined(0, 7, 0);
        for (let i = 0; i < 4; i++) s.brought(0, 7, false);
      },
      0.25 * (0.0027 * 61 - 0.25 * 36),
    ],
    [
      'P3: 10 of 10',
      61,
      (s) => {
        s.joined(0, 7, 0);
        bring(s, 10);
      },
      0.25 * (0.0027 * 61 + 0.664 * 10),
    ],
    [
      'P3b: sent away with 4 of 10',
      500,
      (s) => {
        s.joined(0, 7, 0);
        for (let i = 0; i < 4; i++) s.brought(0, 7, false);
        s.left(0, 7, 61 * second);
      },
      0.25 * -0.25 * 36,
    ],
    [
      'P4: three times wrong',
      0,
      (s) => {
        for (let i = 0; i < 3; i++) s.broughtInvalid(0, 7);
      },
      0.25 * -99 * 9,
    ],
  ])('%s', (_name, atS, did, expected) => {
    expect(scoreOf(did, atS)).toBeCloseTo(expected, 9);
  });

  it('fades heartbeat by heartbeat, and what is nearly nothing is nothing', () => {
    expect(scoreOf((s) => (bring(s, 2), s.decay(0)))).toBeCloseTo(0.25 * 0.664 * 2 * 0.9916, 9);
    // 0.9916^k < 0.01 from k = 546 on.
    const after = (beats: number): number =>
      scoreOf((s) => {
        bring(s, 1);
        for (let i = 0; i < beats; i++) s.decay(0);
      });
    expect(after(545)).toBeGreaterThan(0);
    expect(after(546)).toBe(0);
  });

  it('the quick question has the answer of the slow one', () => {
    const act = fc.tuple(fc.constantFrom('joined', 'left', 'first', 'copy', 'invalid', 'decay'), fc.nat(2));
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 60 }),
        fc.constantFrom(0, -5, -4000),
        fc.constantFrom(10, 400),
        (acts, limit, expected) => {
          const scores = new PeerScores(1, { activationUs: 2 * second, deliveriesExpected: expected });
          acts.forEach(([what, peer], index) => {
            const nowUs = index * second;
            if (what === 'joined') scores.joined(0, peer, nowUs);
            else if (what === 'left') scores.left(0, peer, nowUs);
            else if (what === 'invalid') scores.broughtInvalid(0, peer);
            else if (what === 'decay') scores.decay(0);
            else scores.brought(0, peer, what === 'first');
            for (let other = 0; other < 3; other++)
              expect(scores.isBelow(0, other, limit, nowUs)).toBe(scores.of(0, other, nowUs) < limit);
          });
        },
      ),
    );
  });
});
