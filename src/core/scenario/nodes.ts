/**
 * Who takes part: from shares, counts and names to addresses. Sizes of shares are rounded by largest remainders, so that they add up
 * to the whole; groups stand in blocks, or are dealt out like cards.
 */
import { drawLots } from '../parts/lots.js';
import { assert } from '../base/assert.js';
import { quoteText } from '../base/escape.js';
import type { KeyedDraws } from '../base/random.js';
import { RandomStream } from '../base/random.js';
import type { Who } from '../base/who.js';
import type { Issues } from './issues.js';
import type { GroupSpec, NodesSpec } from './language.js';
import { meantHint, quoted } from './shape.js';
import type { Path } from './tree.js';

const nobody = 65_535;

export interface NodePlan {
  readonly nodeCount: number;
  readonly groups: readonly GroupSpec[];
  /** Index into `groups` by address; absent when there are none. */
  readonly groupOf?: Uint16Array;
  /** Regions of groups; `resolve` adds those of the topology. */
  readonly regionOf?: (address: number) => string | undefined;
  /** Does the topology say who leads whom? Left out by a plan that knows no topology, where nobody is a hub either. */
  readonly hasLeaders?: boolean;
  /** Those whose claims about the step count, where not everybody's do. */
  readonly committee?: ReadonlySet<number>;
  nameOf(address: number): string;
  addressOf(name: string): number | undefined;
}

