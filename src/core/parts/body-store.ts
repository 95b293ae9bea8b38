/** The table of bodies: an array, a count of references for each, and a pile of free handles. */
import { assert } from '../base/assert.js';
import type { Bodies, Body } from '../model/bodies.js';

export class BodyStore implements Bodies {
  readonly #bodies: (Body | undefined)[] = [undefined];
  #references = new Int32Array(64);
  readonly #free: number[] = [];

  /** @param onForgotten told of every handle whose last reference went */
  constructor(private readonly onForgotten?: (handle: number) => void) {}

  /** Bodies that somebody refers to. */
  get size(): number {
    return this.#bodies.length - 1 - this.#free.length;
  }

  add(body: Body): number {
    const handle = this.#free.pop() ?? this.#bodies.length;
    this.#bodies[handle] = body;
    if (handle >= this.#references.length) {
      const larger = new Int32Array(this.#references.length * 2);
      larger.set(this.#references);
      this.#references = larger;
    }
    this.#references[handle] = 1;
    return handle;
  }

  get(handle: number): Body {
    const body = this.#bodies[handle];
    assert(body !== undefined, 'a handle that is in use has a body');
    return body;
  }

  retain(handle: number): void {
    if (handle !== 0) this.#references[handle]++;
  }

  release(handle: number): void {
    if (handle === 0) return;
    const left = --this.#references[handle];
    assert(left >= 0, 'a body is released once for each reference');
    if (left > 0) return;
    this.onForgotten?.(handle);
    this.#bodies[handle] = undefined;
    this.#free.push(handle);
  }
}
