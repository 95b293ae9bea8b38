/**
 * A doorbell with many ringers: handlers are called in the order in which they came, and one that throws, or returns a promise that is
 * rejected, keeps neither the others nor the sender from going on. What it threw goes to whoever owns the bell.
 */

/** Takes a handler off again. Calling it twice does no harm. */
export type Unsubscribe = () => void;

/** What went wrong in a handler: the thing thrown, whatever it is. */
export type MishapListener = (cause: unknown) => void;

export class Emitter<Arguments extends readonly unknown[]> {
  /** Never changed in place: handlers may come and go while it is walked. */
  #handlers: readonly { readonly call: (...values: Arguments) => unknown }[] = [];

  constructor(private readonly onMishap: MishapListener) {}

  get size(): number {
    return this.#handlers.length;
  }

  on(handler: (...values: Arguments) => unknown): Unsubscribe {
    if (typeof handler !== 'function') throw new TypeError('a handler is a function');
    const entry = { call: handler };
    this.#handlers = [...this.#handlers, entry];
    return () => {
      this.#handlers = this.#handlers.filter((each) => each !== entry);
    };
  }

  emit(...values: Arguments): void {
    const handlers = this.#handlers;
    for (let i = 0; i < handlers.length; i++) {
      try {
        const result = handlers[i].call(...values);
        if (typeof result === 'object' && result !== null && 'then' in result) {
          void Promise.resolve(result).catch(this.onMishap);
        }
      } catch (cause) {
        this.onMishap(cause);
      }
    }
  }
}
