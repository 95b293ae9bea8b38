/**
 * What a member of a mesh thinks of its link peers, from nothing but what they brought: a reward for time in the mesh (P1) and for news
 * that came from them first (P2), a penalty for bringing less than they should (P3), which stays for a while when they were sent away for
 * it (P3b), and a heavy one for what was wrong (P4). Below zero nobody stays in a mesh.
 *
 * D. Vyzovitis, Y. Napora, D. McCormick, D. Dias, Y. Psaras, "GossipSub: Attack-Resilient Message Propagation in the Filecoin and ETH2.0
 * Networks", arXiv 2007.02754, 2020. The formula is that of the specification of gossipsub v1.1, for one topic; the weights are those of
 * the authors' test plans (libp2p/gossipsub-hardening). Left out: the application's opinion (P5), shared addresses (P6), misbehaviour (P7).
 */

const topicWeight = 0.25;
const weights = {
  timeInMesh: 0.0027,
  firstDeliveries: 0.664,
  deficit: -0.25,
  failures: -0.25,
  invalid: -99,
} as const;
/** What is left of a counter after each heartbeat; below `decayToZero` nothing is. */
const decays = { firstDeliveries: 0.9916, meshDeliveries: 0.997, failures: 0.997, invalid: 0.9994 } as const;
const decayToZero = 0.01;
/** The first in seconds. */
const caps = { timeInMesh: 3600, firstDeliveries: 1500, meshDeliveries: 400 } as const;

/** Whom the node tells of no news, whom it does not give its own messages, and whom it does not hear at all: scores below these. */
export const scoreThresholds = { gossip: -4000, publish: -5000, graylist: -10_000 } as const;

export interface ScoreSettings {
  /** How long a peer is in the mesh before it is asked what it brings. */
  readonly activationUs: number;
  /** Below so many deliveries, decayed, it brings too little. */
  readonly deliveriesExpected: number;
}

interface Conduct {
  /** When the peer came into the mesh; -1 while it is not there. */
  sinceUs: number;
  firstDeliveries: number;
  meshDeliveries: number;
  failures: number;
  invalid: number;
}

export class PeerScores {
  readonly #rows: (Map<number, Conduct> | undefined)[];
  /** 1 for rows that hold anything against anybody but a deficit of the moment. */
  readonly #isMarked: Uint8Array;
  /** The most that a deficit of the moment takes. */
  readonly #deficitFloor: number;

  constructor(
    rows: number,
    private readonly settings: ScoreSettings,
  ) {
    this.#rows = new Array<Map<number, Conduct> | undefined>(rows);
    this.#isMarked = new Uint8Array(rows);
    const { deliveriesExpected } = settings;
    this.#deficitFloor = topicWeight * weights.deficit * deliveriesExpected * deliveriesExpected;
  }

  /** A peer of whom nothing is known has 0. */
  of(row: number, peer: number, nowUs: number): number {
    const conduct = this.#rows[row]?.get(peer);
    if (conduct === undefined) return 0;
    const { sinceUs, firstDeliveries, failures, invalid } = conduct;
    const timeInMesh = sinceUs < 0 ? 0 : Math.min(Math.floor((nowUs - sinceUs) / 1e6), caps.timeInMesh);
    const deficit = this.#deficit(conduct, nowUs);
    return (
      topicWeight *
      (weights.timeInMesh * timeInMesh +
        weights.firstDeliveries * firstDeliveries +
        weights.deficit * deficit * deficit +
        weights.failures * failures +
        weights.invalid * invalid * invalid)
    );
  }

  /** Is the score below this, which is at most 0? Quick where nobody did wrong. */
  isBelow(row: number, peer: number, threshold: number, nowUs: number): boolean {
    if (this.#isMarked[row] === 0 && this.#deficitFloor >= threshold) return false;
    return this.of(row, peer, nowUs) < threshold;
  }

  joined(row: number, peer: number, nowUs: number): void {
    this.#conduct(row, peer).sinceUs = nowUs;
  }

  /** The peer is out of the mesh; what it owed stays on record. */
  left(row: number, peer: number, nowUs: number): void {
    const conduct = this.#conduct(row, peer);
    const deficit = this.#deficit(conduct, nowUs);
    if (deficit > 0) this.#isMarked[row] = 1;
    conduct.failures += deficit * deficit;
    conduct.sinceUs = -1;
  }

  /** The peer brought good news, as the first or at almost the same time. */
  brought(row: number, peer: number, isFirst: boolean): void {
    const conduct = isFirst ? this.#conduct(row, peer) : this.#rows[row]?.get(peer);
    if (conduct === undefined) return;
    if (isFirst) conduct.firstDeliveries = Math.min(conduct.firstDeliveries + 1, caps.firstDeliveries);
    if (conduct.sinceUs >= 0)
      conduct.meshDeliveries = Math.min(conduct.meshDeliveries + 1, caps.meshDeliveries);
  }

  broughtInvalid(row: number, peer: number): void {
    this.#isMarked[row] = 1;
    this.#conduct(row, peer).invalid++;
  }

  /** A heartbeat has passed. */
  decay(row: number): void {
    const conducts = this.#rows[row];
    if (conducts === undefined) return;
    for (const [peer, conduct] of conducts) {
      conduct.firstDeliveries = decayed(conduct.firstDeliveries, decays.firstDeliveries);
      conduct.meshDeliveries = decayed(conduct.meshDeliveries, decays.meshDeliveries);
      conduct.failures = decayed(conduct.failures, decays.failures);
      conduct.invalid = decayed(conduct.invalid, decays.invalid);
      const { sinceUs, firstDeliveries, meshDeliveries, failures, invalid } = conduct;
      if (sinceUs < 0 && firstDeliveries + meshDeliveries + failures + invalid === 0) conducts.delete(peer);
    }
  }

  forget(row: number): void {
    this.#rows[row] = undefined;
    this.#isMarked[row] = 0;
  }

  #deficit({ sinceUs, meshDeliveries }: Conduct, nowUs: number): number {
    const { activationUs, deliveriesExpected } = this.settings;
    if (sinceUs < 0 || nowUs - sinceUs <= activationUs) return 0;
    return Math.max(0, deliveriesExpected - meshDeliveries);
  }

  #conduct(row: number, peer: number): Conduct {
    const conducts = (this.#rows[row] ??= new Map<number, Conduct>());
    let conduct = conducts.get(peer);
    if (conduct === undefined) {
      conduct = { sinceUs: -1, firstDeliveries: 0, meshDeliveries: 0, failures: 0, invalid: 0 };
      conducts.set(peer, conduct);
    }
    return conduct;
  }
}

function decayed(counter: number, decay: number): number {
  const left = counter * decay;
  return left < decayToZero ? 0 : left;
}
