/** A summary in Markdown, for a pull request or a ticket. */
import { showText } from '../base/escape.js';
import { formatCount } from '../base/units.js';
import type { ObserveExplanation, ObserveResult } from './observe-result.js';
import { malformedMeanings, total } from './observe.js';

const samplesShown = 20;

/** Foreign text between bars: nothing in it can become markup. */
function plain(text: string, charactersMax = 60): string {
  return showText(text, charactersMax).replace(
    /[\\`*_{}[\]<>()#+!|~&-]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

export function observeMarkdown(result: ObserveResult, explanations: readonly ObserveExplanation[]): string {
  const found = total(result) + result.malformed;
  const verdict = !result.complete ? 'incomplete' : found > 0 ? `${formatCount(found)} findings` : 'healthy';
  const lines = [
    `## mesh observe: ${verdict}`,
    '',
    `${result.files.map((file) => plain(file)).join(', ')}: ${formatCount(result.lines)} lines, ${formatCount(result.valid)} valid, ` +
      `${formatCount(result.malformed)} malformed, ${formatCount(result.blank)} blank, ${formatCount(result.senders)} senders, ` +
      `${formatCount(result.missingSteps)} steps missing in ${formatCount(result.gaps)} gaps.`,
  ];
  if (result.incompleteBecause !== null)
    lines.push('', `Not complete: ${plain(result.incompleteBecause, 300)}`);
  if (found > 0) {
    lines.push('', '| finding | lines | first | what it is |', '| --- | ---: | ---: | --- |');
    const row = (kind: string, count: number, words: string): void => {
      if (count > 0)
        lines.push(
          `| ${kind} | ${formatCount(count)} | ${formatCount(result.firstLines[kind] ?? 0)} | ${plain(words, 200)} |`,
        );
    };
    for (const { kind, summary } of explanations) row(kind, result.findings[kind] ?? 0, summary);
    for (const [kind, count] of Object.entries(result.malformedKinds))
      row(kind, count, malformedMeanings[kind] ?? '');
    lines.push('', '| line | finding | sender | step | what is wrong |', '| ---: | --- | --- | ---: | --- |');
    for (const { file, line, kind, senderId, step, message } of result.samples.slice(0, samplesShown)) {
      const where = file === undefined ? String(line) : `${plain(file)}:${line}`;
      lines.push(
        `| ${where} | ${kind} | ${senderId === null ? '' : plain(senderId)} | ${step ?? ''} | ${plain(message, 200)} |`,
      );
    }
    for (const { kind, canMean, cannotSee } of explanations) {
      if ((result.findings[kind] ?? 0) === 0) continue;
      lines.push('', `**${kind}** can mean: ${plain(canMean, 600)} It cannot see: ${plain(cannotSee, 600)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
