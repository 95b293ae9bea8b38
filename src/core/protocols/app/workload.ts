/**
 * What the nodes of a simulation are there for: they publish what the scenario's workload says, when it says so, and those with the role
 * of an observer take note of every distinct message that reaches them, good or bad.
 */
import type { Envelope } from '../../model/envelope.js';
import { protocol, reportKinds, type Host, type Population } from '../../model/protocol.js';
import type { Receiver, Wiring } from '../../model/stack.js';
import type { Duty, WriteOperand } from '../../model/workload.js';
import { Publisher } from '../../parts/publisher.js';

class Workload implements Population, Receiver {
  readonly #publisher: Publisher;
  /** What each node has written into its state slot so far. */
  readonly #writes: Uint32Array;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly wiring: Wiring,
  ) {
    this.#publisher = new Publisher(host, rows, wiring);
    this.#writes = new Uint32Array(rows);
  }

  start(reason: 'boot' | 'state-kept' | 'state-lost'): void {
    if (reason === 'state-lost') this.#publisher.reset();
    const duties = this.wiring.duties.of(this.host.self);
    for (let i = 0; i < duties.length; i++) this.#waitFor(duties[i], i, this.host.nowUs);
  }

  timer(_kind: number, index: number): void {
    const { host, wiring } = this;
    const duty = wiring.duties.of(host.self)[index];
    if (wiring.quorum?.admits() !== false) {
      const step = wiring.clock?.now() ?? 0;
      if (duty.write === undefined) {
        this.#publisher.publish(duty.makePayload(host.chance, step, this.#publisher.nextSequence));
      } else {
        const number = this.#writes[host.row]++;
        wiring.state?.write(duty.write, duty.makePayload(host.chance, step, number) as WriteOperand);
      }
    }
    this.#waitFor(duty, index, host.nowUs + 1);
  }

  receive(): void {
    // The spread slot delivers.
  }

  deliver(envelope: Envelope, flag: number): void {
    if (this.wiring.isObserver(this.host.self)) this.host.report(reportKinds.observed, envelope.body, flag);
  }

  /** Sets the timer for the duty's first moment at or after `earliestUs`, if there is one; the rhythm survives restarts. */
  #waitFor(duty: Duty, index: number, earliestUs: number): void {
    let dueUs = duty.fromUs;
    if (dueUs < earliestUs) {
      if (duty.everyUs === 0) return;
      dueUs += Math.ceil((earliestUs - dueUs) / duty.everyUs) * duty.everyUs;
    }
    if (dueUs <= duty.untilUs) this.host.setTimer(0, Math.max(1, dueUs - this.host.nowUs), index);
  }
}

export const workload = protocol({
  name: 'workload',
  summary: 'publish what the scenario says; observers take note of what reaches them',
  slot: 'app',
  followsPlan: true,
  knobs: {},
  messages: [],
  create(host, rows, _parameters, wiring) {
    const population = new Workload(host, rows, wiring);
    wiring.app = population;
    return population;
  },
});