/** How many nodes the section speaks of, without asking the topology; undefined when it does not say. */
export function countSaid(nodes: NodesSpec): number | undefined {
  if (nodes.count !== undefined) return nodes.count;
  if (nodes.names !== undefined) return nodes.names.length;
  if (nodes.groups.length === 0) return undefined;
  let sum = 0;
  for (const group of nodes.groups) {
    const size = group.ids?.length ?? group.count;
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

/** Checks what can be wrong with groups without knowing how many nodes there are. */
export function checkGroups(nodes: NodesSpec, issues: Issues): void {
  const ids = new Set<string>();
  let takers = 0;
  nodes.groups.forEach((group, index) => {
    const path = ['nodes', 'groups', index];
    const said = (['share', 'count', 'ids'] as const).filter((key) => group[key] !== undefined);
    if (said.length > 1) issues.reportAt(path, `${said.join(' and ')} cannot both hold`, 'Keep one of them');
    if (said.length === 0 && ++takers === 2)
      issues.reportAt(path, 'a second group without share, count or ids', 'Only one can take the rest');
    if (ids.has(group.id)) issues.reportAt([...path, 'id'], `there are two groups ${quoted(group.id)}`);
    ids.add(group.id);
  });
  if (nodes.groups.length >= nobody) issues.reportAt(['nodes', 'groups'], `more than ${nobody - 1} groups`);
}

/**
 * Gives every node its group and name.
 * @param given names from the topology, by address
 * @returns undefined when the groups do not add up; the issues say why
 */
export function planNodes(
  nodes: NodesSpec,
  nodeCount: number,
  given: readonly string[] | undefined,
  seed: number,
  issues: Issues,
): NodePlan | undefined {
  const before = issues.count;
  const { groups } = nodes;
  const names = nodes.names ?? given;
  if (nodes.names !== undefined && nodes.names.length !== nodeCount) {
    issues.reportAt(['nodes', 'names'], `${nodes.names.length} names for ${nodeCount} nodes`);
  }
  const addresses = names === undefined ? undefined : directory(names, nodes.names !== undefined, issues);
  if (issues.count > before) return undefined;
  if (groups.length === 0) {
    return {
      nodeCount,
      groups,
      nameOf: (address) => names?.[address] ?? `node-${address}`,
      addressOf: (name) =>
        addresses === undefined ? numbered('node', name, nodeCount) : addresses.get(name),
    };
  }
  const sizes = groupSizes(groups, nodeCount, issues);
  if (sizes === undefined) return undefined;
  const groupOf = new Uint16Array(nodeCount).fill(nobody);
  if (addresses !== undefined) settleNamed(groups, addresses, groupOf, issues);
  if (issues.count > before) return undefined;

  const free: number[] = [];
  for (let address = 0; address < nodeCount; address++) if (groupOf[address] === nobody) free.push(address);
  if (nodes.placement === 'shuffled') shuffle(free, seed);
  let next = 0;
  const members = groups.map((group, index): readonly number[] => {
    if (group.ids !== undefined && addresses !== undefined) return [];
    const own = free.slice(next, next + sizes[index]);
    next += sizes[index];
    own.sort((a, b) => a - b);
    for (const address of own) groupOf[address] = index;
    return own;
  });
  assert(
    groupOf.every((group) => group !== nobody),
    'sizes of groups add up to the number of nodes',
  );
  if (names !== undefined) {
    return {
      nodeCount,
      groups,
      groupOf,
      nameOf: (address) => names[address],
      addressOf: (name) => addresses?.get(name),
    };
  }
  return madeUpNames(groups, groupOf, members, issues);
}

/** Addresses by name. */
function directory(names: readonly string[], fromScenario: boolean, issues: Issues): Map<string, number> {
  const addresses = new Map<string, number>();
  names.forEach((name, address) => {
    if (addresses.has(name)) {
      const path = fromScenario ? ['nodes', 'names', address] : ['topology'];
      issues.reportAt(path, `two nodes are called ${quoted(name)}`, 'Give each a name of its own');
    }
    addresses.set(name, address);
  });
  return addresses;
}

/** `node-17` -> 17. */
function numbered(prefix: string, name: string, count: number): number | undefined {
  if (!name.startsWith(`${prefix}-`)) return undefined;
  const digits = name.slice(prefix.length + 1);
  return /^(0|[1-9][0-9]{0,7})$/.test(digits) && Number(digits) < count ? Number(digits) : undefined;
}

function groupSizes(
  groups: readonly GroupSpec[],
  nodeCount: number,
  issues: Issues,
): readonly number[] | undefined {
  const sizes = groups.map((group) => group.ids?.length ?? group.count ?? 0);
  const sharing = groups.flatMap((group, index) =>
    group.share === undefined ? [] : [{ index, exact: group.share * nodeCount }],
  );
  const shareSum = groups.reduce((sum, group) => sum + (group.share ?? 0), 0);
  if (shareSum > 1 + 1e-9) {
    issues.reportAt(
      ['nodes', 'groups'],
      `the shares add up to ${Number(shareSum.toPrecision(6))}, more than 1`,
    );
    return undefined;
  }
  let left = Math.round(shareSum * nodeCount);
  for (const { index, exact } of sharing) {
    sizes[index] = Math.floor(exact);
    left -= sizes[index];
  }
  const byRemainder = [...sharing].sort(
    (a, b) => b.exact - sizes[b.index] - (a.exact - sizes[a.index]) || a.index - b.index,
  );
  for (const { index } of byRemainder.slice(0, left)) sizes[index]++;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const taker = groups.findIndex(
    ({ share, count, ids }) => share === undefined && count === undefined && ids === undefined,
  );
  if (total > nodeCount || (total < nodeCount && taker < 0)) {
    const next =
      total > nodeCount
        ? 'Make them smaller'
        : 'Let one group have no share, count or ids: it takes the rest';
    issues.reportAt(['nodes', 'groups'], `the groups have ${total} nodes, but there are ${nodeCount}`, next);
    return undefined;
  }
  if (taker >= 0) sizes[taker] = nodeCount - total;
  return sizes;
}

/** Puts the groups that name their nodes in place. */
function settleNamed(
  groups: readonly GroupSpec[],
  addresses: ReadonlyMap<string, number>,
  groupOf: Uint16Array,
  issues: Issues,
): void {
  groups.forEach((group, index) => {
    group.ids?.forEach((name, at) => {
      const path: Path = ['nodes', 'groups', index, 'ids', at];
      const address = addresses.get(name);
      if (address === undefined) {
        issues.reportAt(
          path,
          `there is no node ${quoteText(name)}`,
          meantHint(name, addresses.size > 5000 ? [] : addresses.keys()),
        );
      } else if (groupOf[address] !== nobody) {
        issues.reportAt(path, `the node ${quoteText(name)} is in a group already`);
      } else {
        groupOf[address] = index;
      }
    });
  });
}

function shuffle(addresses: number[], seed: number): void {
  const chance = RandomStream.named(seed, 'nodes.placement');
  for (let i = addresses.length - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    [addresses[i], addresses[j]] = [addresses[j], addresses[i]];
  }
}

/** Names from groups: those that a group gives, or its own name and a number. */
function madeUpNames(
  groups: readonly GroupSpec[],
  groupOf: Uint16Array,
  members: readonly (readonly number[])[],
  issues: Issues,
): NodePlan | undefined {
  const rankOf = new Uint32Array(groupOf.length);
  for (const own of members) own.forEach((address, rank) => (rankOf[address] = rank));
  const named = new Map<string, number>();
  const addressOf = (name: string): number | undefined => {
    const known = named.get(name);
    if (known !== undefined) return known;
    for (const [index, group] of groups.entries()) {
      const rank = group.ids === undefined ? numbered(group.id, name, members[index].length) : undefined;
      if (rank !== undefined) return members[index][rank];
    }
    return undefined;
  };
  const before = issues.count;
  groups.forEach((group, index) => {
    group.ids?.forEach((name, at) => {
      if (addressOf(name) !== undefined)
        issues.reportAt(['nodes', 'groups', index, 'ids', at], `two nodes are called ${quoteText(name)}`);
      named.set(name, members[index][at]);
    });
  });
  if (issues.count > before) return undefined;
  return {
    nodeCount: groupOf.length,
    groups,
    groupOf,
    addressOf,
    nameOf(address) {
      const group = groups[groupOf[address]];
      return group.ids?.[rankOf[address]] ?? `${group.id}-${rankOf[address]}`;
    },
  };
}

/** Reports whoever is meant but does not exist. */
export function checkWho(who: Who, plan: NodePlan, path: Path, issues: Issues): void {
  const groupIds = plan.groups.map(({ id }) => id);
  if (who.group !== undefined && !groupIds.includes(who.group)) {
    const expected = groupIds.length === 0 ? 'there are no groups' : `expected one of ${groupIds.join(', ')}`;
    issues.reportAt(
      [...path, 'group'],
      `there is no group ${quoted(who.group)}, ${expected}`,
      meantHint(who.group, groupIds),
    );
  }
  const fromTopology = [
    ...(plan.hasLeaders === undefined ? [] : ['hub']),
    ...(plan.hasLeaders === true ? ['leader'] : []),
    ...(plan.committee === undefined ? [] : ['committee']),
  ];
  const roles = [...new Set(['observer', ...fromTopology, ...plan.groups.flatMap(({ role }) => role ?? [])])];
  if (who.role !== undefined && !roles.includes(who.role)) {
    issues.reportAt(
      [...path, 'role'],
      `no group has the role ${quoted(who.role)}, expected one of ${roles.join(', ')}`,
      meantHint(who.role, roles),
    );
  }
  if (who.region !== undefined && !regionsOf(plan).has(who.region)) {
    const regions = [...regionsOf(plan)];
    const expected =
      regions.length === 0
        ? 'neither groups nor the topology have regions'
        : `expected one of ${regions
            .slice(0, regionsShownMax)
            .map((region) => quoteText(region, 64))
            .join(', ')}${regions.length > regionsShownMax ? ', ...' : ''}`;
    issues.reportAt(
      [...path, 'region'],
      `there is no region ${quoted(who.region)}, ${expected}`,
      meantHint(who.region, regions),
    );
  }
  const named = new Set<string>();
  who.ids?.forEach((name, index) => {
    if (named.has(name)) issues.reportAt([...path, 'ids', index], `${quoteText(name)} is named twice`);
    named.add(name);
    if (plan.addressOf(name) !== undefined) return;
    const some = Array.from({ length: Math.min(plan.nodeCount, 2000) }, (_, address) => plan.nameOf(address));
    issues.reportAt([...path, 'ids', index], `there is no node ${quoteText(name)}`, meantHint(name, some));
  });
}

const regionsShownMax = 12;

function regionsOf({ nodeCount, regionOf }: NodePlan): ReadonlySet<string> {
  const regions = new Set<string>();
  if (regionOf === undefined) return regions;
  for (let address = 0; address < nodeCount; address++) {
    const region = regionOf(address);
    if (region !== undefined) regions.add(region);
  }
  return regions;
}

/** The addresses that are meant, in order; a share or count is drawn by keys, as the simulator does. */
export function pickNodes(who: Who, plan: NodePlan, draws: KeyedDraws): number[] {
  const named = who.ids === undefined ? undefined : new Set(who.ids.map((name) => plan.addressOf(name)));
  const isOwnRole = plan.groups.some(({ role }) => role === who.role);
  const committee = who.role === 'committee' && !isOwnRole ? plan.committee : undefined;
  const members: number[] = [];
  for (let address = 0; address < plan.nodeCount; address++) {
    const group = plan.groupOf === undefined ? undefined : plan.groups[plan.groupOf[address]];
    if (named !== undefined && !named.has(address)) continue;
    if (who.group !== undefined && group?.id !== who.group) continue;
    if (committee !== undefined) {
      if (!committee.has(address)) continue;
    } else if (who.role !== undefined && group?.role !== who.role) continue;
    if (who.region !== undefined && plan.regionOf?.(address) !== who.region) continue;
    members.push(address);
  }
  const wanted = Math.min(members.length, who.count ?? Math.round((who.share ?? 1) * members.length));
  return [...drawLots(members, wanted, draws, 0)];
}
