/**
 * Which links a fault is about. Like a line in a firewall: from whom, to whom, or between whom and whom; a line that says nothing is about
 * everybody. All link faults have the same knobs, so that what one can hit the others can.
 */
import { assert } from '../base/assert.js';
import { knobs, type KnobProblem } from '../base/knobs.js';
import type { Who } from '../base/who.js';
import type { FaultContext } from '../model/fault.js';

export const linkKnobs = knobs({
  senders: {
    kind: 'who',
    optional: true,
    doc: 'Only messages that these nodes send. Left out: of everybody.',
  },
  receivers: { kind: 'who', optional: true, doc: 'Only messages to these nodes. Left out: to everybody.' },
  nodes: {
    kind: 'who',
    optional: true,
    doc: 'Only messages that these nodes send or receive: all their links, in both directions.',
  },
  between: {
    kind: 'who-list',
    min: 1,
    optional: true,
    doc: 'Only messages between different sets of this list, in both directions: two names for one link, two groups or regions for all links between them. With one set: between its nodes.',
  },
});

/** As many as an integer has bits. */
const sidesMax = 32;

export interface LinkChoice {
  readonly senders?: Who;
  readonly receivers?: Who;
  readonly nodes?: Who;
  readonly between?: readonly Who[];
}

/** What a choice of links says twice over. */
export function linkProblems({ senders, receivers, nodes, between }: LinkChoice): KnobProblem[] {
  const given = Object.entries({ senders, receivers, nodes, between }).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  const problems: KnobProblem[] = [];
  if (given.length > 1 && (nodes !== undefined || between !== undefined))
    problems.push({
      path: [given[given.length - 1]],
      what: `${given.join(' and ')} cannot hold together`,
      next: 'Keep nodes, or between, or senders and receivers',
    });
  if (between !== undefined && between.length > sidesMax)
    problems.push({ path: ['between'], what: `${between.length} sets, expected at most ${sidesMax}` });
  return problems;
}

/** The links that a fault is about, as they are in one of its occurrences. */
export class LinkSet {
  #from: Uint8Array | undefined;
  #to: Uint8Array | undefined;
  #ends: Uint8Array | undefined;
  /** One bit for each set that a node belongs to; the first 32 sets. */
  #sides: Int32Array | undefined;

  constructor(
    private readonly context: FaultContext,
    private readonly choice: LinkChoice,
  ) {
    assert(linkProblems(choice).length === 0, 'a choice of links says one thing');
  }

  /** Draws anew who is meant. */
  choose(occurrence: number): void {
    const { senders, receivers, nodes, between } = this.choice;
    this.#from = senders === undefined ? undefined : this.#marks(senders, occurrence * 2);
    this.#to = receivers === undefined ? undefined : this.#marks(receivers, occurrence * 2 + 1);
    this.#ends = nodes === undefined ? undefined : this.#marks(nodes, occurrence);
    if (between === undefined) return;
    const sides = new Int32Array(this.context.nodeCount);
    between.forEach((who, side) => {
      for (const node of this.context.select(who, occurrence * between.length + side))
        sides[node] |= 1 << side;
    });
    this.#sides = sides;
  }

  has(from: number, to: number): boolean {
    if (this.#from !== undefined && this.#from[from] === 0) return false;
    if (this.#to !== undefined && this.#to[to] === 0) return false;
    if (this.#ends !== undefined && this.#ends[from] === 0 && this.#ends[to] === 0) return false;
    const sides = this.#sides;
    if (sides === undefined) return true;
    const there = sides[from];
    const here = sides[to];
    if (there === 0 || here === 0) return false;
    // Of one set, both ends are in it; of several, the ends must be able to stand in two different ones.
    return this.choice.between?.length === 1 || there !== here || (there & (there - 1)) !== 0;
  }

  /** Is the fault about this node? About everybody when it names nobody; otherwise about those whom it names, and not about their partners. */
  isAbout(node: number): boolean {
    const marks = [this.#from, this.#to, this.#ends, this.#sides];
    const isNamed = marks.some((named) => named !== undefined && named[node] !== 0);
    return isNamed || marks.every((named) => named === undefined);
  }

  #marks(who: Who, occurrence: number): Uint8Array {
    const marks = new Uint8Array(this.context.nodeCount);
    for (const node of this.context.select(who, occurrence)) marks[node] = 1;
    return marks;
  }
}
