/**
 * The step clock of the original design: a node that hears of a later step moves there at once, own := max(own, heard + 1). That is
 * Lamport's logical clock ("Time, clocks, and the ordering of events in a distributed system", CACM 21(7), 1978). It needs no
 * agreement and a late joiner catches up with one message. One liar sets the clock for everybody, unless `maxJump` holds it back.
 */
import { knobs, type Values } from '../../base/knobs.js';
import { protocol, reportKinds, type Host } from '../../model/protocol.js';
import { counterBytes, counterKnobs, StepCounter } from '../../parts/step-counter.js';

const maxKnobs = knobs({
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that one message may move a clock; messages from farther ahead are accepted but not followed. Left out, there is no bound, and one message can move the clock to the end of all steps. A late joiner is further behind the longer it was away, so a small bound keeps it out.',
  },
  ...counterKnobs,
});

class MaxClock extends StepCounter {
  readonly #maxJump: number;

  constructor(host: Host, rows: number, parameters: Values<typeof maxKnobs>) {
    super(host, rows, parameters);
    this.#maxJump = parameters.maxJump ?? Number.MAX_SAFE_INTEGER;
  }

  observe(_origin: number, claimedStep: number): void {
    const own = this.now();
    if (claimedStep < own || claimedStep - own > this.#maxJump) return;
    this.advanceTo(claimedStep + 1);
    this.host.report(reportKinds.adopted, 0, this.now());
  }

  faultsBorne(): number {
    return 0;
  }
}

export const max = protocol({
  name: 'max',
  summary: 'own := max(own, heard + 1); quick, and one liar sets the clock',
  slot: 'clock',
  knobs: maxKnobs,
  messages: [],
  eventsOnly: ['interval'],
  memoryBytes: ({ nodeCount }, parameters) => counterBytes(nodeCount, parameters),
  create(host, rows, parameters, wiring) {
    return (wiring.clock = new MaxClock(host, rows, parameters));
  },
});
