/**
 * What each node has published lately, for those who could not hear it: the pages of a diary, torn out again once everybody has read
 * them. Bounded; when it is full the oldest page goes, and is counted.
 */
import type { Bodies } from '../model/bodies.js';

export interface Written {
  readonly atUs: number;
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: number;
}

export class WrittenLog {
  /** By row, oldest first. */
  readonly #pages: (Written[] | undefined)[];
  /** Pages that went because there was no room. */
  dropped = 0;

  constructor(
    rows: number,
    private readonly capacity: number,
    private readonly bodies: Bodies,
  ) {
    this.#pages = new Array<Written[] | undefined>(rows);
  }

  /** Takes a reference to the body. */
  add(row: number, page: Written): void {
    const pages = (this.#pages[row] ??= []);
    this.bodies.retain(page.body);
    pages.push(page);
    if (pages.length <= this.capacity) return;
    this.#tear(pages, 1);
    this.dropped++;
  }

  /** Forgets what was published before this moment. */
  prune(row: number, fromUs: number): void {
    const pages = this.#pages[row];
    if (pages === undefined) return;
    let old = 0;
    while (old < pages.length && pages[old].atUs < fromUs) old++;
    if (old > 0) this.#tear(pages, old);
  }

  /** What was published at this moment or later, oldest first. */
  since(row: number, fromUs: number): readonly Written[] {
    return this.#pages[row]?.filter(({ atUs }) => atUs >= fromUs) ?? [];
  }

  forget(row: number): void {
    const pages = this.#pages[row];
    if (pages !== undefined) this.#tear(pages, pages.length);
  }

  #tear(pages: Written[], count: number): void {
    for (const { body } of pages.splice(0, count)) this.bodies.release(body);
  }
}
