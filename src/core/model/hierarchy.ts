/**
 * Who is below whom. A large network is cut into groups of nodes, these into groups of groups, and the groups at the top talk to one another.
 * Every node belongs to one lowest group, its home. Every group has candidates for its lead, in order of preference; who of
 * them leads at a time is for a protocol to find out. A topology that knows levels says so with this.
 */
export interface Hierarchy {
  readonly nodeCount: number;
  /** Groups are numbered: those of nodes first, from 0; those without a parent, the top, last. */
  readonly groupCount: number;
  /** Groups below this number have nodes as members, the others have groups. */
  readonly nodeGroupCount: number;
  /** Groups from this number on are the top. */
  readonly topStart: number;
  /** The group of nodes that a node belongs to. */
  homeOf(address: number): number;
  /** A node's place in its home, 0 to the home's member count - 1. */
  placeOf(address: number): number;
  /** The group that a group belongs to; -1 at the top. */
  parentOf(group: number): number;
  /** A group's place in its parent. */
  placeOfGroup(group: number): number;
  /** Addresses for a group of nodes, numbers of groups for the others. */
  memberCount(group: number): number;
  memberAt(group: number, place: number): number;
  candidateCount(group: number): number;
  /** Address of a candidate; rank 0 is preferred. */
  candidateAt(group: number, rank: number): number;
  /** The groups that a node may have to lead, in order of number; mostly none. */
  candidaciesOf(address: number): readonly number[];
}
