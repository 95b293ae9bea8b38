/**
 * Ctrl-C, politely. The first signal only raises a flag, so that a command can finish the record it is writing and end
 * within a second; the second one ends the process at once. One wish often comes as two signals: `timeout` tells the
 * process and its group, npx passes on what the terminal has sent already. So a second one counts only when it comes
 * a while after the first. Use cases see an `AbortSignal` and know nothing of processes.
 */
import { performance } from 'node:perf_hooks';
import { exitCodes } from '../core/base/errors.js';

/** Nobody presses Ctrl-C twice so quickly and means more than once. */
const echoMs = 100;

export class Interruption {
  readonly #controller = new AbortController();
  #exitCode: number | undefined;
  #firstAtMs = 0;
  readonly #onInterrupt = (): void => this.#raise(exitCodes.interrupted);
  readonly #onTerminate = (): void => this.#raise(exitCodes.terminated);

  /** Starts listening to SIGINT and SIGTERM. */
  listen(): this {
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
    return this;
  }

  /** Stops listening, when no echo is to be expected any more: from there on a signal does what signals do. */
  async stop(): Promise<void> {
    const echoLeftMs = this.#firstAtMs + echoMs - performance.now();
    if (this.#exitCode !== undefined && echoLeftMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, echoLeftMs));
    }
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
    if (this.#exitCode !== undefined) {
      if (performance.now() - this.#firstAtMs < echoMs) return;
      process.exit(exitCode);
    }
    this.#exitCode = exitCode;
    this.#firstAtMs = performance.now();
    this.#controller.abort();
  }
}
