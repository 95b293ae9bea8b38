/**
 * JUnit XML, which every build server reads. There is no standard but what its readers agree on: suites of cases, each of which passed,
 * failed (what was checked is not so) or is in error (it could not be checked).
 */
import { showText } from '../base/escape.js';

export interface JunitCase {
  readonly group: string;
  readonly name: string;
  /** Absent when it passed. `text` may have several lines. */
  readonly trouble?: { readonly kind: 'failure' | 'error'; readonly message: string; readonly text?: string };
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** Text for XML 1.0; what it cannot hold has been made visible by `showText`. */
export function xmlText(text: string, charactersMax = 400): string {
  return showText(text, charactersMax)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function counts(cases: readonly JunitCase[]): string {
  const of = (kind: 'failure' | 'error'): number =>
    cases.filter(({ trouble }) => trouble?.kind === kind).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}"`;
}

/** A whole file. The same bytes for the same suites: no times, no names of machines. */
export function junitXml(program: string, suites: readonly JunitSuite[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlText(program)}" ${counts(suites.flatMap(({ cases }) => cases))}>`,
  ];
  for (const { name, cases } of suites) {
    lines.push(`<testsuite name="${xmlText(name)}" ${counts(cases)}>`);
    for (const { group, name: title, trouble } of cases) {
      const head = `<testcase classname="${xmlText(group)}" name="${xmlText(title)}"`;
      if (trouble === undefined) {
        lines.push(`${head}/>`);
        continue;
      }
      const text = (trouble.text ?? '').split('\n').map((line) => xmlText(line, 2000));
      lines.push(
        `${head}>`,
        `<${trouble.kind} message="${xmlText(trouble.message, 1000)}">${text.join('\n')}</${trouble.kind}>`,
        '</testcase>',
      );
    }
    lines.push('</testsuite>');
  }
  return [...lines, '</testsuites>', ''].join('\n');
}
