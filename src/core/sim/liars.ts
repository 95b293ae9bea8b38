/**
 * Those who lie: which nodes each adversary has, when they are at work, and their hands and voices. A lie is told before the link: what
 * a member sends passes through its adversaries, in the order of the scenario, and what it says on its own account is sent past its
 * protocols. While an adversary ramps up, chance spares some messages; the others are lies all along.
 */
import { KeyedDraws } from '../base/random.js';
import type { Body } from '../model/bodies.js';
import type { Envelope, MessageKind } from '../model/envelope.js';
import type { Experiment } from '../model/experiment.js';
import type { Adversary, AdversaryContext, Verdict } from '../model/fault.js';
import { forgedBody } from '../parts/forged-body.js';
import { faultContext, newTouchBook, type TouchBook } from './fault-context.js';
import type { Simulation } from './simulation.js';

/** A liar that cannot act now, because it is down or stands still, looks again after this. */
const idleLiarUs = 100_000;

interface ActiveAdversary {
  readonly adversary: Adversary;
  readonly fromUs: number;
  readonly untilUs: number;
  /** How long it takes until every message is affected. */
  readonly rampUs: number;
  readonly rampDraws: KeyedDraws;
  /** By member: how often it has spoken up. */
  readonly wakes: Map<number, number>;
  readonly voice: Voice;
}

/** A liar whose message the ramp spares goes through the motions, and nothing is heard of it. */
interface Voice {
  isMuted: boolean;
}

/** What liars need of the world. */
interface Stage {
  isUp(node: number): boolean;
  /** Has `wake` called at a moment, as a change of the world. */
  wakeAt(timeUs: number, adversary: number, node: number): void;
}

export class Liars {
  /** What each adversary has touched, and its members; by its place in the experiment. */
  readonly books: TouchBook[] = [];
  readonly members: Int32Array[] = [];

