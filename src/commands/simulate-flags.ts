/** The flags of `mesh simulate`. */
import { Flags } from '@oclif/core';
import { wholeNumber } from '../cli/flags.js';

/** Headings of `--help`. */
const outputs = 'OUTPUT';
const runs = 'MANY RUNS';
const search = 'SEARCH';

/** What is written about one run alone, and what about the runs that failed. */
const filesOfOne = ['messages', 'record', 'series', 'telemetry', 'check-determinism', 'csv'];

export const simulateFlags = {
  seed: wholeNumber({
    summary: "The run's seed, from which every random choice comes. Default: the scenario's.",
  }),
  set: Flags.string({
    summary: 'Override one key, such as network.loss=0.1; may be given several times.',
    helpValue: '<key=value>',
    multiple: true,
  }),
  messages: Flags.string({
    summary: "Write the observers' message log (JSON lines) here.",
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  record: Flags.string({
    summary: 'Write a trace for mesh replay here.',
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  series: Flags.string({
    summary: 'Write the metrics over time (CSV, a row every measureEvery) here.',
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  telemetry: Flags.string({
    summary: 'Write metrics, spans and logs for OpenTelemetry and Prometheus into this folder.',
    helpValue: '<folder>',
    helpGroup: outputs,
  }),
  plugin: Flags.string({
    summary: 'Load protocols, topologies, faults or adversaries from this module; it runs with your rights.',
    helpValue: '<module>',
    multiple: true,
  }),
  repetitions: wholeNumber({
    min: 1,
    summary: "Run so often, each with a seed of its own. Default: the scenario's `repetitions`.",
    helpGroup: runs,
  }),
  jobs: wholeNumber({
    min: 1,
    summary: 'Threads for repetitions. Default: one for each core.',
    helpGroup: runs,
  }),
  'compare-authentication': Flags.boolean({
    summary: 'Run without and with signatures, liars inside and outside, and compare what is detected.',
    exclusive: [...filesOfOne, 'junit', 'bundle', 'permute-ties', 'repetitions', 'jobs'],
    helpGroup: runs,
  }),
  'check-determinism': Flags.boolean({ summary: 'Run twice and compare.', helpGroup: runs }),
  'permute-ties': Flags.boolean({
    summary: 'Run each seed a second time with equal times in random order, and say which metrics move.',
    exclusive: [...filesOfOne, 'junit', 'bundle'],
    helpGroup: runs,
  }),
  csv: Flags.string({
    summary: 'Write a row for each variant of a sweep (CSV) here: means and intervals.',
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  junit: Flags.string({
    summary: 'Write a JUnit file for a build server here: a case for each property and run.',
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  bundle: Flags.string({
    summary:
      'When a run fails, write it here to be attached to a report: scenario, seed, version and trace. A folder, or one file (.tar.gz).',
    helpValue: '<path>',
    helpGroup: outputs,
  }),
  search: Flags.string({
    summary:
      'Find the largest (or smallest) value of this key, such as network.loss, at which --until holds.',
    helpValue: '<path>',
    dependsOn: ['until'],
    exclusive: [...filesOfOne, 'junit', 'bundle', 'permute-ties', 'compare-authentication'],
    helpGroup: search,
  }),
  until: Flags.string({
    summary: "What must hold, such as 'deliveryRatio >= 0.99' or 'always nodesUp >= 3'.",
    helpValue: '<expression>',
    dependsOn: ['search'],
    helpGroup: search,
  }),
  low: Flags.string({
    summary: 'Where the search begins. Default: 0 for shares.',
    helpValue: '<value>',
    dependsOn: ['search'],
    helpGroup: search,
  }),
  high: Flags.string({
    summary: 'Where it ends. Default: 1 for shares.',
    helpValue: '<value>',
    dependsOn: ['search'],
    helpGroup: search,
  }),
  tolerance: Flags.string({
    summary: 'How fine it is. Default: a thousandth of the range; 1 for whole numbers.',
    helpValue: '<value>',
    dependsOn: ['search'],
    helpGroup: search,
  }),
  share: Flags.string({
    summary: 'In what share of the runs --until must hold, between 0 and 1. Default: 0.5.',
    helpValue: '<ratio>',
    dependsOn: ['search'],
    helpGroup: search,
  }),
  'print-config': Flags.boolean({ summary: 'Print the scenario with every default, and do not run it.' }),
  'print-schema': Flags.boolean({
    summary: 'Print the JSON Schema of the language, for editors.',
    hidden: true,
  }),
  'files-anywhere': Flags.boolean({ summary: 'Let the scenario name files outside of its folder.' }),
  force: Flags.boolean({ summary: 'Overwrite outputs, and run what is absurdly expensive.' }),
};
