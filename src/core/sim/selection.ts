/** Who is meant, in addresses: the conditions of a `Who` filter, and keyed draws pick a share or a number of the rest. */
import { assert } from '../base/assert.js';
import type { KeyedDraws } from '../base/random.js';
import type { Who } from '../base/who.js';
import type { Experiment } from '../model/experiment.js';
import { drawLots } from '../parts/lots.js';

/** The share of the nodes that `role: hub` means when nothing else is said. */
const hubShare = 0.01;

/** Addresses by name, built when first asked for. */
export class NodeDirectory {
  #byName: Map<string, number> | undefined;

  constructor(private readonly experiment: Experiment) {}

  /**
   * The nodes meant, in order of address. Each node draws a number keyed by (its address, occurrence) and the smallest are
   * picked, so that a node's luck does not depend on how many others there are.
   */
  select(who: Who, draws: KeyedDraws, occurrence: number): Int32Array {
    const { experiment } = this;
    const members: number[] = [];
    if (who.ids !== undefined) {
      for (const id of who.ids) members.push(this.addressOf(id));
      members.sort((p, q) => p - q);
    } else {
      for (let node = 0; node < experiment.nodeCount; node++) members.push(node);
    }
    const isEverybody = who.group === undefined && who.role === undefined && who.region === undefined;
    const observers = new Set(isEverybody ? [] : experiment.observers);
    const { groupRoles } = experiment;
    const special = who.role !== undefined && !groupRoles.includes(who.role) ? who.role : undefined;
    const chosen =
      special === 'leader'
        ? this.#leaders()
        : special === 'committee'
          ? new Set(experiment.committee)
          : undefined;
    const group = who.group === undefined ? -1 : experiment.groupNames.indexOf(who.group);
    const filtered = isEverybody
      ? members
      : members.filter(
          (node) =>
            (who.group === undefined || experiment.groupOf?.[node] === group) &&
            (who.region === undefined || this.regionOf(node) === who.region) &&
            (who.role === undefined ||
              special === 'hub' ||
              chosen?.has(node) === true ||
              (who.role === 'observer' && observers.has(node)) ||
              (experiment.groupOf !== undefined && groupRoles[experiment.groupOf[node]] === who.role)),
        );
    if (special === 'hub') return this.#hubs(filtered, who, draws, occurrence);
    const wanted =
      who.count !== undefined
        ? Math.min(who.count, filtered.length)
        : who.share !== undefined
          ? Math.round(who.share * filtered.length)
          : filtered.length;
    return drawLots(filtered, wanted, draws, occurrence);
  }

  /** The best connected; lots decide between equals. */
  #hubs(candidates: readonly number[], who: Who, draws: KeyedDraws, occurrence: number): Int32Array {
    const { graph } = this.experiment.layout;
    const share = who.share ?? hubShare;
    const wanted = Math.min(
      candidates.length,
      who.count ?? (who.share === 0 ? 0 : Math.max(1, Math.round(share * candidates.length))),
    );
    const lot = new Map(candidates.map((node) => [node, draws.ratio(node, occurrence)]));
    const order = [...candidates].sort(
      (p, q) =>
        graph.neighbourCount(q) - graph.neighbourCount(p) ||
        (lot.get(p) as number) - (lot.get(q) as number) ||
        p - q,
    );
    return Int32Array.from(order.slice(0, wanted)).sort();
  }

  /** Those whom the topology puts at the head of a group first of all. */
  #leaders(): ReadonlySet<number> {
    const leaders = new Set<number>();
    const { hierarchy } = this.experiment.layout;
    if (hierarchy === undefined) return leaders;
    for (let group = 0; group < hierarchy.groupCount; group++)
      if (hierarchy.candidateCount(group) > 0) leaders.add(hierarchy.candidateAt(group, 0));
    return leaders;
  }

  /** Is anybody anywhere? */
  get hasRegions(): boolean {
    const { groupRegions, layout } = this.experiment;
    return layout.regions !== undefined || groupRegions?.some((region) => region !== undefined) === true;
  }

  /** The region of a node, by its group or else by the topology. */
  regionOf(node: number): string | undefined {
    const { groupOf, groupRegions, layout } = this.experiment;
    const region = groupOf === undefined ? undefined : groupRegions?.[groupOf[node]];
    return region ?? layout.regions?.[node];
  }

  /** The address of a name that exists. */
  addressOf(id: string): number {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (let node = 0; node < this.experiment.nodeCount; node++) {
        this.#byName.set(this.experiment.nameOf(node), node);
      }
    }
    const address = this.#byName.get(id);
    assert(address !== undefined, `names in an experiment exist (${id})`);
    return address;
  }
}
