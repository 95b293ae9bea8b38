/**
 * A hierarchy written down in lists: for each node its home, for each group its parent and the candidates for its lead. The members of
 * a home are the nodes in order of address; twelve bytes a node, nothing that depends on chance.
 */
import { assert } from '../base/assert.js';
import type { Hierarchy } from '../model/hierarchy.js';

const none: readonly number[] = [];

export interface SeatLists {
  /** Home by address: 0 to the number of groups of nodes - 1. */
  readonly homes: Int32Array;
  /** Parent by group, -1 at the top. A parent has a larger number than its children, and the top comes last. */
  readonly parents: readonly number[];
  /** Addresses by group, the preferred one first; at least one each. */
  readonly candidates: readonly (readonly number[])[];
}

export class SeatPlan implements Hierarchy {
  readonly nodeCount: number;
  readonly groupCount: number;
  readonly nodeGroupCount: number;
  readonly topStart: number;
  /** Home and place of each node, side by side: who asks for one asks for the other, and two arrays would be two cache misses. */
  readonly #seats: Int32Array;
  /** Members of the groups of nodes, one group after another, and where each begins. */
  readonly #members: Int32Array;
  readonly #starts: Int32Array;
  readonly #childGroups: readonly (readonly number[])[];
  readonly #groupPlaces: readonly number[];
  readonly #candidacies = new Map<number, number[]>();

  constructor(
    private readonly lists: SeatLists,
    nodeGroupCount: number,
  ) {
    const { homes, parents, candidates } = lists;
    this.nodeCount = homes.length;
    this.groupCount = parents.length;
    this.nodeGroupCount = nodeGroupCount;
    const topStart = parents.indexOf(-1);
    this.topStart = topStart;
    assert(topStart >= 0 && parents.slice(topStart).every((parent) => parent === -1), 'the top comes last');
    assert(
      candidates.length === parents.length && candidates.every(({ length }) => length > 0),
      'every group has a candidate',
    );
    this.#seats = new Int32Array(homes.length * 2);
    this.#members = new Int32Array(homes.length);
    this.#starts = new Int32Array(nodeGroupCount + 1);
    for (const home of homes) this.#starts[home + 1]++;
    for (let group = 0; group < nodeGroupCount; group++) this.#starts[group + 1] += this.#starts[group];
    const filled = this.#starts.slice();
    homes.forEach((home, address) => {
      this.#seats[address * 2] = home;
      this.#seats[address * 2 + 1] = filled[home] - this.#starts[home];
      this.#members[filled[home]++] = address;
    });
    const children: number[][] = parents.map(() => []);
    this.#groupPlaces = parents.map((parent, group) => {
      assert(parent === -1 || parent > group, 'a parent has a larger number than its children');
      return parent === -1 ? group - topStart : children[parent].push(group) - 1;
    });
    this.#childGroups = children;
    candidates.forEach((addresses, group) => {
      for (const address of addresses) {
        const groups = this.#candidacies.get(address);
        if (groups === undefined) this.#candidacies.set(address, [group]);
        else groups.push(group);
      }
    });
  }

  homeOf(address: number): number {
    return this.#seats[address * 2];
  }

  placeOf(address: number): number {
    return this.#seats[address * 2 + 1];
  }

  parentOf(group: number): number {
    return this.lists.parents[group];
  }

  placeOfGroup(group: number): number {
    return this.#groupPlaces[group];
  }

  memberCount(group: number): number {
    return group < this.nodeGroupCount
      ? this.#starts[group + 1] - this.#starts[group]
      : this.#childGroups[group].length;
  }

  memberAt(group: number, place: number): number {
    return group < this.nodeGroupCount
      ? this.#members[this.#starts[group] + place]
      : this.#childGroups[group][place];
  }

  candidateCount(group: number): number {
    return this.lists.candidates[group].length;
  }

  candidateAt(group: number, rank: number): number {
    return this.lists.candidates[group][rank];
  }

  candidaciesOf(address: number): readonly number[] {
    return this.#candidacies.get(address) ?? none;
  }
}
