/**
 * Who may talk to whom. By default everybody to everybody, which is a formula and costs nothing; links can be cut one by one, or the
 * network starts empty and links are drawn one by one. Neighbours are listed in the order of their addresses, as in the simulator.
 */
import type { Seat } from './seat.js';

export class Links {
  readonly #seats: Seat[] = [];
  /** Links that differ from the rule: cut ones of a complete network, drawn ones of an empty one. By address, both ways. */
  readonly #exceptions = new Map<number, Map<number, Seat>>();
  /** Neighbours of seats that have exceptions, until something changes. */
  readonly #lists = new Map<number, readonly Seat[]>();

  constructor(private readonly complete: boolean) {}

  get count(): number {
    return this.#seats.length;
  }

  add(seat: Seat): void {
    seat.index = this.#seats.length;
    this.#seats.push(seat);
    this.#lists.clear();
  }

  /** Takes a seat away with all its links. */
  remove(seat: Seat): void {
    this.#seats.splice(seat.index, 1);
    for (let i = seat.index; i < this.#seats.length; i++) this.#seats[i].index = i;
    for (const other of this.#exceptions.get(seat.address)?.values() ?? []) this.#drop(other, seat);
    this.#exceptions.delete(seat.address);
    this.#lists.clear();
  }

  connect(a: Seat, b: Seat): void {
    this.#set(a, b, !this.complete);
  }

  disconnect(a: Seat, b: Seat): void {
    this.#set(a, b, this.complete);
  }

  areConnected(a: Seat, b: Seat): boolean {
    if (a === b || !a.attached || !b.attached) return false;
    return (this.#exceptions.get(a.address)?.has(b.address) ?? false) !== this.complete;
  }

  countOf(seat: Seat): number {
    if (!seat.attached) return 0;
    return this.#isPlain(seat) ? this.#seats.length - 1 : this.#listOf(seat).length;
  }

  /** The index-th neighbour, 0 <= index < countOf(seat). */
  at(seat: Seat, index: number): Seat {
    if (!this.#isPlain(seat)) return this.#listOf(seat)[index];
    return this.#seats[index < seat.index ? index : index + 1];
  }

  /** Linked to everybody? */
  #isPlain(seat: Seat): boolean {
    return this.complete && !this.#exceptions.has(seat.address);
  }

  #listOf(seat: Seat): readonly Seat[] {
    let list = this.#lists.get(seat.address);
    if (list === undefined) {
      const exceptions = this.#exceptions.get(seat.address);
      list = this.complete
        ? this.#seats.filter((other) => other !== seat && exceptions?.has(other.address) !== true)
        : [...(exceptions?.values() ?? [])].sort((p, q) => p.address - q.address);
      this.#lists.set(seat.address, list);
    }
    return list;
  }

  #set(a: Seat, b: Seat, exception: boolean): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      if (!exception) this.#drop(one, other);
      else {
        const exceptions = this.#exceptions.get(one.address) ?? new Map<number, Seat>();
        this.#exceptions.set(one.address, exceptions.set(other.address, other));
      }
      this.#lists.delete(one.address);
    }
  }

  #drop(seat: Seat, other: Seat): void {
    const exceptions = this.#exceptions.get(seat.address);
    exceptions?.delete(other.address);
    if (exceptions?.size === 0) this.#exceptions.delete(seat.address);
  }
}
