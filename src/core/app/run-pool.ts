/**
 * Runs dealt to threads: whoever is free takes the next one, and results are put down by their place, so that the same comes out for any
 * number of threads. A pool outlives a batch, because a thread takes longer to wake than a small run takes to end. With one thread there
 * is no other: runs are done here, and can be interrupted in their middle.
 */
import { assert } from '../base/assert.js';
import { UserError } from '../base/errors.js';
import { yieldToOthers } from '../io/clock.js';
import { startHelper, threadsOfMachine, type Helper } from '../io/workers.js';
import type { RepetitionRun } from '../model/repetitions.js';
import type { Vocabulary } from '../scenario/vocabulary.js';
import { prepareRun, type RepeatOrder, type RepeatReport, type RepeatTask } from './repeat-run.js';
import { drive } from './simulate.js';

export interface RunPoolOptions {
  /** For runs in this thread; others make their own of the task's plug-ins. */
  readonly vocabulary?: Vocabulary;
  /** Threads; default: as many as the machine runs at a time. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
}

export class RunPool {
  readonly #helpers: Helper<RepeatOrder, RepeatReport>[] = [];

  constructor(
    private readonly task: RepeatTask,
    private readonly options: RunPoolOptions,
  ) {}

  /**
   * @param onFinished told of each run as it comes
   * @returns by place; undefined for runs that an interruption prevented
   */
  async run(orders: readonly RepeatOrder[], onFinished?: () => void): Promise<(RepetitionRun | undefined)[]> {
    const runs = new Array<RepetitionRun | undefined>(orders.length).fill(undefined);
    const finished = (at: number, run: RepetitionRun): void => {
      runs[at] = run;
      onFinished?.();
    };
    const threads = Math.min(this.options.jobs ?? threadsOfMachine, orders.length);
    if (threads > 1) await this.#onThreads(orders, threads, finished);
    else await this.#here(orders, finished);
    return runs;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#helpers.splice(0).map((helper) => helper.stop()));
  }

  async #here(
    orders: readonly RepeatOrder[],
    finished: (at: number, run: RepetitionRun) => void,
  ): Promise<void> {
    const { signal, vocabulary } = this.options;
    for (const [at, order] of orders.entries()) {
      if (signal?.aborted === true) break;
      const { simulation, outcome } = prepareRun(this.task, order, vocabulary);
      await drive(simulation, { signal });
      // A run that was cut short says nothing about the others.
      if (!simulation.finished) break;
      finished(at, outcome());
      await yieldToOthers();
    }
  }

  #helper(thread: number): Helper<RepeatOrder, RepeatReport> {
    return (this.#helpers[thread] ??= startHelper(new URL('./repeat.worker.js', import.meta.url), this.task));
  }

  async #onThreads(
    orders: readonly RepeatOrder[],
    threads: number,
    finished: (at: number, run: RepetitionRun) => void,
  ): Promise<void> {
    const { signal } = this.options;
    if (signal?.aborted === true) return;
    let next = 0;
    let atWork = 0;
    let stop = (): void => undefined;
    const isDone = await new Promise<boolean>((resolve, reject) => {
      stop = () => resolve(false);
      signal?.addEventListener('abort', stop, { once: true });
      for (let thread = 0; thread < threads; thread++) {
        const helper = this.#helper(thread);
        let at = -1;
        const give = (): void => {
          if (next < orders.length) {
            at = next++;
            atWork++;
            helper.send(orders[at]);
          } else if (atWork === 0) resolve(true);
        };
        helper.onReport = ({ run, problem }) => {
          atWork--;
          if (problem !== undefined) {
            reject(new UserError(problem.code, problem.problems));
            return;
          }
          assert(run !== undefined, 'a report holds a run or a problem');
          finished(at, run);
          give();
        };
        helper.onFailure = reject;
        give();
      }
    }).finally(() => signal?.removeEventListener('abort', stop));
    // Threads in the middle of a run are of no more use.
    if (!isDone) await this.stop();
  }
}
