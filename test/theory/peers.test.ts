/**
 * Peers that nodes choose, against what they should have chosen: the nearest by the latencies of the scenario, which the test knows and the
 * nodes have to measure; exact shares; and whether the result hangs together, by a second method (walks forward and back from one node).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/base/random.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { PeerBook } from '../../src/core/parts/peer-book.js';
import { atRandom, byRoundTrip, nearAndFar } from '../../src/core/parts/peer-choice.js';
import { largestStrongComponent } from '../../src/core/parts/strong-components.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function simulate(text: string, options?: SimulationOptions): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nmeasureEvery: 10s\n${text}`,
    fileName: 'peers.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

const everybody = (simulation: Simulation): number[] =>
  Array.from({ length: simulation.experiment.nodeCount }, (_, node) => node);

/** The nearest of all by the latency of the links, which no node is told. */
function trulyNearest(simulation: Simulation, node: number, count: number): number[] {
  const { latency } = simulation.experiment.network;
  const tripUs = (peer: number): number => latency.latencyUs(node, peer) + latency.latencyUs(peer, node);
  return everybody(simulation)
    .filter((peer) => peer !== node)
    .sort((p, q) => tripUs(p) - tripUs(q))
    .slice(0, count);
}

const spreadOut =
  'stopTime: 41s\nnodes: { count: 40 }\nnetwork: { latency: { distribution: lognormal, median: 40ms, sigma: 0.8 } }\n';
const quick = 'degree: 10, interval: 200ms, rebalanceEvery: 100, known: 64';

describe('what is chosen', () => {
  it('latency-aware: exactly the nearest, and those to whom one is among the nearest', () => {
    const simulation = simulate(`${spreadOut}peers: { type: latency-aware, ${quick} }\n`);
    const nearest = everybody(simulation).map((node) => trulyNearest(simulation, node, 10));
    for (const node of everybody(simulation)) {
      const callers = everybody(simulation).filter((peer) => nearest[peer].includes(node));
      expect(new Set(simulation.peersOf(node))).toEqual(new Set([...nearest[node], ...callers]));
    }
  });

  it('hybrid: the nearest four fifths, and others for the rest', () => {
    const simulation = simulate(`${spreadOut}peers: { type: hybrid, ${quick} }\n`);
    const near = everybody(simulation).map((node) => trulyNearest(simulation, node, 8));
    const rest: number[] = [];
    for (const node of everybody(simulation)) {
      const peers = simulation.peersOf(node);
      expect(new Set(peers).size).toBe(peers.length);
      expect(peers).not.toContain(node);
      expect(peers).toEqual(expect.arrayContaining(near[node]));
      rest.push(peers.filter((peer) => !near[node].includes(peer) && !near[peer].includes(node)).length);
    }
    // What nobody chose for being near was drawn: two of 31, by one or the other of each such pair.
    const pairs = everybody(simulation).map(
      (node) =>
        everybody(simulation).filter(
          (peer) => peer !== node && !near[node].includes(peer) && !near[peer].includes(node),
        ).length,
    );
    const chance = 1 - (1 - 2 / 31) ** 2;
    const expected = pairs.reduce((sum, count) => sum + count, 0) * chance;
    // Each pair counts at both ends.
    const deviation = Math.sqrt(2 * expected * (1 - chance));
    expect(Math.abs(rest.reduce((sum, count) => sum + count, 0) - expected)).toBeLessThan(4 * deviation);
  });

  it('random: everybody equally often', () => {
    const times = new Float64Array(40);
    for (let seed = 1; seed <= 10; seed++) {
      const simulation = simulate(`seed: ${seed}\n${spreadOut}peers: { type: random, ${quick} }\n`);
      for (const node of everybody(simulation)) for (const peer of simulation.peersOf(node)) times[peer]++;
    }
    // Ten that it chose itself, and of the 29 others each with chance 10/39, ten times over. Chi squared with 39 degrees of freedom.
    const mean = 10 * (10 + (29 * 10) / 39);
    const variance = 10 * 29 * (10 / 39) * (29 / 39);
    const chi = times.reduce((sum, count) => sum + (count - mean) ** 2 / variance, 0);
    expect(chi).toBeGreaterThan(39 - 4 * Math.sqrt(78));
    expect(chi).toBeLessThan(39 + 4 * Math.sqrt(78));
  });

  it('geographic: four fifths from the own region', () => {
    const simulation = simulate(
      'stopTime: 25s\nnodes: { groups: [{ id: eu, count: 20, region: eu }, { id: us, count: 20, region: us }] }\n' +
        `peers: { type: geographic, ${quick} }\n`,
    );
    let home = 0;
    let away = 0;
    for (const node of everybody(simulation)) {
      const near = simulation.peersOf(node).filter((peer) => peer < 20 === node < 20).length;
      expect(near).toBeGreaterThanOrEqual(8);
      expect(simulation.peersOf(node).length - near).toBeGreaterThanOrEqual(2);
      home += near;
      away += simulation.peersOf(node).length - near;
    }
    // Eight of 19 and two of 20, by one or the other.
    expect(Math.abs(home / (40 * 19) - (1 - (11 / 19) ** 2))).toBeLessThan(0.08);
    expect(Math.abs(away / (40 * 20) - (1 - (18 / 20) ** 2))).toBeLessThan(0.05);
  });

  it('geographic is refused where nobody is anywhere, and an unknown choice', () => {
    const load = (text: string) => () => simulate(`stopTime: 1s\nnodes: { count: 4 }\n${text}`);
    expect(load('peers: geographic\n')).toThrow(/without coordinates or regions/);
    expect(load('peers: nearest\n')).toThrow(/expected one of random, latency-aware, hybrid, geographic/);
  });
});

