/**
 * The latest of many: a shelf with room for so many things of so much weight together. When a new one does not fit, the oldest go. So
 * it can be looked at after a year of running, and has cost no more than after an hour.
 */
export class History<Item> {
  #items: (Item | undefined)[] = [];
  #weights: number[] = [];
  /** Place of the oldest. */
  #first = 0;
  #count = 0;
  #weight = 0;
  /** Things that were once here or were too heavy to come in. */
  forgotten = 0;

  /**
   * @param itemsMax how many are kept, at least 0
   * @param weightMax how much they may weigh together, in the unit of `push`
   */
  constructor(
    private readonly itemsMax: number,
    private readonly weightMax: number,
  ) {}

  get size(): number {
    return this.#count;
  }

  push(item: Item, weight: number): void {
    if (this.itemsMax === 0 || weight > this.weightMax) {
      this.forgotten++;
      return;
    }
    while (this.#count === this.itemsMax || this.#weight + weight > this.weightMax) this.#drop();
    if (this.#count === this.#items.length) this.#grow();
    const place = (this.#first + this.#count) % this.#items.length;
    this.#items[place] = item;
    this.#weights[place] = weight;
    this.#weight += weight;
    this.#count++;
  }

  /** From the oldest to the latest. */
  toArray(): Item[] {
    const items: Item[] = [];
    for (let i = 0; i < this.#count; i++) {
      items.push(this.#items[(this.#first + i) % this.#items.length] as Item);
    }
    return items;
  }

  clear(): void {
    this.#items = [];
    this.#weights = [];
    this.#first = 0;
    this.#count = 0;
    this.#weight = 0;
    this.forgotten = 0;
  }

  #drop(): void {
    this.#items[this.#first] = undefined;
    this.#weight -= this.#weights[this.#first];
    this.#first = (this.#first + 1) % this.#items.length;
    this.#count--;
    this.forgotten++;
  }

  #grow(): void {
    const items: (Item | undefined)[] = this.toArray();
    const weights = items.map((_, i) => this.#weights[(this.#first + i) % this.#items.length]);
    const length = Math.min(this.itemsMax, Math.max(16, 2 * items.length));
    while (items.length < length) {
      items.push(undefined);
      weights.push(0);
    }
    this.#items = items;
    this.#weights = weights;
    this.#first = 0;
  }
}
