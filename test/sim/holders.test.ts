/** Who holds what, while nodes come and go: counted step by step by the simulator, and afresh after each step here. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Convergence } from '../../src/core/sim/convergence.js';
import type { WorldChanges } from '../../src/core/sim/world.js';

const nodes = 3;
const messages = 2;
const step = fc.record({
  what: fc.constantFrom('publish', 'deliver', 'deliver', 'down', 'up', 'up-empty'),
  node: fc.nat({ max: nodes - 1 }),
  message: fc.nat({ max: messages - 1 }),
});

it('nodes hold equal state when each publication is held by all who are up, or by none', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const up = new Set(Array.from({ length: nodes }, (_, node) => node));
      const world = {
        get honestUpCount() {
          return up.size;
        },
      } as unknown as WorldChanges;
      const convergence = new Convergence(nodes, world, true, 0, false, messages);
      const holders = new Map<number, Set<number>>();
      steps.forEach(({ what, node, message }, nowUs) => {
        if (what === 'publish' && up.has(node) && !holders.has(message)) {
          holders.set(message, new Set([node]));
          convergence.published(message, node, nowUs);
        } else if (what === 'deliver' && up.has(node) && holders.has(message)) {
          holders.get(message)?.add(node);
          convergence.delivered(message, node, nowUs);
        } else if (what === 'down' && up.delete(node)) {
          convergence.nodeDown(node, nowUs);
        } else if (what.startsWith('up') && !up.has(node)) {
          up.add(node);
          if (what === 'up-empty') for (const all of holders.values()) all.delete(node);
          convergence.nodeUp(node, nowUs, what === 'up-empty');
        } else return;
        const equal = [...holders.values()].every((all) => {
          const live = [...all].filter((holder) => up.has(holder)).length;
          return live === 0 || live === up.size;
        });
        expect(convergence.convergedUs !== undefined).toBe(equal);
      });
    }),
    { numRuns: 2000 },
  );
});