describe('when it is chosen', () => {
  it('anew in every hundredth round, and not in between', () => {
    const { experiment } = loadScenario({
      text: `version: 1\nmeasureEvery: 10s\n${spreadOut}peers: { type: latency-aware, degree: 10, interval: 100ms, known: 64 }\n`,
      fileName: 'peers.yaml',
      readFile: () => new Uint8Array(),
    });
    const simulation = new Simulation(experiment);
    simulation.begin();
    const rounds = new Int32Array(40);
    /** Rounds after which a node's own choice was another one than before: what it asks with the word "chosen". */
    const changes = new Set<number>();
    const asked = everybody(simulation).map(() => new Set<number>());
    let before = '';
    simulation.listener = {
      timer: (_timeUs, node) => {
        if (node !== 0) return void rounds[node]++;
        const now = [...asked[0]].sort((p, q) => p - q).join();
        if (rounds[0] > 1 && now !== before) changes.add(rounds[0]);
        before = now;
        asked[0].clear();
        rounds[0]++;
      },
      sent: (_timeUs, { from, to, kind, b }) => {
        if (kind === 0 && b === 1) asked[from].add(to);
      },
    };
    while (simulation.advance(1 << 16));
    const { peers } = resultOf(simulation);
    const expected = rounds.reduce((sum, count) => sum + Math.floor(count / 100), 0);
    // 410 rounds and one more or less.
    expect(Math.min(...rounds)).toBeGreaterThan(400);
    expect(peers?.counters.rebalances).toBe(expected);
    expect(expected).toBe(40 * 4);
    // From random ones to the nearest at the hundredth; the nearest stay the nearest.
    expect([...changes]).toEqual([100]);
  });

  it('nobody whom a node ignores: a liar is talked to by none of those that found it out', () => {
    const text =
      // Few enough that everybody would be chosen.
      'stopTime: 20s\nnodes: { count: 8 }\nnetwork: { latency: 20ms }\nreputation: { blacklistAfter: 1 }\n' +
      'peers: { type: random, degree: 7, interval: 200ms, rebalanceEvery: 10 }\n' +
      'workload:\n  - { broadcast: {}, every: 500ms, deadline: 1s }\n' +
      'adversaries:\n  - { forge-pattern: { nodes: { ids: [node-3] }, knowledge: blind } }\n';
    const accusers = new Set<number>();
    const simulation = simulate(text, {
      listener: {
        reported: (_timeUs, node, kind, _body, subject) => {
          if (kind === reportKinds.accused && subject === 3) accusers.add(node);
        },
      },
    });
    expect(accusers.size).toBe(7);
    for (const node of accusers) {
      expect(simulation.peersOf(node)).not.toContain(3);
      expect(simulation.peersOf(node)).toHaveLength(6);
    }
  });
});

