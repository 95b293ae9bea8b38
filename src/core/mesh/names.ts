/**
 * The address book. Members have addresses from 0 up; a sender that is only known from a message handed in gets a negative one for as
 * long as one of its messages is under way. An entry goes when nobody refers to it, so strangers cannot fill the book.
 */
interface Entry {
  readonly name: string;
  references: number;
}

export class Names {
  readonly #entries = new Map<number, Entry>();
  readonly #addresses = new Map<string, number>();
  #nextMember = 0;
  #nextStranger = -2;

  /** Entries in the book. */
  get size(): number {
    return this.#entries.size;
  }

  /** A new address for a member, which refers to it until `release`. */
  addMember(name: string): number {
    const address = this.#nextMember++;
    this.#entries.set(address, { name, references: 1 });
    this.#addresses.set(name, address);
    return address;
  }

  /** The address that goes with a name; a stranger's is made up. */
  addressOf(name: string): number {
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const address = this.#nextStranger--;
    this.#entries.set(address, { name, references: 0 });
    this.#addresses.set(name, address);
    return address;
  }

  nameOf(address: number): string {
    return this.#entries.get(address)?.name ?? '';
  }

  retain(address: number): void {
    const entry = this.#entries.get(address);
    if (entry !== undefined) entry.references++;
  }

  release(address: number): void {
    const entry = this.#entries.get(address);
    if (entry === undefined || --entry.references > 0) return;
    this.#entries.delete(address);
    if (this.#addresses.get(entry.name) === address) this.#addresses.delete(entry.name);
  }
}
