/** The page in a bundle: what failed, how to see it again, and what each file is. */
import { showText } from '../base/escape.js';
import type { RunResult } from '../model/result.js';
import { verdictText } from './simulate-junit.js';

export interface BundleFacts {
  readonly version: string;
  /** The command that repeats the run where it failed. */
  readonly recipe: string;
  readonly plugins: readonly string[];
  /** Files that the scenario names and that are in the bundle, or only in the trace. Escaped. */
  readonly names: readonly string[];
  readonly outside: readonly string[];
}

/** Markdown. */
export function bundlePage(result: RunResult, facts: BundleFacts): string {
  const { scenario, seed, fingerprint, status, assertions, invalidBecause } = result;
  const modules = facts.plugins.map((name) => ` --plugin ${showText(name)}`).join('');
  const verdicts = assertions
    .filter((verdict) => verdict.status !== 'passed')
    .map((verdict) => `- ${code(verdict.text)}: ${showText(verdictText(verdict), 400)}`);
  const troubles = [...verdicts, ...invalidBecause.map((reason) => `- ${showText(reason, 400)}`)];
  if (troubles.length === 0) troubles.push('- It was to end by converging, and did not before stopTime.');
  return [
    `# ${showText(scenario)}: ${status}`,
    '',
    `mesh ${facts.version}, seed ${seed}, fingerprint ${fingerprint}.`,
    '',
    ...troubles,
    '',
    'In this folder, run it again, look at it, and see that it is the same run:',
    '',
    `    mesh simulate scenario.yaml${modules}`,
    '    mesh replay run.trace',
    '    mesh replay run.trace --verify',
    '',
    'Where it failed, it is repeated with:',
    '',
    `    ${facts.recipe}`,
    '',
    '- `scenario.yaml`: the scenario with every default, override and the seed written out.',
    '- `original.yaml`: the scenario as it was given.',
    '- `result.json`: what the run came to.',
    '- `run.trace`: everything that happened, in order.',
    ...facts.names.map((name) => `- ${code(name)}: a file that the scenario names.`),
    ...facts.outside.map(
      (name) => `- ${code(name)} lies outside of the scenario's folder and is in the trace only.`,
    ),
    ...facts.plugins.map((name) => `- ${code(name)}: a module of its own code, which is not here.`),
    '',
    ...(facts.names.length + facts.outside.length > 0
      ? ['The trace holds these files, too. Is one of them a key? Then think before you pass this on.', '']
      : []),
  ].join('\n');
}

/** In backquotes, which the text itself may not hold. */
function code(text: string): string {
  return `\`${showText(text, 400).replaceAll('`', "'")}\``;
}
