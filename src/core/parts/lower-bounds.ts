/**
 * What no protocol can beat: a rumour cannot grow faster than its nodes make calls, a result cannot be there before light has carried every
 * report up and back down, and a leader has to send its result to each of its members. Small arithmetic, in one place, so that every line of
 * a report that says "impossible" has its reason here and its test beside it.
 */
import { exp, ln } from '../base/math.js';
import type { Hierarchy } from '../model/hierarchy.js';
import type { LatencyModel } from '../model/experiment.js';
import type { Graph } from '../model/topology.js';

/** Who calls whom in one activation: `out` nodes tell others, `back` nodes ask and are told. */
export interface CallStyle {
  readonly push: boolean;
  readonly pull: boolean;
  readonly fanout: number;
}

/**
 * How many nodes ask one node in a cycle on the average, at the most popular node: the sum over its neighbours of the chance that they call
 * it, min(fanout, degree) / degree. In a regular graph it is the fanout.
 */
export function callsToMostPopular(graph: Graph, fanout: number): number {
  const { nodeCount } = graph;
  // Of a complete graph the answer is known, and its million million arcs need not be looked at.
  if (graph.edgeCount === (nodeCount * (nodeCount - 1)) / 2) return Math.min(fanout, nodeCount - 1);
  let most = 0;
  for (let node = 0; node < nodeCount; node++) {
    let calls = 0;
    const degree = graph.neighbourCount(node);
    for (let i = 0; i < degree; i++) {
      const others = graph.neighbourCount(graph.neighbourAt(node, i));
      calls += Math.min(fanout, others) / others;
    }
    if (calls > most) most = calls;
  }
  return most;
}

/**
 * Rounds (whole) before which a rumour has reached all n nodes in less than half of all runs. One round multiplies the expected number of those who
 * know by at most 1 + pushes + pulls, so after r rounds it is at most that to the r, and by Markov's inequality the chance that all n know is at most
 * that over n. Without pulls nothing is left to chance: a push reaches one node, and nobody is beyond (1 + fanout)^r = n.
 */
export function roundsForRumour(n: number, { push, pull, fanout }: CallStyle, pullCalls: number): number {
  const growth = 1 + (push ? fanout : 0) + (pull ? pullCalls : 0);
  const needed = pull ? n / 2 : n;
  let rounds = 0;
  for (let reached = 1; reached < needed; reached *= growth) rounds++;
  return rounds;
}

/**
 * The same where nodes take their turns at times of their own: cycles (a fraction) before which all n know in less than half of all runs. The
 * expected number of those who know grows at most like exp(x t) with t in cycles, where x solves
 * x = pushes exp(-x d) + pulls exp(-2 x d): a push takes the latency d, an answer to a pull twice that.
 * @param delay latency of the fastest link, in cycles
 */
export function cyclesForRumour(
  n: number,
  { push, pull, fanout }: CallStyle,
  pullCalls: number,
  delay: number,
): number {
  const calls = (x: number): number =>
    (push ? fanout * exp(-x * delay) : 0) + (pull ? pullCalls * exp(-2 * x * delay) : 0);
  // calls() falls and x grows, so that they meet once; the upper end is kept, which makes the bound smaller and never wrong.
  let low = 0;
  let high = calls(0);
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (calls(middle) > middle) low = middle;
    else high = middle;
  }
  return n <= 2 || high === 0 ? 0 : ln(n / 2) / high;
}

/**
 * The longest way of one node's report to another node's result, in microseconds of one-way latency alone: up from the node to the leader at the
 * top, across to another group's leader, and down to its farthest node. Leaders are the preferred candidates.
 */
export function longestWayUs(levels: Hierarchy, latency: LatencyModel): number {
  const lead = (group: number): number => levels.candidateAt(group, 0);
  const between = (from: number, to: number): number => (from === to ? 0 : latency.latencyUs(from, to));
  /** Farthest member below each group, up and down. */
  const upUs = new Float64Array(levels.groupCount);
  const downUs = new Float64Array(levels.groupCount);
  for (let group = 0; group < levels.groupCount; group++) {
    const leader = lead(group);
    for (let place = 0; place < levels.memberCount(group); place++) {
      const member = levels.memberAt(group, place);
      const isNode = group < levels.nodeGroupCount;
      const from = isNode ? member : lead(member);
      upUs[group] = Math.max(upUs[group], (isNode ? 0 : upUs[member]) + between(from, leader));
      downUs[group] = Math.max(downUs[group], (isNode ? 0 : downUs[member]) + between(leader, from));
    }
  }
  let longestUs = 0;
  for (let one = levels.topStart; one < levels.groupCount; one++) {
    for (let other = levels.topStart; other < levels.groupCount; other++)
      longestUs = Math.max(longestUs, upUs[one] + between(lead(one), lead(other)) + downUs[other]);
  }
  return longestUs;
}

/** Members of the largest group of nodes. */
export function largestGroup(levels: Hierarchy): number {
  let largest = 0;
  for (let group = 0; group < levels.nodeGroupCount; group++)
    largest = Math.max(largest, levels.memberCount(group));
  return largest;
}
