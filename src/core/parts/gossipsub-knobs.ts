/** The knobs of a mesh with gossip (protocols/spread/gossipsub.ts), each with its whole story; the paper's names in brackets. */
import { UserError } from '../base/errors.js';
import { knobs, type Values } from '../base/knobs.js';

export const gossipsubKnobs = knobs({
  degree: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 6,
    doc: 'How many members a mesh is filled up, or cut down, to (D). More is faster and tougher, and every message costs so many copies a node.',
  },
  degreeLow: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 4,
    doc: 'With fewer members the mesh is filled up (D_lo).',
  },
  degreeHigh: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 12,
    doc: 'With more members the mesh is cut down (D_hi).',
  },
  degreeScore: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 4,
    doc: 'How many stay for their score when a mesh is cut down, the rest by lot (D_score). More keeps attackers out and newcomers as well.',
  },
  degreeLazy: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 6,
    doc: 'To how many peers outside of the mesh a node tells what it has, at the least (D_lazy).',
  },
  gossipFactor: {
    kind: 'ratio',
    default: 0.25,
    doc: 'To which share of the peers outside of the mesh it tells, where that is more.',
  },
  heartbeatInterval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'How often a node mends its mesh and tells what it has. What the mesh does not bring comes that much later.',
  },
  historyGossip: {
    kind: 'integer',
    min: 1,
    max: 255,
    default: 3,
    doc: 'In how many heartbeats a message is told of.',
  },
  historyLength: {
    kind: 'integer',
    min: 1,
    max: 255,
    default: 5,
    doc: 'For how many heartbeats it is kept for those who ask; at least historyGossip.',
  },
  floodPublish: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a publisher gives its own messages to every peer, and not only to its mesh. Dear for the publisher; nobody can stand between it and all honest peers.',
  },
  pruneBackoff: {
    kind: 'duration',
    min: 0,
    default: 60_000_000,
    doc: 'For how long two nodes do not graft each other after one has pruned the other.',
  },
  scoring: {
    kind: 'boolean',
    default: true,
    doc: 'Whether nodes keep scores of their peers, prune those below 0 and keep the best when a mesh is cut down.',
  },
  scoreActivation: {
    kind: 'duration',
    min: 0,
    default: 60_000_000,
    doc: 'How long a peer is in the mesh before it is held against it that it brings nothing. Too short, and peers are judged by a lull.',
  },
  scoreExpected: {
    kind: 'number',
    min: 0,
    max: 400,
    default: 10,
    doc: 'How many deliveries, each heartbeat worth 0.3 % less, a peer of the mesh should have. Below, its score falls with the square of what is missing. 0 never asks; too much for the traffic makes honest peers prune each other.',
  },
  scoreWindow: {
    kind: 'duration',
    min: 0,
    default: 5000,
    doc: 'A copy counts as brought when it comes so soon after the first. More lets peers earn by repeating what they were told.',
  },
  ttl: {
    kind: 'integer',
    min: 1,
    max: 65_535,
    default: 1024,
    doc: 'Over how many links a message travels at the most.',
  },
  held: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 1024,
    doc: 'How many messages a node keeps at the most.',
  },
  seenCapacity: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 4096,
    doc: 'How many of the latest messages a node surely remembers in order to suppress duplicates. Each costs about 16 to 32 bytes a node.',
  },
});

export type GossipsubSettings = Values<typeof gossipsubKnobs>;

/** @throws UserError when bounds contradict each other */
export function checkGossipsub(settings: GossipsubSettings): void {
  const { degree, degreeLow, degreeHigh, historyGossip, historyLength } = settings;
  if (degreeLow > degree || degree > degreeHigh) {
    throw new UserError('bad-scenario', {
      place: 'dissemination.degree',
      what: `a mesh of ${degree} is not within its bounds, ${degreeLow} to ${degreeHigh}`,
      next: 'Choose degreeLow <= degree <= degreeHigh.',
    });
  }
  if (historyGossip > historyLength) {
    throw new UserError('bad-scenario', {
      place: 'dissemination.historyLength',
      what: `messages would be told of for ${historyGossip} heartbeats and kept for ${historyLength}`,
      next: 'Make historyLength at least historyGossip.',
    });
  }
}
