/**
 * A step clock that asks around before it leaps: it follows the claims of many, by a rule, and never one alone. Its own progress, one step
 * a message of its own, asks nobody. A rule is a few lines: whose claims count, which step they support, and how many liars that bears.
 */
import { knobs, type Knobs, type Values } from '../base/knobs.js';
import { protocol, type Host, type Protocol } from '../model/protocol.js';
import type { PeerView, Wiring } from '../model/stack.js';
import { ClaimBook } from './claim-book.js';
import { mapBytes } from './memory-size.js';
import { neighboursOf, positionAmong } from './sorted-peers.js';
import { counterBytes, counterKnobs, StepCounter } from './step-counter.js';

/** What makes one cautious clock differ from another: how many have to claim as much, or any other way to make one step of many. */
export type Caution = {
  /** How many liars the rule bears among so many voices, the node's own included. */
  faultsBorne(voices: number): number;
} & (
  | { voicesWanted(): number }
  | {
      /** @returns the step that the claims (largest first, the own among them) support, or -1 for none */
      supported(sorted: Float64Array): number;
    }
);

/** Whose claims count. */
type Hears = 'everybody' | 'neighbours';

class CautiousClock extends StepCounter {
  readonly #claims: ClaimBook;
  readonly #maxJump: number;
  readonly #neighbours: PeerView;

  constructor(
    host: Host,
    rows: number,
    readonly hears: Hears,
    private readonly caution: Caution,
    parameters: CautionParameters,
  ) {
    super(host, rows, parameters);
    this.#maxJump = parameters.maxJump ?? Number.MAX_SAFE_INTEGER;
    this.#claims = new ClaimBook(rows);
    this.#neighbours = neighboursOf(host);
  }

  faultsBorne(voices: number): number {
    return this.caution.faultsBorne(voices);
  }

  protected override forget(): void {
    this.#claims.forget(this.host.row);
  }

  observe(origin: number, claimedStep: number): void {
    const { row, self } = this.host;
    if (origin === self) return;
    if (this.hears === 'neighbours' && positionAmong(this.#neighbours, origin) < 0) return;
    const { caution } = this;
    const own = this.now();
    if ('voicesWanted' in caution) {
      if (claimedStep <= own || !this.#claims.hear(row, origin, claimedStep)) return;
      this.follow(this.#claims.ahead(row, own, caution.voicesWanted()), this.#maxJump);
      return;
    }
    if (!this.#claims.hear(row, origin, claimedStep) || claimedStep <= own) return;
    this.follow(caution.supported(this.#claims.sorted(row, own)), this.#maxJump);
  }
}

const cautionKnobs = knobs({
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that a clock moves at a time. Left out, there is no bound.',
  },
  ...counterKnobs,
});
export type CautionParameters = Values<typeof cautionKnobs>;

/** The knob `f` of rules that are told how many liars to bear; each tells its own story. */
export function liarsBorneKnob<const Doc extends string>(doc: Doc) {
  return knobs({ f: { kind: 'integer', min: 0, max: 1_000_000, optional: true, doc } });
}

/** A rule as its file states it. */
export interface CautiousRule<K extends Knobs> {
  readonly name: string;
  readonly summary: string;
  /** Beside those that every cautious clock has. */
  readonly knobs: K;
  readonly hears: Hears;
  caution(host: Host, parameters: Values<K>, wiring: Wiring): Caution;
}

/** Makes a protocol of the clock slot from a rule. */
export function cautiousClock<const K extends Knobs>(
  rule: CautiousRule<K>,
): Protocol<K & typeof cautionKnobs> {
  const { name, summary, hears } = rule;
  return protocol({
    name,
    summary,
    slot: 'clock',
    knobs: { ...rule.knobs, ...cautionKnobs },
    messages: [],
    needsIdentity: true,
    eventsOnly: ['interval'],
    memoryBytes({ nodeCount, publishers, degree }, parameters) {
      const voices = hears === 'everybody' ? publishers : degree;
      const counters = counterBytes(nodeCount, parameters as CautionParameters);
      return counters + nodeCount * (mapBytes(voices) + 8 * voices);
    },
    create(host, rows, parameters, wiring) {
      const caution = rule.caution(host, parameters as Values<K>, wiring);
      return (wiring.clock = new CautiousClock(host, rows, hears, caution, parameters as CautionParameters));
    },
  });
}