describe('what comes of it', () => {
  const regions = (type: string): string =>
    'stopTime: 60s\nnodes: { groups: [{ id: eu, count: 25, region: eu }, { id: us, count: 25, region: us }] }\n' +
    'network: { latency: { from: regions, table: { eu: { eu: 5ms, us: 80ms }, us: { us: 5ms } } } }\n' +
    `peers: { type: ${type}, degree: 8, interval: 200ms, rebalanceEvery: 100 }\n`;

  it('nearest only: every region keeps to itself, and messages stay there', () => {
    const text = `${regions('latency-aware')}workload:\n  - { broadcast: { nodes: { count: 10 } }, every: 1s, from: 30s, deadline: 2s }\n`;
    const result = resultOf(simulate(text));
    expect(result.peers?.connectedShare).toBe(0.5);
    expect(result.peers?.peerRttMs).toBe(10);
    // 24 of 49 others.
    expect(result.metrics.deliveryRatio).toBeCloseTo(24 / 49, 10);
  });

  it('with a fifth at random it is in one piece, at a little more distance', () => {
    const { peers } = resultOf(simulate(regions('hybrid')));
    expect(peers?.connectedShare).toBe(1);
    // Of 24 at home six for being near, and two of all others; a pair is linked when one of the two has chosen.
    const linked = (chance: number): number => 1 - (1 - chance) ** 2;
    const home = 24 * linked(6 / 24 + ((18 / 24) * 2) / 43);
    const away = 25 * linked(2 / 43);
    const expected = (home * 10 + away * 160) / (home + away);
    // Fifty times `away` links, each pair at both ends, vary by about a tenth.
    expect(Math.abs((peers?.peerRttMs ?? 0) - expected)).toBeLessThan(0.4 * (expected - 10));
    expect(peers?.anyRttMs).toBeCloseTo((24 * 10 + 25 * 160) / 49, 9);
  });

  it('random peers are as far as anybody', () => {
    const { peers } = resultOf(simulate(regions('random')));
    expect(Math.abs((peers?.peerRttMs ?? 0) - (peers?.anyRttMs ?? 0))).toBeLessThan(
      (4 * 75) / Math.sqrt(400),
    );
  });
});

