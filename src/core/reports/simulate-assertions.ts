/** What had to hold, and whether it did: a section of a run's report. */
import { bad, dim, good, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatDuration, formatNumber } from '../base/units.js';
import { metrics } from '../model/metrics.js';
import type { AssertionVerdict, SimulateResult } from '../model/result.js';

const none = dim('-');

function assertionRow(verdict: AssertionVerdict): Line[] {
  const status: Span =
    verdict.status === 'passed'
      ? good('passed')
      : verdict.status === 'failed'
        ? bad('failed')
        : warn('never evaluated');
  return [
    showText(verdict.text, 60),
    status,
    verdict.atMs === null ? none : formatDuration(verdict.atMs * 1000),
    verdict.value === null ? none : formatNumber(verdict.value),
  ];
}

export function assertionBlocks(result: SimulateResult): Block[] {
  if (result.assertions.length === 0) return [];
  return [
    { kind: 'heading', text: 'What had to hold' },
    {
      kind: 'table',
      head: ['assertion', 'status', 'decided at', 'value'],
      align: ['left', 'left', 'right', 'right'],
      rows: result.assertions.map(assertionRow),
    },
  ];
}

/** Metrics that an assertion could not look at, and what a scenario needs to have them: the end of their description says so. */
export function missingParts(assertions: SimulateResult['assertions']): string[] {
  const texts = assertions.filter(({ status }) => status === 'unevaluated').map(({ text }) => text);
  return metrics.flatMap(({ name, doc }) => {
    const needed = /; (?:only )?with (.*)\.$/.exec(doc)?.[1];
    const word = new RegExp(`\\b${name}\\b`);
    return needed !== undefined && texts.some((text) => word.test(text))
      ? [`${name} is only measured with ${needed.replaceAll('`', '')}.`]
      : [];
  });
}
