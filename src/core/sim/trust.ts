/**
 * Who ignores whom, and with what right? An accusation is an honest node's decision to listen to a peer no more. Against a liar it is
 * right, against an honest node it is slander, whoever brought it about. Flags on messages are another matter: see truth.ts.
 */
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { ResultSections, TrustFigures } from '../model/result.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

export class Trust implements Instrument {
  /** By subject: the honest nodes that ignore it now. */
  readonly #ignoredBy = new Map<number, Set<number>>();
  /** By subject: when it was first accused, and by how many different honest nodes ever. */
  readonly #accused = new Map<number, { readonly firstUs: number; readonly accusers: Set<number> }>();
  #right = 0;
  #wrong = 0;
  #pardoned = 0;
  #throttledLiars = 0;
  #throttledHonest = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {}

  reported(node: number, kind: ReportKind, _body: number, subject: number): void {
    const { honest } = this.world;
    if (honest[node] === 0) return;
    if (kind === reportKinds.accused) this.#accuse(node, subject);
    else if (kind === reportKinds.pardoned) {
      this.#pardoned++;
      this.#ignoredBy.get(subject)?.delete(node);
    } else if (kind === reportKinds.throttled) {
      if (honest[subject] === 0) this.#throttledLiars++;
      else this.#throttledHonest++;
    }
  }

  #accuse(node: number, subject: number): void {
    if (this.world.honest[subject] === 1) this.#wrong++;
    else this.#right++;
    let ignoring = this.#ignoredBy.get(subject);
    if (ignoring === undefined) this.#ignoredBy.set(subject, (ignoring = new Set()));
    ignoring.add(node);
    let history = this.#accused.get(subject);
    if (history === undefined)
      this.#accused.set(subject, (history = { firstUs: this.simulation.nowUs, accusers: new Set() }));
    history.accusers.add(node);
  }

  /** Who loses its state forgets whom it ignored. */
  nodeUp(node: number, reason: string): void {
    if (reason !== 'state-lost') return;
    for (const ignoring of this.#ignoredBy.values()) ignoring.delete(node);
  }

  /** Do all honest neighbours that are up ignore this node, and is there one? */
  #isIgnoredByAll(subject: number): boolean {
    const { graph } = this.simulation;
    const ignoring = this.#ignoredBy.get(subject);
    if (ignoring === undefined || ignoring.size === 0) return false;
    const count = graph.neighbourCount(subject);
    for (let i = 0; i < count; i++) {
      const peer = graph.neighbourAt(subject, i);
      if (this.world.honest[peer] === 1 && this.world.isUp(peer) && !ignoring.has(peer)) return false;
    }
    return true;
  }

  get #liarsIgnored(): number {
    let ignored = 0;
    for (const subject of this.#ignoredBy.keys())
      if (this.world.honest[subject] === 0 && this.#isIgnoredByAll(subject)) ignored++;
    return ignored;
  }

  #countAccused(honest: 0 | 1): number {
    let count = 0;
    for (const subject of this.#accused.keys()) if (this.world.honest[subject] === honest) count++;
    return count;
  }

  metric(name: string): number | null | undefined {
    if (name === 'liarsIgnored') return this.#liarsIgnored;
    if (name === 'slandered') return this.#countAccused(1);
    return undefined;
  }

  sections(): Partial<ResultSections> {
    const { simulation, world } = this;
    const throttled = this.#throttledLiars + this.#throttledHonest;
    if (!simulation.hasStanding && throttled === 0) return {};
    const honest = world.honest.reduce((sum, one) => sum + one, 0);
    let ignoredByAny = 0;
    for (const [subject, ignoring] of this.#ignoredBy)
      if (world.honest[subject] === 1 && ignoring.size > 0) ignoredByAny++;
    const trust: TrustFigures = {
      accusations: { right: this.#right, wrong: this.#wrong, pardoned: this.#pardoned },
      liars: {
        total: world.honest.length - honest,
        accused: this.#countAccused(0),
        ignoredByAll: this.#liarsIgnored,
      },
      honest: { total: honest, accused: this.#countAccused(1), ignoredByAny },
      senders: simulation.experiment.adversaries.map(({ id, fromUs }, index) => {
        const members = world.liars.members[index];
        const known = [...members].flatMap((member) => this.#accused.get(member) ?? []);
        const firstUs = known.reduce((least, one) => Math.min(least, one.firstUs), Infinity);
        return {
          id,
          members: members.length,
          accused: known.length,
          pairs: known.reduce((sum, { accusers }) => sum + accusers.size, 0),
          firstAccusationMs: firstUs === Infinity ? null : (firstUs - fromUs) / 1000,
        };
      }),
      throttled: { liars: this.#throttledLiars, honest: this.#throttledHonest },
    };
    return { trust };
  }
}

export function trustOf(simulation: Simulation, world: WorldChanges): Trust {
  return new Trust(simulation, world);
}
