/**
 * How many nodes are meant, about: for estimates, before any lot is drawn. Who is meant exactly is found out when the run begins. Nodes are
 * looked at once, and put down by group and region; a scenario may name thousands of groups in thousands of lines.
 */
import type { Who } from '../base/who.js';
import type { Experiment } from '../model/experiment.js';

/** The share of the nodes that `role: hub` means when nothing else is said. */
const hubShare = 0.01;

/** Nodes of one group in one place. */
interface Block {
  readonly group: string | undefined;
  readonly role: string | undefined;
  readonly region: string | undefined;
  count: number;
}

function blocksOf({ nodeCount, groupOf, groupNames, groupRoles, groupRegions, layout }: Experiment): Block[] {
  const byPlace = new Map<string | undefined, Map<number, Block>>();
  for (let node = 0; node < nodeCount; node++) {
    const own = groupOf?.[node] ?? -1;
    const region = groupRegions?.[own] ?? layout.regions?.[node];
    let here = byPlace.get(region);
    if (here === undefined) byPlace.set(region, (here = new Map()));
    const block = here.get(own);
    if (block !== undefined) block.count++;
    else here.set(own, { group: groupNames.at(own), role: groupRoles[own], region, count: 1 });
  }
  return [...byPlace.values()].flatMap((here) => [...here.values()]);
}

/** @returns no less than will be drawn, give or take a node by rounding; a fraction where a share of few nodes is meant */
export function headCounter(experiment: Experiment): (who: Who) => number {
  const { nodeCount, groupRoles, observers, committee, layout } = experiment;
  let blocks: Block[] | undefined;
  return ({ ids, group, role, region, share, count }) => {
    // Words that mean something by themselves stand back where a group has the same role.
    const word = role === undefined || groupRoles.includes(role) ? undefined : role;
    let all = ids?.length ?? nodeCount;
    if (word === 'observer') all = observers.length;
    else if (word === 'committee') all = committee?.length ?? nodeCount;
    else if (word === 'leader') all = layout.hierarchy?.groupCount ?? nodeCount;
    else if (
      ids === undefined &&
      (group ?? region ?? (word === undefined ? role : undefined)) !== undefined
    ) {
      all = (blocks ??= blocksOf(experiment))
        .filter(
          (block) =>
            (group === undefined || block.group === group) &&
            (region === undefined || block.region === region) &&
            (role === undefined || word === 'hub' || block.role === role),
        )
        .reduce((sum, block) => sum + block.count, 0);
    }
    return count === undefined ? all * (share ?? (word === 'hub' ? hubShare : 1)) : Math.min(all, count);
  };
}
