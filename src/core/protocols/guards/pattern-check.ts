/**
 * The check that gave the project its idea: every receiver computes the pattern value of the message's step alone and compares. It
 * shows a sender whose seed, interval or step arithmetic differs. It is no security: values can be guessed, and the data is not
 * covered. See docs/pattern.md.
 */
import type { Envelope } from '../../model/envelope.js';
import { flags, protocol, type Population } from '../../model/protocol.js';
import type { Guard, Wiring } from '../../model/stack.js';

class PatternCheck implements Population, Guard {
  constructor(private readonly wiring: Wiring) {}

  judge(envelope: Envelope): number {
    return this.wiring.pattern.value(envelope.a) === envelope.b ? flags.none : flags.patternMismatch;
  }

  start(): void {
    // Stateless.
  }

  receive(): void {
    // Sends nothing, so nothing arrives.
  }

  timer(): void {
    // Waits for nothing.
  }
}

export const patternCheck = protocol({
  name: 'pattern-check',
  summary: 'recompute the pattern value of each message and flag those that differ',
  slot: 'guards',
  knobs: {},
  messages: [],
  create(_host, _rows, _parameters, wiring) {
    const population = new PatternCheck(wiring);
    wiring.guards.push(population);
    return population;
  },
});
