/** What `mesh replay` says about a whole trace, and about two of them: in blocks for eyes, in plain objects for programs. */
import { bad, type Block, dim, good, type Line, strong, warn } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatDuration, formatSize } from '../base/units.js';
import { wrapText } from '../base/wrap.js';
import type { TraceEnding } from '../trace/cursor.js';
import type { Comparison, Divergence } from '../trace/divergence.js';
import type { TraceEvent } from '../trace/event.js';
import { eventTypes } from '../trace/format.js';
import type { TraceOpening } from '../trace/header.js';
import { EventPrinter, secondsText } from '../trace/printer.js';
import type { FaultSummary, TraceSummary } from '../trace/summary.js';

/** Periods of one fault that are shown. */
const periodsShown = 5;

/** `12.5 s`, without needless zeros. */
export function shortSeconds(us: number): string {
  return `${secondsText(us).replace(/\.?0+$/, '')} s`;
}

export function summaryBlocks(summary: TraceSummary): Block[] {
  const { complete, interrupted, fingerprint, bytes } = summary;
  const state: Line = complete
    ? interrupted
      ? warn('whole; the run was stopped before its end')
      : good('whole')
    : bad(`cut: ${summary.problem ?? 'unknown cause'}`);
  const rows: [string, Line][] = [
    ['Scenario', strong(showText(summary.scenario))],
    ['Seed', String(summary.seed)],
    ['Version', showText(summary.version)],
    ['Nodes', formatCount(summary.nodes)],
    ['Virtual time', `${shortSeconds(summary.endUs)} of ${shortSeconds(summary.stopTimeUs)}`],
    ['Events', perEvent(summary.events, bytes)],
    ['Bodies', formatCount(summary.bodies)],
    ['Fingerprint', fingerprint ?? dim('none, it stood in the part that is missing')],
    ['Trace', state],
  ];
  const blocks: Block[] = [
    { kind: 'facts', rows },
    {
      kind: 'table',
      head: ['event', 'count'],
      align: ['left', 'right'],
      rows: Object.entries(summary.eventsByKind).map(([name, count]) => [showText(name), formatCount(count)]),
    },
  ];
  const flags = Object.entries(summary.flags);
  if (flags.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['flag', 'count'],
      align: ['left', 'right'],
      rows: flags.map(([name, count]) => [warn(showText(name)), formatCount(count)]),
    });
  }
  if (summary.faults.length + summary.adversaries.length > 0) blocks.push(faultTable(summary));
  const isMoment = ({ times, periods }: FaultSummary): boolean =>
    times > 0 && periods.every(({ fromUs, untilUs }) => untilUs === fromUs);
  if (summary.faults.some(isMoment)) {
    blocks.push({
      kind: 'text',
      lines: [dim('A fault of one moment, such as a crash, begins and does not end: nodes restart.')],
    });
  }
  return blocks;
}

function perEvent(events: number, bytes: number): string {
  if (events === 0 || bytes === 0) return formatCount(events);
  return `${formatCount(events)} in ${formatSize(bytes)}, ${(bytes / events).toFixed(1)} bytes each`;
}

function faultTable(summary: TraceSummary): Block {
  const untilText = (us: number | null): string => (us === null ? 'the end' : shortSeconds(us));
  const when = ({ times, periods }: FaultSummary): Line => {
    if (times === 0) return dim('never');
    const shown = periods.slice(0, periodsShown).map(({ fromUs, untilUs }) =>
      // What happens in one moment ends where it begins.
      untilUs === fromUs ? shortSeconds(fromUs) : `${shortSeconds(fromUs)} to ${untilText(untilUs)}`,
    );
    if (times > shown.length) shown.push(`${formatCount(times - shown.length)} more`);
    return shown.join(', ');
  };
  return {
    kind: 'table',
    head: ['fault or adversary', 'kind', 'when'],
    rows: [
      ...summary.faults.map((fault) => [showText(fault.id), showText(fault.kind), when(fault)]),
      ...summary.adversaries.map(({ id, kind, fromUs, untilUs }) => [
        showText(id),
        showText(kind),
        `${shortSeconds(fromUs)} to ${shortSeconds(untilUs)}`,
      ]),
    ],
  };
}

/** One line about a trace that does not reach its end. */
export function cutLine(ending: TraceEnding): Line {
  return bad(
    `The trace is cut (${ending.problem ?? 'unknown cause'}): ${formatCount(ending.events)} events up to ${shortSeconds(ending.endUs)} are whole.`,
  );
}

