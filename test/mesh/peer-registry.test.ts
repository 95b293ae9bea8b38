import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/mesh/clock.js';
import { PeerRegistry } from '../../src/core/mesh/peer-registry.js';
import { RoundTrips } from '../../src/core/parts/round-trips.js';

const idsOf = (peers: readonly { readonly peerId: string }[]): string[] => peers.map(({ peerId }) => peerId);

function registryOf(count: number, clock = new ManualClock(1000)): PeerRegistry {
  const registry = new PeerRegistry('own', { clock });
  for (let i = 0; i < count; i++) registry.registerPeer({ peerId: `peer-${i}` });
  return registry;
}

describe('whom a registry knows', () => {
  it('everybody once, never the node itself, and no more than there is room for', () => {
    const registry = new PeerRegistry('own', { maxPeers: 2, clock: new ManualClock(5000) });
    expect(registry.registerPeer({ peerId: 'own' })).toBe(false);
    expect(registry.registerPeer({ peerId: 'a', address: '::1', publicKey: 'k', region: 'eu' })).toBe(true);
    expect(registry.registerPeer({ peerId: 'a', region: 'us' })).toBe(false);
    expect(registry.registerPeer({ peerId: 'b' })).toBe(true);
    expect(registry.registerPeer({ peerId: 'c' })).toBe(false);
    expect(registry.getPeer('a')).toEqual({
      peerId: 'a',
      address: '::1',
      publicKey: 'k',
      region: 'eu',
      lastSeen: 5000,
      reputation: 1,
      isIgnored: false,
      latency: null,
    });
    expect(registry.removePeer('a')).toBe(true);
    expect(registry.removePeer('a')).toBe(false);
    expect(idsOf(registry.peers())).toEqual(['b']);
    expect(registry.getPeer('a')).toBeUndefined();
  });

  it('who was not heard for longer than 30 s is forgotten, and counted', () => {
    const clock = new ManualClock();
    const registry = registryOf(3, clock);
    clock.advance(20_000);
    expect(registry.heard('peer-1')).toBe(true);
    expect(registry.heard('nobody')).toBe(false);
    clock.advance(10_000);
    expect(registry.pruneStalePeers()).toBe(0);
    clock.advance(1);
    expect(registry.pruneStalePeers()).toBe(2);
    expect(idsOf(registry.peers())).toEqual(['peer-1']);
    expect(registry.getPeer('peer-1')?.lastSeen).toBe(20_000);
    clock.advance(5000);
    expect(registry.pruneStalePeers(15_000)).toBe(1);
  });

  it('is a list and a map that agree, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.nat(6), deed: fc.nat(2) }), { maxLength: 60 }), (deeds) => {
        const registry = registryOf(0);
        const known = new Set<string>();
        for (const { id, deed } of deeds) {
          const peerId = `peer-${id}`;
          if (deed === 0) {
            expect(registry.registerPeer({ peerId })).toBe(!known.has(peerId));
            known.add(peerId);
          } else if (deed === 1) expect(registry.removePeer(peerId)).toBe(known.delete(peerId));
          else
            expect(new Set(idsOf(registry.getRandomPeers(id)))).toHaveProperty(
              'size',
              Math.min(id, known.size),
            );
          expect(registry.size).toBe(known.size);
          expect(new Set(idsOf(registry.peers()))).toEqual(known);
          for (const one of known) expect(registry.getPeer(one)?.peerId).toBe(one);
        }
      }),
    );
  });
});