describe('who is known', () => {
  it('from three bootstrap nodes everybody finds enough others', () => {
    const at = (stopTime: string) =>
      resultOf(
        simulate(
          `stopTime: ${stopTime}\nnodes: { count: 60 }\npeers: { type: random, seeds: 3, degree: 8, interval: 500ms, rebalanceEvery: 20 }\n`,
        ),
      ).peers;
    expect(at('1ms')?.degree.max).toBe(3);
    expect(at('30s')?.degree.min).toBeGreaterThanOrEqual(8);
    expect(at('30s')?.connectedShare).toBe(1);
  });

  it('the dead are struck out when their time is up, and not before', () => {
    const at = (stopTime: string): number | undefined =>
      resultOf(
        simulate(
          `stopTime: ${stopTime}\nnodes: { count: 30 }\npeers: { type: random, degree: 8, interval: 500ms, staleAfter: 5s, rebalanceEvery: 1000 }\n` +
            'faults:\n  - { crash: { nodes: { count: 6 } }, at: 10s }\n',
        ),
      ).peers?.deadPeers;
    // 24 nodes with 8 peers of their choice each, of whom 6 in 29 are dead; those who had chosen them are forgotten after three rounds.
    const pending = at('14s') ?? 0;
    expect(Math.abs(pending - (24 * 8 * 6) / 29)).toBeLessThan(4 * Math.sqrt(24 * 8 * (6 / 29) * (23 / 29)));
    expect(at('12s')).toBe(pending);
    expect(at('40s')).toBe(0);
  });

  it('who leaves in good order says farewell, and is gone from every view when that has arrived', () => {
    const views = (stopTime: string): boolean => {
      const simulation = simulate(
        `stopTime: ${stopTime}\nnodes: { count: 30 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 8, interval: 500ms }\n` +
          'faults:\n  - { leave: { nodes: { ids: [node-7] } }, at: 10s }\n',
      );
      return everybody(simulation).some((node) => node !== 7 && simulation.peersOf(node).includes(7));
    };
    expect(views('10.019s')).toBe(true);
    expect(views('10.021s')).toBe(false);
  });

  it('gaps are filled before the next choice', () => {
    const simulation = simulate(
      'stopTime: 30s\nnodes: { count: 30 }\npeers: { type: random, degree: 5, interval: 500ms, staleAfter: 5s, rebalanceEvery: 1000 }\n' +
        'faults:\n  - { crash: { nodes: { count: 15 } }, at: 10s }\n',
    );
    // About half of everybody's five are dead; nobody has chosen anew, and all have five again.
    expect(resultOf(simulation).peers).toMatchObject({ deadPeers: 0, counters: { rebalances: 0 } });
    expect(resultOf(simulation).peers?.degree.min).toBeGreaterThanOrEqual(5);
  });

  it('nobody whom the topology does not let it reach', () => {
    const simulation = simulate(
      'stopTime: 20s\nnodes: { count: 30 }\ntopology: { type: ring-lattice, k: 8 }\npeers: { type: random, degree: 6, interval: 200ms, rebalanceEvery: 5 }\n',
    );
    for (const node of everybody(simulation)) {
      for (const peer of simulation.peersOf(node)) {
        const around = Math.abs(peer - node);
        expect(Math.min(around, 30 - around)).toBeLessThanOrEqual(4);
      }
      // And all whom it may know are known in the end: those that it did not choose have chosen it, or have not.
      expect(simulation.peersOf(node).length).toBeGreaterThanOrEqual(6);
    }
  });

  it("what was asked before a crash is nobody's silence", () => {
    const simulation = simulate(
      'stopTime: 70s\nnodes: { count: 12 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 4, interval: 200ms, staleAfter: 5s }\n' +
        'faults:\n  - { crash: { nodes: { share: 1 }, restartAfter: 20s, state: keep, maxDown: 1 }, at: 20s }\n',
    );
    expect(resultOf(simulation).peers?.counters.pruned).toBe(0);
    expect(resultOf(simulation).peers?.degree.min).toBeGreaterThanOrEqual(4);
  });

  it('a full book strikes out whoever was heard longest ago and is not in use', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ peer: fc.nat(11), deed: fc.nat(3) }), { maxLength: 120 }), (deeds) => {
        const book = new PeerBook(99, 5);
        const heardAt = new Map<number, number>();
        const isInUse = (peer: number): boolean => peer < 3;
        deeds.forEach(({ peer, deed }, index) => {
          const nowUs = 10 * (index + 1);
          if (deed === 0 && heardAt.has(peer)) {
            book.answered(peer, 0, nowUs);
            heardAt.set(peer, nowUs);
          } else if (deed === 1) {
            book.bury(peer, 0);
            heardAt.delete(peer);
          } else if (deed > 1 && !heardAt.has(peer)) {
            const idle = [...heardAt].filter(([other]) => !isInUse(other)).sort((p, q) => p[1] - q[1]);
            const isFull = heardAt.size >= 5;
            expect(book.register(peer, nowUs, false, isInUse)).toBe(!isFull || idle.length > 0);
            if (isFull && idle.length > 0) heardAt.delete(idle[0][0]);
            if (!isFull || idle.length > 0) heardAt.set(peer, nowUs);
          }
          expect([...book.values()].map(({ address }) => address).sort((p, q) => p - q)).toEqual(
            [...heardAt.keys()].sort((p, q) => p - q),
          );
        });
      }),
    );
  });

  it('as many of the dead are remembered as of the living, and the first is asked first', () => {
    const book = new PeerBook(0, 2);
    expect(book.longestBuried(1000)).toBe(-1);
    book.bury(1, 100);
    book.bury(2, 200);
    expect(book.longestBuried(99)).toBe(-1);
    expect(book.longestBuried(100)).toBe(1);
    book.bury(1, 300);
    expect(book.longestBuried(1000)).toBe(2);
    book.bury(3, 400);
    // 2 made room: whoever tells of it is believed.
    expect(book.longestBuried(1000)).toBe(1);
    expect(book.register(2, 0, true, () => false)).toBe(true);
    expect(book.register(3, 0, true, () => false)).toBe(false);
  });

  it('round trips are smoothed as in RFC 6298', () => {
    const book = new PeerBook(0, 4);
    book.register(1, 0, false, () => false);
    const trips = [100, 180, 100, 20];
    let expected = 100;
    trips.forEach((trip, question) => {
      const peer = book.get(1);
      if (peer === undefined) throw new Error('registered');
      book.asked(peer, question, question * 1000);
      expect(book.answered(1, question - 1, question * 1000 + 1)).toBe(false);
      expect(book.answered(1, question, question * 1000 + trip)).toBe(true);
      if (question > 0) expected = (7 * expected + trip) / 8;
      expect(peer.roundTripUs).toBeCloseTo(expected, 10);
    });
    expect(book.get(1)).toMatchObject({ minUs: 20, maxUs: 180, silentSinceUs: -1 });
  });

  it('a book refuses oneself and doubles, is bounded, and believes no hearsay about the silent', () => {
    const book = new PeerBook(0, 2);
    const register = (address: number, nowUs: number, isHearsay = false): boolean =>
      book.register(address, nowUs, isHearsay, (other) => other === 1);
    expect(register(0, 0)).toBe(false);
    expect(register(1, 0)).toBe(true);
    expect(register(1, 0)).toBe(false);
    expect(register(2, 5)).toBe(true);
    // 1 is in use, so 2 makes room.
    expect(register(3, 9)).toBe(true);
    expect([...book.values()].map(({ address }) => address)).toEqual([1, 3]);
    const silent = book.get(3);
    if (silent === undefined) throw new Error('registered');
    book.asked(silent, 0, 100);
    book.asked(silent, 1, 200);
    expect(book.prune(1100, 1000)).toEqual([]);
    expect(book.prune(1101, 1000)).toEqual([3]);
    expect(register(3, 1500, true)).toBe(false);
    expect(register(3, 1500)).toBe(true);
  });
});

