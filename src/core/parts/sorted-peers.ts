/**
 * Which of my peers is this? Neighbours in a topology stand in the order of their addresses, like names in a telephone book, so an
 * address is found by opening the book in the middle, and again in the half that is left: three looks among eight, twenty among a million.
 */
import type { Host } from '../model/protocol.js';
import type { PeerView } from '../model/stack.js';

/** The neighbours in the topology of the node whose turn it is; ascending by address. */
export function neighboursOf(host: Pick<Host, 'peerCount' | 'peerAt'>): PeerView {
  return { count: () => host.peerCount, at: (index) => host.peerAt(index) };
}

/**
 * @param sorted peers, ascending by address
 * @returns the place of the address among them, -1 when it is not there
 */
export function positionAmong(sorted: PeerView, address: number): number {
  const count = sorted.count();
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted.at(middle) < address) from = middle + 1;
    else to = middle;
  }
  return from < count && sorted.at(from) === address ? from : -1;
}
