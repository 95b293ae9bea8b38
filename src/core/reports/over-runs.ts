/** What was asserted of many runs together, for a reader: what was wanted, what was measured, and how sure that is. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatDuration, formatNumber, formatShare, formatSize } from '../base/units.js';
import type { Measure } from '../model/metrics.js';
import type { AssertionShare, RunsVerdict } from '../model/repetitions.js';

/** A figure in the unit of its metric. */
function figureText(value: number, unit: Measure): string {
  switch (unit) {
    case 'ratio':
      return formatShare(value);
    case 'milliseconds':
      return formatDuration(value * 1000);
    case 'bytes':
      return formatSize(value);
    case 'bytesPerSecond':
      return `${formatSize(value)}/s`;
    case 'percent':
      return `${formatNumber(value)} %`;
    default:
      return formatNumber(value);
  }
}

function intervalText({ low, high, unit }: RunsVerdict): string | undefined {
  // Student's interval knows nothing of the ends of a share.
  const end = (value: number): string =>
    figureText(unit === 'ratio' ? Math.min(1, Math.max(0, value)) : value, unit);
  if (low === null) return high === null ? undefined : `up to ${end(high)}`;
  return high === null ? `from ${end(low)}` : `${end(low)} to ${end(high)}`;
}

/** `share 85 % (64 % to 94.8 %), wanted >= 95 %`, in one line. */
export function runsVerdictText(verdict: RunsVerdict): string {
  const { of, wanted, status, value, unit } = verdict;
  const interval = intervalText(verdict);
  const found =
    value !== null ? figureText(value, unit) : status === 'unevaluated' ? 'not known' : 'without a bound';
  const aim = `wanted ${wanted.comparison} ${figureText(wanted.bound, unit)}`;
  return `${of} over the runs ${found}${interval === undefined ? '' : ` (${interval})`}, ${aim}`;
}

function verdictLine({ status, sure }: RunsVerdict): Line {
  if (status === 'unevaluated') return warn('cannot be said');
  const verdict = status === 'passed' ? good('passed') : bad('failed');
  return [verdict, sure ? ', surely' : ', not sure'];
}

/** A row each; nothing where there are none. */
export function overRunsBlocks(assertions: readonly AssertionShare[]): Block[] {
  const rows = assertions.flatMap(({ text, overRuns }): Line[][] => {
    if (overRuns === undefined) return [];
    const { value, unit } = overRuns;
    return [
      [
        showText(text, 160),
        value === null ? dim('-') : figureText(value, unit),
        intervalText(overRuns) ?? dim('-'),
        verdictLine(overRuns),
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'What had to hold of the runs together' },
    {
      kind: 'table',
      head: ['assertion', 'measured', '95 % interval', 'verdict'],
      align: ['left', 'right', 'right', 'left'],
      rows,
    },
  ];
}
