/** Heal: what separates the nodes ends before its time, or has no end of its own. Messages that were held go on their way. */
import { knobs } from '../base/knobs.js';
import { quoteText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import { faultKind } from '../model/fault.js';

export const heal = faultKind({
  name: 'heal',
  summary: 'partitions end',
  lasts: false,
  changesNodes: false,
  mends: true,
  inRounds: () => true,
  knobs: knobs({
    fault: {
      kind: 'text',
      optional: true,
      doc: 'The `id` of the partition that ends. Left out: all that last at the moment. One with `every` comes back at its next time.',
    },
  }),
  check({ fault }, planned) {
    const healing = planned.filter(({ kind }) => kind.heals === true).map(({ id }) => id);
    const expected = `expected ${healing.length === 0 ? 'a partition with an id' : `one of ${healing.join(', ')}`}`;
    if (fault === undefined) {
      return healing.length > 0
        ? []
        : [{ path: [], what: 'there is no partition that could heal', next: 'Add one, or leave heal out' }];
    }
    if (healing.includes(fault)) return [];
    const near = suggest(fault, healing);
    const next = near === undefined ? undefined : `Did you mean ${near}?`;
    return [{ path: ['fault'], what: `there is no partition ${quoteText(fault)}, ${expected}`, next }];
  },
  create(context, { fault }) {
    return {
      begin(world) {
        for (const node of world.heal(fault)) context.touchNode(node);
      },
    };
  },
});
