/** What topologies ask for while they are built, for tests: a seed, a count, and files from memory or from `test/data/topologies`. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../src/core/base/errors.js';
import type { Knobs } from '../../src/core/base/knobs.js';
import { RandomStream } from '../../src/core/base/random.js';
import type { Graph, Layout, LayoutContext } from '../../src/core/model/topology.js';
import { topologies } from '../../src/core/topologies/registry.js';

export function realFile(path: string): Uint8Array {
  return readFileSync(new URL(`../data/topologies/${path}`, import.meta.url));
}

export function world(
  nodeCount?: number,
  seed = 1,
  files: Record<string, string | Uint8Array> = {},
): LayoutContext {
  return {
    nodeCount,
    chance: RandomStream.named(seed, 'topology'),
    readFile(path) {
      if (!Object.hasOwn(files, path)) return realFile(path);
      const file = files[path];
      return typeof file === 'string' ? new TextEncoder().encode(file) : file;
    },
  };
}

/** Parameters as the scenario would hand them over: given ones, else defaults. */
export function filled(knobs: Knobs, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(knobs).map(([name, knob]) => [
      name,
      given[name] ?? ('default' in knob ? knob.default : undefined),
    ]),
  );
}

/** Builds a registered topology. */
export function build(name: string, context: LayoutContext, given: Record<string, unknown> = {}): Layout {
  const kind = topologies.get(name);
  return kind.build(context, filled(kind.knobs, given) as never);
}

export function rowsOf(graph: Graph): number[][] {
  return Array.from({ length: graph.nodeCount }, (_, node) =>
    Array.from({ length: graph.neighbourCount(node) }, (_, index) => graph.neighbourAt(node, index)),
  );
}

/** The one line of a mishap, or a failure when there is none. */
export function mishap(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}
