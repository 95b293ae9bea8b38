/**
 * The host of a node that lives in this process: the same window that the simulator gives to a protocol, but with a real or manual
 * clock behind it, and a queue in the place of a network. A node here is a population of one, so its row is always 0.
 */
import type { Chance } from '../base/random.js';
import type { Host, ReportKind } from '../model/protocol.js';
import type { Seat } from './seat.js';

export class InMemoryHost implements Host {
  readonly row = 0;
  /** A node of a process keeps its state as long as it lives; one that is made anew has another address. */
  readonly incarnation = 0;

  constructor(
    private readonly seat: Seat,
    private readonly slot: number,
  ) {}

  get self(): number {
    return this.seat.address;
  }

  get nowUs(): number {
    return this.seat.fabric.nowUs;
  }

  get chance(): Chance {
    return this.seat.chance;
  }

  get peerCount(): number {
    return this.seat.links.countOf(this.seat);
  }

  peerAt(index: number): number {
    return this.seat.links.at(this.seat, index).address;
  }

  send(to: number, kind: number, a: number, b: number, c: number, d: number, body: number): void {
    this.seat.fabric.send(this.seat, to, this.slot, kind, a, b, c, d, body);
  }

  setTimer(kind: number, delayUs: number, argument: number): void {
    this.seat.fabric.setTimer(this.seat, this.slot, kind, delayUs, argument);
  }

  report(kind: ReportKind, body: number, value: number): void {
    this.seat.occupant?.reported(kind, body, value);
  }
}
