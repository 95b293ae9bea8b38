/**
 * Threads beside the main one. A use case says which script and what to tell it; everything that Node wants for that
 * stands here. Scripts are called `x.worker.js`: bundled beside the program, or in development the TypeScript file of the
 * same name, which a thread can only load with the help of tsx.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, parentPort, workerData } from 'node:worker_threads';

/** Threads that this machine can run at a time. */
export const threadsOfMachine = availableParallelism();

/** Threads here keep their data in typed arrays, outside of the heap, and make little rubbish: small nurseries save memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** A thread as its employer sees it. */
export interface Helper<Order, Report> {
  /** @param transfer buffers that go over without a copy, and are gone here */
  send(order: Order, transfer?: ArrayBuffer[]): void;
  /** Called for every report; a thread that dies unexpectedly calls `onFailure` once. */
  onReport: (report: Report) => void;
  onFailure: (error: Error) => void;
  stop(): Promise<void>;
}

const loadWithTsx = `
  const { workerData } = require('node:worker_threads');
  const { tsImport } = require(workerData.tsx);
  tsImport(workerData.script, workerData.script);
`;

/**
 * Starts a thread.
 * @param script such as `new URL('./observe.worker.js', import.meta.url)`
 * @param task plain data that the thread finds in `task()`
 */
export function startHelper<Order, Report>(script: URL, task: unknown): Helper<Order, Report> {
  let worker: Worker;
  if (existsSync(fileURLToPath(script))) {
    worker = new Worker(script, { workerData: { task }, resourceLimits });
  } else {
    const source = script.href.replace(/\.js$/, '.ts');
    const tsx = createRequire(import.meta.url).resolve('tsx/esm/api');
    worker = new Worker(loadWithTsx, { eval: true, workerData: { task, script: source, tsx } });
  }
  const helper: Helper<Order, Report> = {
    send: (order, transfer = []) => worker.postMessage(order, transfer),
    onReport: () => undefined,
    onFailure: () => undefined,
    stop: async () => {
      await worker.terminate();
    },
  };
  worker.on('message', (report: Report) => helper.onReport(report));
  worker.on('error', (error) => helper.onFailure(error instanceof Error ? error : new Error(String(error))));
  return helper;
}

/** Inside a thread: what it was started with. */
export function task<Task>(): Task {
  return (workerData as { task: Task }).task;
}

/** Inside a thread: does each order in turn and reports; `transfer` names the buffers that go over without a copy. */
export function serve<Order, Report>(
  work: (order: Order) => { report: Report; transfer: ArrayBuffer[] },
): void {
  parentPort?.on('message', (order: Order) => {
    const { report, transfer } = work(order);
    parentPort?.postMessage(report, transfer);
  });
}
