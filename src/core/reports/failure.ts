/** After a failure: the line that repeats it, and where the bundle lies. */
import { strong, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount } from '../base/units.js';

/** What there is to say; `run` where it was one of many. */
export interface FailureFacts {
  readonly repeatWith: string;
  readonly run?: { readonly index: number; readonly seed: number; readonly set: readonly string[] };
  readonly bundle?: { readonly path: string; readonly files: readonly string[] };
}

/** Nothing where nothing failed. */
export function failureBlocks(failure: FailureFacts | undefined): Block[] {
  if (failure === undefined) return [];
  const { repeatWith, run, bundle } = failure;
  const lines: Line[] = [];
  if (bundle !== undefined)
    lines.push(`bundle: ${showText(bundle.path)} (${formatCount(bundle.files.length)} files)`);
  if (run !== undefined) {
    const variant = run.set.length === 0 ? '' : ` of ${showText(run.set.join(' '))}`;
    lines.push(`first failure: run ${run.index}${variant}, seed ${run.seed}`);
    lines.push(['repeat it with: ', strong(repeatWith)]);
  }
  return lines.length === 0 ? [] : [{ kind: 'text', lines }];
}
