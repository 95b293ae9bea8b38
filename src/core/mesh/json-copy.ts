/**
 * Takes a private, frozen copy of somebody's data, so that whoever handed it in can go on changing his, and whoever receives it can
 * change nothing. Written for data from strangers: nested deeper than a call stack, getters that throw, proxies that never end,
 * keys called `__proto__`. Whatever it is, the answer is a JSON value of bounded size or a reason why not.
 */

export interface CopyLimits {
  /** Strings, numbers, objects, keys and so on, in all. */
  readonly valuesMax: number;
  /** UTF-16 code units of all strings and keys together. */
  readonly charactersMax: number;
}

/** As much as a line of a log may have: 64 Mi characters, and a million values. */
export const defaultCopyLimits: CopyLimits = { valuesMax: 1_000_000, charactersMax: 64 * 1024 * 1024 };

/** Why a value could not be copied: `too-large` or `not-json`, and a short sentence that is safe to print. */
export class CopyRefusal extends Error {
  override readonly name = 'CopyRefusal';

  constructor(
    readonly kind: 'too-large' | 'not-json',
    message: string,
  ) {
    super(message);
  }
}

type Container = unknown[] | Record<string, unknown>;

interface Level {
  readonly source: object;
  readonly copy: Container;
  /** Undefined for a list. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/** A copy with what it weighs. */
export interface JsonCopy {
  readonly value: unknown;
  /** About how many bytes it takes in memory. */
  readonly weight: number;
}

class Copier {
  #values = 0;
  #characters = 0;
  readonly #path = new Set<object>();
  readonly #levels: Level[] = [];

  constructor(private readonly limits: CopyLimits) {}

  get weight(): number {
    return 2 * this.#characters + 16 * this.#values;
  }

  copy(source: unknown): unknown {
    const result = this.#begin(source);
    const levels = this.#levels;
    while (levels.length > 0) {
      const level = levels[levels.length - 1];
      if (level.next === level.length) {
        Object.freeze(level.copy);
        this.#path.delete(level.source);
        levels.pop();
        continue;
      }
      const index = level.next++;
      if (level.keys === undefined) {
        const child = (level.source as readonly unknown[])[index];
        // As JSON.stringify has it: a hole in a list becomes null.
        (level.copy as unknown[]).push(this.#begin(child === undefined ? null : child));
        continue;
      }
      const key = level.keys[index];
      const child = (level.source as Readonly<Record<string, unknown>>)[key];
      if (child === undefined) continue;
      this.#count(key.length);
      put(level.copy as Record<string, unknown>, key, this.#begin(child));
    }
    return result;
  }

  /** The copy of a scalar, or the still empty copy of a container that is filled in its turn. */
  #begin(source: unknown): unknown {
    this.#count(typeof source === 'string' ? source.length : 0);
    switch (typeof source) {
      case 'string':
      case 'boolean':
        return source;
      case 'number':
        if (!Number.isFinite(source)) throw new CopyRefusal('not-json', `${source} is not JSON`);
        return Object.is(source, -0) ? 0 : source;
      case 'object':
        return source === null ? null : this.#open(source);
      default:
        throw new CopyRefusal('not-json', `a value of type ${typeof source} is not JSON`);
    }
  }

  #open(source: object): unknown {
    if (this.#path.has(source)) throw new CopyRefusal('not-json', 'a value that contains itself is not JSON');
    if (Array.isArray(source)) return this.#enter(source, [], undefined, source.length);
    const toJson = (source as { toJSON?: unknown }).toJSON;
    if (typeof toJson === 'function') {
      const told: unknown = toJson.call(source);
      if (typeof told === 'object' && told !== null) {
        throw new CopyRefusal('not-json', 'a value that turns into another object for JSON');
      }
      return this.#begin(told === undefined ? null : told);
    }
    if (source instanceof Map || source instanceof Set || ArrayBuffer.isView(source)) {
      throw new CopyRefusal('not-json', 'maps, sets and typed arrays are not JSON');
    }
    const keys = Object.keys(source);
    return this.#enter(source, {}, keys, keys.length);
  }

  #enter(source: object, copy: Container, keys: readonly string[] | undefined, length: number): Container {
    this.#path.add(source);
    this.#levels.push({ source, copy, keys, length, next: 0 });
    return copy;
  }

  #count(characters: number): void {
    this.#values++;
    this.#characters += characters;
    if (this.#values > this.limits.valuesMax) {
      throw new CopyRefusal('too-large', `more than ${this.limits.valuesMax} values`);
    }
    if (this.#characters > this.limits.charactersMax) {
      throw new CopyRefusal('too-large', `more than ${this.limits.charactersMax} characters`);
    }
  }
}

/** Sets a property of the object's own, even one called `__proto__`. */
function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/**
 * Copies and freezes a JSON value. Properties that are undefined are left out; what has a `toJSON` that gives a string or a number,
 * such as a date, becomes that.
 * @throws CopyRefusal when it is no JSON value or too large
 * @throws whatever a getter or a proxy of the source throws
 */
export function copyJson(source: unknown, limits: CopyLimits = defaultCopyLimits): JsonCopy {
  const copier = new Copier(limits);
  const value = copier.copy(source);
  return { value, weight: copier.weight };
}