  readonly #adversaries: ActiveAdversary[] = [];
  readonly #of = new Map<number, ActiveAdversary[]>();
  /** Bodies that liars made up at `#lentAtUs`. */
  #lent: number[] = [];
  #lentAtUs = -1;
  /** Identities that are nobody's node. */
  #nameCount = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly stage: Stage,
  ) {}

  /** Draws the members of all adversaries, and gives them their hands. */
  enlist(): void {
    this.simulation.experiment.adversaries.forEach((_, index) => this.#enlist(index));
  }

  #enlist(index: number): void {
    const { simulation } = this;
    const { experiment } = simulation;
    const { id, kind, who, parameters, fromUs, untilUs, rampUs = 0 } = experiment.adversaries[index];
    const book = newTouchBook(id, kind.name);
    book.fired = 1;
    this.books.push(book);
    const draws = new KeyedDraws(experiment.seed, `adversary:${id}`);
    const members = simulation.directory.select(who, draws, 0);
    this.members.push(members);
    const voice: Voice = { isMuted: false };
    const adversary = kind.create(this.#contextOf(index, book, draws, voice), parameters as never);
    const rampDraws = new KeyedDraws(experiment.seed, `ramp:${id}`);
    const active = { adversary, fromUs, untilUs, rampUs, rampDraws, wakes: new Map(), voice };
    this.#adversaries.push(active);
    for (const node of members) {
      const others = this.#of.get(node);
      if (others === undefined) this.#of.set(node, [active]);
      else others.push(active);
      if (adversary.wake !== undefined) this.#wakeLater(index, node, Math.max(1, fromUs));
    }
  }

  #contextOf(index: number, book: TouchBook, draws: KeyedDraws, voice: Voice): AdversaryContext {
    const { simulation, stage } = this;
    const { experiment, bodies, observations } = simulation;
    const publication = publicationOf(experiment);
    const context = faultContext(simulation, book, draws);
    return {
      ...context,
      // A spread copies what a getter says at that moment, so it is said again.
      get nowUs() {
        return simulation.nowUs;
      },
      touchMessage: () => {
        if (!voice.isMuted) context.touchMessage();
      },
      touchNode: (node) => {
        if (!voice.isMuted) context.touchNode(node);
      },
      bodies,
      pattern: experiment.pattern,
      epochMs: experiment.epochMs,
      members: this.members[index],
      publication,
      isUp: (node) => stage.isUp(node),
      recordAct: (envelope, isReplay, twin) => {
        if (!voice.isMuted) observations.truth.record(index, envelope, simulation.nowUs, isReplay, twin);
      },
      lend: (body) => this.#lend(body),
      forge: (liar, body, changes, keys) => forgedBody(liar, body, changes, keys, experiment),
      invent: (liar, content, keys) => forgedBody(liar, { incarnation: 0 }, content, keys, experiment),
      makeUpNames: (count) => {
        const first = experiment.nodeCount + this.#nameCount;
        this.#nameCount += count;
        return first;
      },
      wakeLater: (node, delayUs) => this.#wakeLater(index, node, delayUs),
      send: (from, to, a, b, c, d, body) => {
        if (publication !== undefined && !voice.isMuted)
          simulation.sendAsLiar(from, publication, to, a, b, c, d, body);
      },
    };
  }

  /** Lets the adversaries of a lying sender have their way with one message, in the order of the scenario, until one keeps it back. */
  corrupt(envelope: Envelope, kind: MessageKind, number: number, verdict: Verdict): void {
    const { nowUs } = this.simulation;
    for (const active of this.#of.get(envelope.from) ?? []) {
      if (nowUs < active.fromUs || nowUs >= active.untilUs) continue;
      if (nowUs - active.fromUs >= active.rampUs || this.#isReached(active, envelope, kind, number))
        active.adversary.onSend?.(envelope, kind, number, verdict);
      if (verdict.dropped) return;
    }
  }

  /**
   * Does the ramp reach this message already? What it reaches grows with the time of publication, so that all copies of one publication
   * fare alike, whenever they are sent.
   */
  #isReached(active: ActiveAdversary, envelope: Envelope, kind: MessageKind, number: number): boolean {
    const { fromUs, rampUs, rampDraws } = active;
    const { nowUs, bodies, experiment } = this.simulation;
    const { from, c: sequence } = envelope;
    if (!kind.publication) return rampDraws.ratio(from, number) * rampUs < nowUs - fromUs;
    const { timestampMs, digest0 } = bodies.get(envelope.body);
    const publishedUs = Math.min(nowUs, (timestampMs - experiment.epochMs) * 1000);
    return rampDraws.ratio(from, digest0 ^ sequence) * rampUs < publishedUs - fromUs;
  }

  /** It is time for a member to speak up. */
  wake(index: number, node: number): void {
    const active = this.#adversaries[index];
    const { adversary, fromUs, untilUs, rampUs, rampDraws, wakes, voice } = active;
    const { nowUs, desks } = this.simulation;
    if (nowUs >= untilUs) return;
    if (!this.stage.isUp(node) || desks?.isPaused(node) === true) {
      this.#wakeLater(index, node, idleLiarUs);
      return;
    }
    const count = wakes.get(node) ?? 0;
    wakes.set(node, count + 1);
    const sinceUs = nowUs - fromUs;
    voice.isMuted = sinceUs < rampUs && rampDraws.ratio(node, -1 - count) * rampUs >= sinceUs;
    adversary.wake?.(node);
    voice.isMuted = false;
  }

  #wakeLater(index: number, node: number, delayUs: number): void {
    const { nowUs, experiment } = this.simulation;
    const dueUs = nowUs + delayUs;
    if (dueUs < this.#adversaries[index].untilUs && dueUs <= experiment.stopTimeUs)
      this.stage.wakeAt(dueUs, index, node);
  }

  /** What liars make up lives as long as the moment lasts in which it is sent; messages under way hold it afterwards. */
  #lend(body: Body): number {
    const { simulation } = this;
    if (simulation.nowUs !== this.#lentAtUs) {
      const old = this.#lent;
      this.#lent = [];
      this.#lentAtUs = simulation.nowUs;
      for (const handle of old) simulation.bodies.release(handle);
    }
    const handle = simulation.bodies.add(body);
    this.#lent.push(handle);
    return handle;
  }
}

/** Where publications travel: the first such message in the stack. */
function publicationOf({ stack }: Experiment): { slot: number; kind: number } | undefined {
  for (let slot = 0; slot < stack.length; slot++) {
    const kind = stack[slot].protocol.messages.findIndex(({ publication }) => publication);
    if (kind >= 0) return { slot, kind };
  }
  return undefined;
}
