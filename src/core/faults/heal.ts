/** Heal: what cuts nodes off from each other ends before its time, or has no end of its own. Messages that were held go on their way. */
import { knobs } from '../base/knobs.js';
import { quoteText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import { faultKind } from '../model/fault.js';

export const heal = faultKind({
  name: 'heal',
  summary: 'partitions, clogs and flaps end',
  lasts: false,
  changesNodes: false,
  mends: true,
  inRounds: () => true,
  knobs: knobs({
    fault: {
      kind: 'text',
      optional: true,
      doc: 'The `id` of the partition, clog or flap that ends. Left out: all that last at the moment. One with `every` comes back at its next time.',
    },
  }),
  check({ fault }, planned) {
    const healing = planned.filter(({ kind }) => kind.heals === true).map(({ id }) => id);
    if (healing.length === 0) {
      const what = 'there is no partition, clog or flap that could heal';
      return [{ path: [], what, next: 'Add one, or leave heal out' }];
    }
    if (fault === undefined || healing.includes(fault)) return [];
    const other = planned.find(({ id }) => id === fault);
    const expected = `expected one of ${healing.join(', ')}`;
    if (other !== undefined) {
      const what = `${quoteText(fault)} is ${other.kind.name}, which heal does not end, ${expected}`;
      return [{ path: ['fault'], what, next: `Give ${quoteText(fault)} a duration where it lasts` }];
    }
    const near = suggest(fault, healing);
    const next = near === undefined ? undefined : `Did you mean ${near}?`;
    const what = `there is no partition, clog or flap ${quoteText(fault)}, ${expected}`;
    return [{ path: ['fault'], what, next }];
  },
  create(context, { fault }) {
    return {
      begin(world) {
        for (const node of world.heal(fault)) context.touchNode(node);
      },
    };
  },
});