/** Two traces, called by the names that the user gave. */
export function comparisonBlocks(
  comparison: Comparison & { readonly openingA: TraceOpening; readonly openingB: TraceOpening },
  nameA: string,
  nameB: string,
): Block[] {
  const { divergence, headerFields, common, endingA, endingB, openingA, openingB } = comparison;
  const blocks: Block[] = [];
  if (headerFields.length > 0) {
    blocks.push({ kind: 'text', lines: [warn(`The headers differ: ${headerFields.join(', ')}.`)] });
  }
  if (divergence !== undefined) {
    blocks.push(...divergenceBlocks(divergence, openingA, openingB, nameA, nameB));
    return blocks;
  }
  const lines: Line[] = [];
  const endsEarly = (ending: TraceEnding | undefined): boolean =>
    ending !== undefined && (!ending.complete || ending.interrupted);
  const isCut = endsEarly(endingA) || endsEarly(endingB);
  lines.push(
    isCut
      ? warn(`The first ${formatCount(common)} events are the same; what follows is missing.`)
      : good(`All ${formatCount(common)} events are the same.`),
  );
  if (endingA?.complete === false) lines.push([`${nameA}: `, ...[cutLine(endingA)].flat()]);
  if (endingB?.complete === false) lines.push([`${nameB}: `, ...[cutLine(endingB)].flat()]);
  blocks.push({ kind: 'text', lines });
  return blocks;
}

function divergenceBlocks(
  { index, a, b, fields, before, afterA, afterB }: Divergence,
  openingA: TraceOpening,
  openingB: TraceOpening,
  nameA: string,
  nameB: string,
): Block[] {
  const printerA = new EventPrinter(openingA);
  const printerB = new EventPrinter(openingB);
  const line = (printer: EventPrinter, event: TraceEvent, mark: string): Line =>
    `${mark} ${String(event.index).padStart(9)}  ${secondsText(event.timeUs).padStart(14)} s  ${printer.words(event)}`;
  const side = (
    printer: EventPrinter,
    event: TraceEvent | undefined,
    after: readonly TraceEvent[],
  ): Line[] => [
    event === undefined ? bad('> nothing: the trace has ended') : bad(line(printer, event, '>') as string),
    ...after.map((next) => dim(line(printer, next, ' ') as string)),
  ];
  return [
    {
      kind: 'heading',
      text: `The runs part at event ${index}.`,
    },
    ...(a === undefined || b === undefined
      ? []
      : [{ kind: 'text' as const, lines: partingLines(tell(printerA, a), tell(printerB, b), fields) }]),
    {
      kind: 'text',
      lines: [
        dim(before.length === 0 ? 'No event is common.' : `Common, the last of ${formatCount(index)}:`),
        ...before.map((event) => line(printerA, event, ' ')),
      ],
    },
    { kind: 'text', lines: [strong(nameA), ...side(printerA, a, afterA)] },
    { kind: 'text', lines: [strong(nameB), ...side(printerB, b, afterB)] },
  ];
}

/** An event as a sentence without its full stop: `node-40's timer went off at 3.675 ms`. */
function tell(printer: EventPrinter, event: TraceEvent): string {
  const at = ` at ${formatDuration(event.timeUs)}`;
  const message = (): string => printer.message(event).replace(/ .*/s, '');
  switch (event.type) {
    case eventTypes.sent:
      return `${printer.node(event.from)} sent ${message()} to ${printer.node(event.to)}${at}`;
    case eventTypes.arrived:
      return `${printer.node(event.to)} got ${message()} from ${printer.node(event.from)}${at}`;
    case eventTypes.dropped:
      return `${message()} from ${printer.node(event.from)} to ${printer.node(event.to)} was lost${at}`;
    case eventTypes.timer:
      return `${printer.node(event.node)}'s ${printer.slot(event.slot)} timer went off${at}`;
    case eventTypes.world:
      return event.node >= 0
        ? `${printer.who(event)} ${printer.name(event)}${at}`
        : `${printer.name(event)} of ${printer.who(event)}${at}`;
    default:
      return `${printer.who(event)} reported ${printer.name(event)}${at}`;
  }
}

/** Fields of the JSON form as a reader would call them; words of messages have names of their own. */
const fieldWords: Readonly<Record<string, string>> = {
  timeUs: 'the time',
  delayUs: 'how long it is under way',
  argument: "the timer's argument",
  timer: 'which timer it is',
  body: 'the content',
  value: 'the value',
  reason: 'why',
};

function partingLines(a: string, b: string, fields: readonly string[]): Line[] {
  if (a !== b) return [...wrapText(`In the first, ${a};`, 80), ...wrapText(`in the second, ${b}.`, 80)];
  const differing = fields.map((field) => fieldWords[field] ?? showText(field)).join(', ');
  return wrapText(`In both, ${a}; what differs is ${differing}.`, 80);
}

/** The comparison for programs. */
export function comparisonResult(
  comparison: Comparison & { readonly openingA: TraceOpening; readonly openingB: TraceOpening },
): object {
  const { divergence, headerFields, common, endingA, endingB, openingA, openingB } = comparison;
  const printerA = new EventPrinter(openingA);
  const printerB = new EventPrinter(openingB);
  const json = (printer: EventPrinter, event: TraceEvent | undefined): unknown =>
    event === undefined ? null : (JSON.parse(printer.json(event, true)) as unknown);
  const cut = endingA?.complete === false || endingB?.complete === false;
  return {
    same: divergence === undefined && !cut,
    commonEvents: common,
    headerFields,
    complete: !cut,
    divergence:
      divergence === undefined
        ? null
        : {
            index: divergence.index,
            fields: divergence.fields,
            a: json(printerA, divergence.a),
            b: json(printerB, divergence.b),
            before: divergence.before.map((event) => json(printerA, event)),
          },
  };
}
