/**
 * Tables about the language, in Markdown, from the definitions that read it. `docs/scenario.md` holds them between marks; a script
 * fills them in, and a test sees that they are the same.
 */
import { metrics as allMetrics, nodeAttributes, type Metric } from '../model/metrics.js';
import { slotNames } from '../model/protocol.js';
import { writeVerbs } from '../model/workload.js';
import { modeDocs, assertionFields } from './assertion-shape.js';
import type { Kind, Kinds } from './kinds.js';
import { knobFields } from './knob-shape.js';
import { guardSections, partFields, scenarioShape, sectionSlots, slotSections } from './language.js';
import { distributionFields, sourceFields } from './latency-shape.js';
import { templateDocs } from './payload-shape.js';
import { recoveryFields } from './recovery-shape.js';
import { scheduleFields } from './schedule.js';
import type { Field, Fields } from './section.js';
import type { Plain } from './shape.js';
import type { Vocabulary } from './vocabulary.js';
import { whoFields } from './who-shape.js';

/** All tables, by the name of their mark. */
export function scenarioDocs(vocabulary: Vocabulary): ReadonlyMap<string, string> {
  const docs = new Map<string, string>();
  docs.set('top', fieldTable(scenarioShape(vocabulary).fields));
  const parts = [
    'nodes',
    'groups',
    'network',
    'burst',
    'churn',
    'processing',
    'workload',
    'broadcast',
    'rumor',
    'targets',
    ...writeVerbs,
  ] as const;
  for (const part of parts) docs.set(part, fieldTable(partFields[part]));
  docs.set('who', fieldTable(whoFields));
  docs.set('schedule', fieldTable(scheduleFields));
  docs.set('latency', latencyTables());
  docs.set(
    'payload',
    table(
      ['template', 'becomes'],
      Object.entries(templateDocs).map(([name, { form, doc }]) => [`\`{${name}: ${form}}\``, doc]),
    ),
  );
  docs.set('patterns', kindSections(vocabulary.patterns, 'type'));
  docs.set('topologies', kindSections(vocabulary.topologies, 'type'));
  docs.set('protocols', protocolSections(vocabulary));
  docs.set('faults', kindSections(vocabulary.faults));
  docs.set('adversaries', kindSections(vocabulary.adversaries));
  docs.set(
    'modes',
    table(
      ['word', 'holds'],
      Object.entries(modeDocs).map(([mode, doc]) => [`\`${mode}\``, doc]),
    ),
  );
  docs.set('window', fieldTable(assertionFields));
  docs.set('recovery', fieldTable(recoveryFields(vocabulary.metrics)));
  docs.set(
    'metrics',
    table(
      ['metric', 'unit', 'by group', 'meaning'],
      allMetrics.map((metric: Metric) => [
        `\`${metric.name}\`${metric.figures === undefined ? '' : ` and one of ${metric.figures.map((figure) => `\`.${figure}\``).join(' ')}`}`,
        metric.unit,
        metric.byGroup === true ? 'yes' : '',
        metric.doc,
      ]),
    ),
  );
  docs.set(
    'attributes',
    table(
      ['of a node', 'unit', 'meaning'],
      nodeAttributes.map(({ name, unit, doc }) => [
        `\`${name}\``,
        unit === 'trait' ? 'yes or no' : unit,
        doc,
      ]),
    ),
  );
  return docs;
}

const ignoreStart = '<!-- prettier-ignore-start -->';
const ignoreEnd = '<!-- prettier-ignore-end -->';

/** Puts the tables between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export function fillDocs(text: string, docs: ReadonlyMap<string, string>): string {
  return text.replace(
    /(<!-- begin ([\w-]+) -->\n)[\s\S]*?(<!-- end \2 -->)/g,
    (whole, begin: string, name: string, end: string) => {
      const body = docs.get(name);
      return body === undefined ? whole : `${begin}\n${ignoreStart}\n\n${body}\n\n${ignoreEnd}\n\n${end}`;
    },
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function fieldTable(fields: Fields): string {
  return table(
    ['key', 'value', 'default', ''],
    Object.entries(fields).map(([name, field]) => [`\`${name}\``, words(field), fallback(field), field.doc]),
  );
}

/** What a field takes, briefly. */
function words({ shape }: Field<unknown>): string {
  return shape.words.length > 90
    ? `${shape.words.slice(0, shape.words.lastIndexOf(' ', 86))} ...`
    : shape.words;
}

function fallback(field: Field<unknown>): string {
  if (field.presence === 'required') return '**required**';
  if (field.presence === 'optional') return '-';
  return `\`${flow(field.shape.plain(field.whenAbsent))}\``;
}

/** A value on one line, as YAML would have it. */
function flow(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, part]) => `${key}: ${flow(part as Plain)}`).join(', ')} }`;
}

function kindSections<K extends Kind>(kinds: Kinds<K>, tag?: string): string {
  return [...kinds]
    .map((entry) => {
      const fields = knobFields(entry.knobs);
      const title = `**\`${tag === undefined ? entry.name : `${tag}: ${entry.name}`}\`** - ${entry.summary}.`;
      return Object.keys(fields).length === 0 ? title : `${title}\n\n${fieldTable(flatten(fields))}`;
    })
    .join('\n\n');
}

/** Nested sections as dotted keys. */
function flatten(fields: Fields, prefix = ''): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, Field<unknown>][] => {
      const inner =
        'fields' in field.shape
          ? Object.entries(flatten(field.shape.fields as Fields, `${prefix}${name}.`))
          : [];
      return [[`${prefix}${name}`, field], ...inner];
    }),
  );
}

function latencyTables(): string {
  const rows = [
    ...Object.entries(distributionFields).map(([name, fields]) => [
      `\`distribution: ${name}\``,
      keyList(fields),
    ]),
    ...Object.entries(sourceFields).map(([name, fields]) => [`\`from: ${name}\``, keyList(fields)]),
  ];
  return table(['form', 'keys'], rows);
}

function keyList(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, field]) => `\`${name}\`${field.presence === 'required' ? '' : ' (optional)'}: ${field.doc}`)
    .join(' ');
}

function protocolSections(vocabulary: Vocabulary): string {
  const parts: string[] = [];
  for (const slot of slotNames) {
    if (slot === 'guards') {
      for (const [key, guard] of guardSections(vocabulary))
        parts.push(`### \`${key}\`\n\n${guard.summary}.\n\n${optionalTable(guard)}`.trim());
      continue;
    }
    const section = sectionSlots.find((name) => name === slot);
    const kinds = vocabulary.protocols[slot];
    if (section === undefined || kinds === undefined) continue;
    const { key, tag, doc } = slotSections[section];
    parts.push(`### \`${key}\`\n\n${doc} \`none\` leaves the slot empty.\n\n${kindSections(kinds, tag)}`);
  }
  return parts.join('\n\n');
}

function optionalTable(kind: Kind): string {
  const fields = knobFields(kind.knobs);
  return Object.keys(fields).length === 0 ? '' : fieldTable(fields);
}
