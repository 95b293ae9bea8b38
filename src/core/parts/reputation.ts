/**
 * Reputation: what a node thinks of one peer, 0 to 1, from nothing but what it saw itself. Trust is lost at once and comes back slowly;
 * below a limit the peer is not listened to until it has come back well above it, and who was ignored too often is for good.
 */
import type { Evidence } from '../model/stack.js';

export interface ReputationSettings {
  /** What a peer begins with. */
  readonly start: number;
  readonly ignoreBelow: number;
  /** An ignored peer is listened to again from here on. */
  readonly pardonFrom: number;
  /** How much comes back a second, up to `start`. */
  readonly recoveryPerSecond: number;
  /** Who was ignored so often stays so; 0 for never. */
  readonly blacklistAfter: number;
}

/** What is taken where nobody says otherwise: a fall from 1 to 0.5 heals in 500 s. */
export const usualReputation: ReputationSettings = {
  start: 1,
  ignoreBelow: 0.5,
  pardonFrom: 0.7,
  recoveryPerSecond: 0.001,
  blacklistAfter: 3,
};

/** What one piece of evidence changes. */
export const reputationDeltas: Readonly<Record<Evidence, number>> = {
  'good-message': 0.001,
  'pattern-mismatch': -0.1,
  'bad-signature': -0.2,
  replay: -0.05,
  equivocation: -0.3,
  'too-fast': -0.01,
  timeout: -0.01,
};

export type Judgement = 'unchanged' | 'accused' | 'pardoned';

export class Reputation {
  #score: number;
  #atUs: number;
  #times = 0;
  #isIgnored = false;

  constructor(
    private readonly settings: ReputationSettings,
    nowUs: number,
  ) {
    this.#score = settings.start;
    this.#atUs = nowUs;
  }

  get score(): number {
    return this.#score;
  }

  get isIgnored(): boolean {
    return this.#isIgnored;
  }

  get isBlacklisted(): boolean {
    const { blacklistAfter } = this.settings;
    return blacklistAfter > 0 && this.#times >= blacklistAfter;
  }

  /** Lets time heal. */
  at(nowUs: number): Judgement {
    const { start, recoveryPerSecond, pardonFrom } = this.settings;
    if (nowUs > this.#atUs) {
      const gained = ((nowUs - this.#atUs) / 1e6) * recoveryPerSecond;
      if (this.#score < start) this.#score = Math.min(start, this.#score + gained);
      this.#atUs = nowUs;
    }
    if (!this.#isIgnored || this.isBlacklisted || this.#score < pardonFrom) return 'unchanged';
    this.#isIgnored = false;
    return 'pardoned';
  }

  note(evidence: Evidence, nowUs: number): Judgement {
    return this.change(reputationDeltas[evidence], nowUs);
  }

  change(delta: number, nowUs: number): Judgement {
    const healed = this.at(nowUs);
    this.#score = Math.max(0, Math.min(1, this.#score + delta));
    if (this.#isIgnored || this.#score >= this.settings.ignoreBelow) return healed;
    this.#isIgnored = true;
    this.#times++;
    return 'accused';
  }
}
