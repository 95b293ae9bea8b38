/**
 * Churn: nodes come and go, each at its own pace. A life and an absence follow each other without end, their lengths drawn from two
 * distributions; or whoever is away waits until a stream of newcomers has room for it. The network starts as it would be found after
 * running for ever: the right share is up, in the middle of lives. The scenario's section `churn` becomes one fault of this kind.
 *
 * Each node's lives are draws keyed by the node and its number of them, so that no node's fate hangs on another's.
 */
import { assert } from '../base/assert.js';
import { ln } from '../base/math.js';
import type { Who } from '../base/who.js';
import { faultKind, type Fault, type FaultContext, type World } from '../model/fault.js';
import type { ChurnMove } from '../parts/churn-trace.js';
import type { DistributionSpec } from '../parts/distributions.js';
import { mayGoDown, type DownLimits } from '../parts/down-limits.js';
import { drawLots } from '../parts/lots.js';
import { compileLives, type Lives } from '../parts/residual-life.js';

/** What the section says. */
export interface ChurnPlan extends DownLimits {
  readonly nodes: Who;
  readonly lifetime?: DistributionSpec;
  readonly downtime?: DistributionSpec;
  readonly joinsPerSecond?: number;
  readonly targetSize?: number;
  readonly gracefulLeaveRatio: number;
  readonly state: 'keep' | 'lose';
  /** A measured history instead of drawn lives. */
  readonly moves?: readonly ChurnMove[];
}

/** What draws are for: four kinds, told apart by the two lowest bits of their number. */
const purposes = { length: 0, manner: 1, start: 2, residual: 3 } as const;
/** `later` is about a newcomer, and not about a node. */
const newcomer = -1;
const lotOccasion = 0x4000_0000;

class DrawnChurn implements Fault {
  readonly #members: Int32Array;
  readonly #life: Lives;
  readonly #absence: Lives | undefined;
  /** By address: 1 in the middle of a life. */
  readonly #isIn: Uint8Array;
  /** By address: how many lives and absences it has had. */
  readonly #turns: Uint32Array;
  #inCount = 0;
  /** Who is away and waits for a place, where newcomers take what is free. */
  readonly #pool: number[] = [];
  #newcomers = 0;
  #isOver = false;

  constructor(
    private readonly context: FaultContext,
    private readonly plan: ChurnPlan,
  ) {
    const { lifetime, downtime } = plan;
    assert(lifetime !== undefined, 'churn without a history has lifetimes');
    this.#members = context.select(plan.nodes, 0);
    this.#life = compileLives(lifetime);
    this.#absence = downtime === undefined ? undefined : compileLives(downtime);
    this.#isIn = new Uint8Array(context.nodeCount);
    this.#turns = new Uint32Array(context.nodeCount);
  }

  startsDown(): Iterable<number> {
    for (const node of this.#firstIn()) {
      this.#isIn[node] = 1;
      this.#inCount++;
    }
    const away = this.#members.filter((node) => this.#isIn[node] === 0);
    for (const node of away) this.context.touchNode(node);
    return away;
  }

