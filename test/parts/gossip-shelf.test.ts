/** Shelves of limited length, and digests that are compared with them. */
import { expect, it } from 'vitest';
import { BodyStore } from '../../src/core/parts/body-store.js';
import { digestIn, ShelfDigests } from '../../src/core/parts/gossip-digest.js';
import { GossipShelf, holdings } from '../../src/core/parts/gossip-shelf.js';

it('knows a digest of the same messages, also after the oldest made room', () => {
  const bodies = new BodyStore();
  const shelf = new GossipShelf(2, 2, bodies);
  const digests = new ShelfDigests(shelf, bodies);
  const put = (row: number, x: number): void => {
    const body = { origin: 0, incarnation: 0, step: 0, sequence: x, timestampMs: 0, data: x, canonical: '' };
    const handle = bodies.add({ ...body, sizeBytes: 0, digest0: 0, digest1: 0 });
    shelf.put(row, { step: 0, value: 0, sequence: x, body: handle, x, y: 7 * x }, 0, holdings.kept);
    digests.changed(row);
  };
  const isSame = (): boolean | undefined => {
    const handle = digests.of(1, 1, 0);
    return digestIn(bodies.get(handle))?.isAllOf(shelf, 0);
  };
  for (const x of [1, 2, 3]) put(0, x);
  put(1, 2);
  expect(isSame()).toBe(false);
  put(1, 3);
  expect(isSame()).toBe(true);
  put(1, 4);
  expect(isSame()).toBe(false);
});