describe('laws', () => {
  it.each(['random', 'latency-aware', 'hybrid', 'geographic'])(
    'N populations of one are one of N: %s',
    (type) => {
      const text =
        'stopTime: 20s\nnodes: { groups: [{ id: eu, count: 8, region: eu }, { id: us, count: 8, region: us }] }\n' +
        `network: { latency: 20ms, jitter: 15ms, loss: 0.05 }\npeers: { type: ${type}, degree: 4, seeds: 2, interval: 200ms, rebalanceEvery: 10, staleAfter: 2s }\n` +
        'workload:\n  - { broadcast: {}, every: 1s, deadline: 1s }\n' +
        'faults:\n  - { crash: { nodes: { count: 4 }, restartAfter: 5s, state: lose }, at: 6s }\n  - { crash: { nodes: { count: 2 }, restartAfter: 5s, state: keep }, at: 9s }\n';
      const shared = simulate(text);
      const single = simulate(text, { populations: 'single' });
      expect(resultOf(single)).toEqual(resultOf(shared));
      for (const node of everybody(shared)) expect(single.peersOf(node)).toEqual(shared.peersOf(node));
    },
  );

  it('a choice has nobody twice, nobody unknown, and as many as there are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(50), { maxLength: 20 }),
        fc.nat(25),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (addresses, wanted, share, seed) => {
          const candidates = addresses.map((address) => ({
            address,
            roundTripUs: address % 3 === 0 ? -1 : address * 10,
          }));
          for (const choose of [atRandom, nearAndFar(share, byRoundTrip)]) {
            const chosen = choose(candidates, wanted, RandomStream.named(seed, 'test')).map(
              (one) => one.address,
            );
            expect(new Set(chosen).size).toBe(chosen.length);
            expect(chosen.length).toBe(Math.min(wanted, addresses.length));
            expect(addresses).toEqual(expect.arrayContaining(chosen));
          }
        },
      ),
    );
  });

  it('strong components agree with walks forward and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 }),
        (count, pairs) => {
          const arcs = Array.from({ length: count }, (): number[] => []);
          for (const [from, to] of pairs) arcs[from % count].push(to % count);
          const reach = (start: number): Set<number> => {
            const seen = new Set([start]);
            for (const node of seen) for (const to of arcs[node]) seen.add(to);
            return seen;
          };
          const reached = arcs.map((_, node) => reach(node));
          const sizes = arcs.map(
            (_, p) => arcs.filter((__, q) => reached[p].has(q) && reached[q].has(p)).length,
          );
          expect(largestStrongComponent(arcs)).toBe(Math.max(...sizes));
        },
      ),
    );
  });
});
