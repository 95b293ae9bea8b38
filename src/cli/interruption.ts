/**
 * Ctrl-C, politely. The first signal only raises a flag, so that a command can finish the record it is writing and end
 * within a second; the second one ends the process at once. Use cases see an `AbortSignal` and know nothing of processes.
 */
import { exitCodes } from '../core/base/errors.js';

export class Interruption {
  readonly #controller = new AbortController();
  #exitCode: number | undefined;
  readonly #onInterrupt = (): void => this.#raise(exitCodes.interrupted);
  readonly #onTerminate = (): void => this.#raise(exitCodes.terminated);

  /** Starts listening to SIGINT and SIGTERM. */
  listen(): this {
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
    return this;
  }

  /** Stops listening: from here on a signal does what signals do. */
  stop(): void {
    process.off('SIGINT', this.#onInterrupt);
    process.off('SIGTERM', this.#onTerminate);
  }

  /** For use cases: `signal.aborted` turns true at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 130 or 143 once a signal has come, else undefined. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Calls `action` at the first signal, or at once if it has come already. Returns a function that forgets it. */
  onInterrupt(action: () => void): () => void {
    const signal = this.#controller.signal;
    if (signal.aborted) {
      action();
      return () => undefined;
    }
    signal.addEventListener('abort', action, { once: true });
    return () => signal.removeEventListener('abort', action);
  }

  #raise(exitCode: number): void {
    if (this.#exitCode !== undefined) process.exit(exitCode);
    this.#exitCode = exitCode;
    this.#controller.abort();
  }
}
