/** JUnit XML for CI: one test case for each check and each kind of malformed line, failed when it found something. */
import { xmlText as xml } from './junit.js';
import type { ObserveExplanation, ObserveResult } from './observe-result.js';
import { malformedMeanings } from './observe.js';

const failuresShown = 20;

export function observeJunit(result: ObserveResult, explanations: readonly ObserveExplanation[]): string {
  const cases: { name: string; count: number; words: string }[] = [
    ...explanations.map(({ kind, summary }) => ({
      name: kind,
      count: result.findings[kind] ?? 0,
      words: summary,
    })),
    ...Object.entries(result.malformedKinds).map(([name, count]) => ({
      name,
      count,
      words: malformedMeanings[name] ?? '',
    })),
  ];
  const failed = cases.filter(({ count }) => count > 0).length;
  const suite = xml(result.files.join(' '));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mesh observe" tests="${cases.length}" failures="${failed}" errors="${result.complete ? 0 : 1}">`,
    `<testsuite name="${suite}" tests="${cases.length}" failures="${failed}" errors="${result.complete ? 0 : 1}">`,
  ];
  for (const { name, count, words } of cases) {
    if (count === 0) {
      lines.push(`<testcase classname="observe" name="${name}"/>`);
      continue;
    }
    const samples = result.samples.filter(({ kind }) => kind === name).slice(0, failuresShown);
    const text = samples.map(({ file, line, senderId, message }) =>
      xml(`${file === undefined ? '' : `${file}:`}${line} ${senderId ?? ''} ${message}`),
    );
    lines.push(
      `<testcase classname="observe" name="${name}">`,
      `<failure message="${count} lines: ${xml(words)}">${text.join('\n')}</failure>`,
      '</testcase>',
    );
  }
  if (!result.complete)
    lines.push(`<system-err>${xml(result.incompleteBecause ?? 'incomplete')}</system-err>`);
  lines.push('</testsuite>', '</testsuites>', '');
  return lines.join('\n');
}
