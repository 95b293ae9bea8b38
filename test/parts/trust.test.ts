/** The state machines of trust: token bucket, replay window, reputation, each against a second method or its own law. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayWindow } from '../../src/core/parts/replay-window.js';
import { Reputation, reputationDeltas } from '../../src/core/parts/reputation.js';
import { TokenBucket } from '../../src/core/parts/token-bucket.js';

describe('token bucket', () => {
  it('passes exactly min(offered, burst + rate * t) from a full bucket', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 20 }),
        (rate, burst, offers, perOffer) => {
          const bucket = new TokenBucket(rate, burst);
          let passed = 0;
          let offered = 0;
          // Offers every 100 us, `perOffer` at a time: at no moment can more pass than were offered.
          let expected = 0;
          let creditMillionths = burst * 1_000_000;
          for (let i = 0; i < offers; i++) {
            for (let j = 0; j < perOffer; j++) if (bucket.take(i * 100)) passed++;
            offered += perOffer;
            // Second method: the fluid that came in and never ran over, cut into tokens.
            if (i > 0) creditMillionths = Math.min(burst * 1_000_000, creditMillionths + 100 * rate);
            const now = Math.min(perOffer, Math.floor(creditMillionths / 1_000_000));
            creditMillionths -= now * 1_000_000;
            expected += now;
          }
          expect(passed).toBe(expected);
          expect(passed).toBeLessThanOrEqual(offered);
          expect(passed).toBeLessThanOrEqual(burst + (rate * Math.max(0, offers - 1) * 100) / 1e6);
        },
      ),
    );
  });

  it('under steady demand lets floor(burst + rate * t) through', () => {
    const bucket = new TokenBucket(1000, 10);
    let passed = 0;
    for (let us = 0; us <= 1_000_000; us += 250) if (bucket.take(us)) passed++;
    expect(passed).toBe(1010);
  });

  it('less than it allows passes whole, and rest beyond the burst is lost', () => {
    const bucket = new TokenBucket(10, 5);
    for (let s = 0; s < 20; s++) expect(bucket.take(s * 200_000)).toBe(true);
    let passed = 0;
    for (let i = 0; i < 100; i++) if (bucket.take(3_600_000_000)) passed++;
    expect(passed).toBe(5);
  });
});

describe('replay window', () => {
  it('is a map of everything within the window', () => {
    const message = fc.record({ number: fc.nat(60), digest: fc.nat(2), accepts: fc.boolean() });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.array(message, { maxLength: 120 }),
        (size, messages) => {
          const window = new ReplayWindow(size);
          const all = new Map<number, number>();
          let highest = -1;
          for (const { number, digest, accepts } of messages) {
            const known = number > highest - size ? all.get(number) : undefined;
            const expected =
              number <= highest - size
                ? 'seen'
                : known === undefined
                  ? 'fresh'
                  : known === digest
                    ? 'seen'
                    : 'conflict';
            expect(window.look(number, digest)).toBe(expected);
            if (!accepts || expected !== 'fresh') continue;
            window.accept(number, digest);
            all.set(number, digest);
            highest = Math.max(highest, number);
          }
        },
      ),
    );
  });
});

describe('reputation', () => {
  const settings = {
    start: 1,
    ignoreBelow: 0.5,
    pardonFrom: 0.7,
    recoveryPerSecond: 0.001,
    blacklistAfter: 2,
  };

  it('three bad signatures in a row are enough, two are not', () => {
    const reputation = new Reputation(settings, 0);
    expect(reputation.note('bad-signature', 0)).toBe('unchanged');
    expect(reputation.note('bad-signature', 0)).toBe('unchanged');
    expect(reputation.note('bad-signature', 0)).toBe('accused');
    expect(reputation.isIgnored).toBe(true);
  });

  it('comes back slowly, and not for ever', () => {
    const reputation = new Reputation(settings, 0);
    for (let i = 0; i < 3; i++) reputation.note('bad-signature', 0);
    expect(reputation.at(299_000_000)).toBe('unchanged');
    expect(reputation.at(301_000_000)).toBe('pardoned');
    for (let i = 0; i < 2; i++) reputation.note('bad-signature', 301_000_000);
    expect(reputation.isIgnored).toBe(true);
    expect(reputation.isBlacklisted).toBe(true);
    expect(reputation.at(1e12)).toBe('unchanged');
    expect(reputation.isIgnored).toBe(true);
  });

  it('stays within 0 and 1, and good messages alone never accuse', () => {
    const evidence = fc.constantFrom(...(Object.keys(reputationDeltas) as (keyof typeof reputationDeltas)[]));
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 60 }), (all) => {
        const reputation = new Reputation(settings, 0);
        all.forEach((one, i) => reputation.note(one, i * 1000));
        expect(reputation.score).toBeGreaterThanOrEqual(0);
        expect(reputation.score).toBeLessThanOrEqual(1);
        if (all.every((one) => one === 'good-message')) expect(reputation.isIgnored).toBe(false);
      }),
    );
  });
});
