/** Command lines that repeat a run, for whoever reads a result: every word as a shell takes it. */
import { quoteWord } from '../base/shell.js';

export interface RecipeParts {
  readonly file: string;
  readonly seed?: number;
  /** Overrides without the seed. */
  readonly set?: readonly string[];
  readonly plugins?: readonly string[];
  readonly filesAnywhere?: boolean;
  /** The run is absurdly expensive, and nobody would run it unasked. */
  readonly isForced?: boolean;
  /** Anything more, as it is. */
  readonly more?: readonly string[];
}

export function recipeOf({
  file,
  seed,
  set = [],
  plugins = [],
  filesAnywhere,
  isForced,
  more = [],
}: RecipeParts): string {
  return [
    'mesh simulate',
    quoteWord(file),
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...set.map((item) => `--set ${quoteWord(item)}`),
    ...plugins.map((item) => `--plugin ${quoteWord(item)}`),
    ...(filesAnywhere === true ? ['--files-anywhere'] : []),
    ...(isForced === true ? ['--force'] : []),
    ...more,
  ].join(' ');
}

/** One run out of many: its own seed, its variant's values, and no repetitions or sweep. */
export function recipeOfOne(
  parts: RecipeParts,
  { isMany, hasSweep }: { readonly isMany: boolean; readonly hasSweep: boolean },
  variant: readonly string[],
  seed: number,
): string {
  const { set = [], more = [] } = parts;
  return recipeOf({
    ...parts,
    seed,
    set: [...set, ...variant, ...(hasSweep ? ['sweep=null'] : [])],
    more: [...(isMany ? ['--repetitions 1'] : []), ...more],
  });
}