  /** Who is up at the start: each with its equilibrium chance, or as many as there will be on average. */
  #firstIn(): Int32Array {
    const { plan, context } = this;
    const { draws } = context;
    const members = this.#members;
    if (this.#absence !== undefined) {
      const upShare = this.#life.meanUs / (this.#life.meanUs + this.#absence.meanUs);
      return members.filter((node) => draws.ratio(node, purposes.start) < upShare);
    }
    const { targetSize, joinsPerSecond = 0 } = plan;
    const usual = targetSize ?? Math.round((joinsPerSecond * this.#life.meanUs) / 1e6);
    return drawLots(members, Math.min(usual, members.length), draws, lotOccasion);
  }

  begin(world: World): void {
    const { draws } = this.context;
    for (const node of this.#members) {
      const draw = draws.ratio(node, purposes.residual);
      if (this.#isIn[node] === 1) this.#callLater(world, this.#life.residual(draw), node);
      else if (this.#absence !== undefined) this.#callLater(world, this.#absence.residual(draw), node);
      else this.#pool.push(node);
    }
    this.#awaitNewcomer(world);
  }

  end(): void {
    this.#isOver = true;
  }

  later(world: World, node: number): void {
    if (node === newcomer) {
      if (this.#isOver) return;
      this.#come(world);
      this.#awaitNewcomer(world);
    } else if (this.#isIn[node] === 1) this.#go(world, node);
    else this.#return(world, node);
  }

  /** A life is over. */
  #go(world: World, node: number): void {
    if (this.#isOver) return;
    const { context, plan } = this;
    const turn = ++this.#turns[node];
    if (world.isUp(node)) {
      if (!mayGoDown(context, world, plan, node)) {
        this.#callLater(world, this.#life.whole(this.#draw(node, turn, purposes.length)), node);
        return;
      }
      if (this.#draw(node, turn, purposes.manner) < plan.gracefulLeaveRatio) world.leave(node);
      else world.crash(node);
      context.touchNode(node);
    }
    this.#isIn[node] = 0;
    this.#inCount--;
    if (this.#absence !== undefined) {
      this.#callLater(world, this.#absence.whole(this.#draw(node, turn, purposes.length)), node);
      return;
    }
    // Somebody else takes the place, if places are what is kept.
    if (plan.joinsPerSecond === undefined) this.#come(world);
    this.#pool.push(node);
  }

  /** A new life begins. */
  #return(world: World, node: number): void {
    const turn = ++this.#turns[node];
    this.#isIn[node] = 1;
    this.#inCount++;
    if (world.restart(node, this.plan.state)) this.context.touchNode(node);
    this.#callLater(world, this.#life.whole(this.#draw(node, turn, purposes.length)), node);
  }

  /** Somebody comes: any of those who are away, if there is room. */
  #come(world: World): void {
    if (this.#inCount >= (this.plan.targetSize ?? Infinity)) return;
    const pool = this.#pool;
    if (pool.length === 0) {
      this.context.leaveOut();
      return;
    }
    const at = this.context.draws.below(pool.length, this.context.nodeCount, this.#newcomers++ * 2 + 1);
    const node = pool[at];
    pool[at] = pool[pool.length - 1];
    pool.pop();
    this.#return(world, node);
  }

  #awaitNewcomer(world: World): void {
    const { joinsPerSecond } = this.plan;
    if (joinsPerSecond === undefined || joinsPerSecond <= 0) return;
    const draw = this.context.draws.ratio(this.context.nodeCount, this.#newcomers++ * 2);
    this.#callLater(world, (-ln(1 - draw) / joinsPerSecond) * 1e6, newcomer);
  }

  #draw(node: number, turn: number, purpose: number): number {
    return this.context.draws.ratio(node, turn * 4 + purpose);
  }

  #callLater(world: World, afterUs: number, node: number): void {
    // Beyond the end of any run; a heavy tail may yield numbers that are no times any more.
    if (afterUs < Number.MAX_SAFE_INTEGER / 4) world.callLater(Math.max(1, Math.round(afterUs)), node);
  }
}

/** A history that is repeated as it was. */
class RecordedChurn implements Fault {
  #next = 0;
  #isOver = false;

  constructor(
    private readonly context: FaultContext,
    private readonly plan: ChurnPlan,
    private readonly moves: readonly ChurnMove[],
  ) {}

  startsDown(): Iterable<number> {
    const seen = new Set<number>();
    const down: number[] = [];
    for (const { node, to } of this.moves) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (to !== 'up') continue;
      down.push(node);
      this.context.touchNode(node);
    }
    return down;
  }

  begin(world: World): void {
    this.#play(world);
  }

  /** From now on only who comes is let through. */
  end(): void {
    this.#isOver = true;
  }

  later(world: World): void {
    this.#play(world);
  }

  /** Everything up to now, and the next moment at which something happens. */
  #play(world: World): void {
    const { context, plan, moves } = this;
    for (; this.#next < moves.length; this.#next++) {
      const { atUs, node, to } = moves[this.#next];
      if (atUs > world.nowUs) {
        world.callLater(atUs - world.nowUs, 0);
        return;
      }
      if (to === 'up') {
        if (world.restart(node, plan.state)) context.touchNode(node);
      } else if (!this.#isOver && world.isUp(node) && mayGoDown(context, world, plan, node)) {
        if (to === 'left') world.leave(node);
        else world.crash(node);
        context.touchNode(node);
      }
    }
  }
}

/** Not in the registry: it has a section of its own. */
export const churn = faultKind({
  name: 'churn',
  summary: 'nodes come and go',
  lasts: true,
  changesNodes: true,
  comesAndGoes: true,
  inRounds: () => true,
  events(parameters, nodeCount, stopTimeUs) {
    const { lifetime, downtime, moves } = parameters as unknown as ChurnPlan;
    if (lifetime === undefined) return moves?.length ?? 0;
    const absenceUs = downtime === undefined ? 0 : compileLives(downtime).meanUs;
    return 2 * nodeCount * (stopTimeUs / (compileLives(lifetime).meanUs + absenceUs) + 1);
  },
  knobs: {},
  create(context, parameters): Fault {
    const plan = parameters as unknown as ChurnPlan;
    return plan.moves === undefined
      ? new DrawnChurn(context, plan)
      : new RecordedChurn(context, plan, plan.moves);
  },
});