describe('whom it hands out', () => {
  it('random ones: different, all equally often, and the same for the same seed', () => {
    const times = new Map<string, number>();
    const registry = registryOf(20);
    const again = registryOf(20);
    for (let i = 0; i < 4000; i++) {
      const drawn = idsOf(registry.getRandomPeers(5));
      expect(new Set(drawn).size).toBe(5);
      if (i < 50) expect(idsOf(again.getRandomPeers(5))).toEqual(drawn);
      for (const peerId of drawn) times.set(peerId, (times.get(peerId) ?? 0) + 1);
    }
    // Each in a quarter of 4000: chi squared with 19 degrees of freedom, four deviations.
    const chi = [...times.values()].reduce(
      (sum, count) => sum + (count - 1000) ** 2 / (4000 * 0.25 * 0.75),
      0,
    );
    expect(times.size).toBe(20);
    expect(chi).toBeLessThan(19 + 4 * Math.sqrt(38));
    expect(registry.getRandomPeers(50)).toHaveLength(20);
    expect(registry.getRandomPeers(0)).toEqual([]);
  });

  it('the nearest by smoothed round trip, of those that were measured', () => {
    const registry = registryOf(5);
    registry.recordLatency('peer-0', 80);
    registry.recordLatency('peer-1', 20);
    registry.recordLatency('peer-3', 40);
    // 20 -> 20 + (200 - 20) / 8 = 42.5: behind peer-3 now.
    expect(idsOf(registry.getNearestPeers(2))).toEqual(['peer-1', 'peer-3']);
    registry.recordLatency('peer-1', 200);
    expect(idsOf(registry.getNearestPeers(9))).toEqual(['peer-3', 'peer-1', 'peer-0']);
    expect(registry.getPeer('peer-1')?.latency).toBe(42.5);
    expect(registry.recordLatency('nobody', 1)).toBe(false);
  });

  it('nobody whose reputation is below 0.5, until time has healed it to 0.7; the third time for good', () => {
    const clock = new ManualClock();
    const registry = registryOf(2, clock);
    for (const peerId of ['peer-0', 'peer-1']) registry.recordLatency(peerId, 10);
    expect(registry.updateReputation('peer-0', -0.5)).toBe(0.5);
    expect(registry.getRandomPeers(2)).toHaveLength(2);
    expect(registry.updateReputation('peer-0', -0.1)).toBeCloseTo(0.4, 12);
    expect(idsOf(registry.getRandomPeers(2))).toEqual(['peer-1']);
    expect(idsOf(registry.getNearestPeers(2))).toEqual(['peer-1']);
    // 0.001 a second: 0.3 in 300 s.
    clock.advance(299_000);
    expect(registry.getPeer('peer-0')?.isIgnored).toBe(true);
    clock.advance(2000);
    expect(registry.getPeer('peer-0')?.isIgnored).toBe(false);
    expect(registry.getRandomPeers(2)).toHaveLength(2);
    for (let times = 0; times < 2; times++) {
      clock.advance(1e6);
      registry.updateReputation('peer-0', -1);
    }
    clock.advance(1e8);
    expect(registry.getPeer('peer-0')).toMatchObject({ reputation: 1, isIgnored: true });
    expect(registry.updateReputation('peer-1', 1)).toBe(1);
    expect(registry.updateReputation('peer-1', -1)).toBe(0);
    expect(registry.updateReputation('nobody', -1)).toBeUndefined();
  });

  it('refuses what is no number of its kind', () => {
    const refused = expect.objectContaining({ code: 'invalid-value' }) as Error;
    const registry = registryOf(1);
    expect(() => registry.getRandomPeers(1.5)).toThrow(refused);
    expect(() => registry.getNearestPeers(-1)).toThrow(refused);
    expect(() => registry.updateReputation('peer-0', NaN)).toThrow(refused);
    expect(() => registry.recordLatency('peer-0', -1)).toThrow(refused);
    expect(() => registry.pruneStalePeers(NaN)).toThrow(refused);
    expect(() => new PeerRegistry('a', { startReputation: 2 })).toThrow(refused);
    expect(() => new PeerRegistry('a', { maxPeers: 0 })).toThrow(refused);
    expect(() => new PeerRegistry('a', { seed: -1 })).toThrow(refused);
  });
});

describe('round trips', () => {
  it('are summed up over the latest hundred, by sorting them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000_000), { minLength: 1, maxLength: 250 }), (trips) => {
        const held = new RoundTrips();
        let smoothed = trips[0];
        trips.forEach((us, index) => {
          held.add(us);
          if (index > 0) smoothed = (7 * smoothed + us) / 8;
        });
        const sorted = trips.slice(-100).sort((p, q) => p - q);
        const figures = held.figures;
        if (figures === undefined) throw new Error('something was measured');
        expect(figures).toMatchObject({
          currentUs: trips[trips.length - 1],
          minUs: sorted[0],
          maxUs: sorted[sorted.length - 1],
          count: sorted.length,
        });
        // At least 99 % are no longer, and fewer than that are shorter.
        const share = (test: (us: number) => boolean): number => sorted.filter(test).length / sorted.length;
        expect(share((us) => us <= figures.p99Us)).toBeGreaterThanOrEqual(0.99);
        expect(share((us) => us < figures.p99Us)).toBeLessThan(0.99);
        expect(figures.meanUs).toBeCloseTo(sorted.reduce((sum, us) => sum + us, 0) / sorted.length, 6);
        expect(figures.smoothedUs).toBeCloseTo(smoothed, 3);
      }),
    );
    expect(new RoundTrips().figures).toBeUndefined();
  });
});
