/** What `mesh replay --at` and `--node` show: the network at a moment, and events in a table. */
import { bad, type Block, dim, good, type Line, warn } from '../base/blocks.js';
import { formatCount, formatDuration } from '../base/units.js';
import { reportKinds } from '../model/protocol.js';
import { worldChanges } from '../model/record.js';
import type { TraceEnding } from '../trace/cursor.js';
import type { TraceEvent } from '../trace/event.js';
import { eventTypes } from '../trace/format.js';
import type { TraceOpening } from '../trace/header.js';
import type { LastMessage, NetworkState, NodeNow } from '../trace/network-state.js';
import { type EventPrinter, secondsText } from '../trace/printer.js';
import { cutLine, shortSeconds } from './replay.js';

/** Messages under way that are shown. */
const flightsShown = 10;

export interface StateReport {
  readonly opening: TraceOpening;
  readonly printer: EventPrinter;
  readonly state: NetworkState;
  readonly atUs: number;
  readonly ending: TraceEnding | undefined;
}

/** @param limit rows of nodes at the most */
export function stateBlocks({ opening, printer, state, atUs, ending }: StateReport, limit: number): Block[] {
  const { nodeCount } = opening;
  const faults = state.activeFaults;
  const rows: [string, Line][] = [
    ['Time', `${shortSeconds(state.nowUs)} of ${shortSeconds(opening.stopTimeUs)}`],
    ['Up', `${formatCount(state.upCount)} of ${formatCount(nodeCount)} nodes`],
    ['Published', formatCount(state.publishedCount)],
    ['Delivered', formatCount(state.deliveredCount)],
    ['Flagged', state.flaggedCount === 0 ? '0' : warn(formatCount(state.flaggedCount))],
    ['Dropped', formatCount(state.droppedCount)],
    ['Under way', `${formatCount(state.inFlightCount)} messages`],
    ['Faults', faults.length === 0 ? dim('none under way') : faultLine(faults, printer)],
    ...downRow(state, printer),
  ];
  const blocks: Block[] = [{ kind: 'facts', rows }];
  const shown = Math.min(limit, nodeCount);
  blocks.push({
    kind: 'table',
    head: ['node', 'state', 'step', 'delivered', 'flagged', 'last from', 'ago'],
    align: ['left', 'left', 'right', 'right', 'right', 'left', 'right'],
    rows: Array.from({ length: shown }, (_, address) => nodeRow(state.node(address), printer, state.nowUs)),
  });
  const flights = state.inFlight(flightsShown);
  if (flights.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['under way from', 'to', 'due in'],
      align: ['left', 'left', 'right'],
      rows: flights.map(({ from, to, dueUs }) => [
        printer.node(from),
        printer.node(to),
        formatDuration(dueUs - state.nowUs),
      ]),
    });
  }
  const lines: Line[] = [];
  if (shown < nodeCount)
    lines.push(dim(`${formatCount(nodeCount - shown)} nodes more: raise --limit, or use --json.`));
  if (state.inFlightCount > flights.length && flights.length > 0) {
    lines.push(dim(`Of the messages under way the next ${flights.length} are shown.`));
  }
  lines.push(...endLines(atUs, ending));
  if (lines.length > 0) blocks.push({ kind: 'text', lines });
  return blocks;
}

/** Said where the moment that was asked for lies behind the end. */
export function endLines(atUs: number, ending: TraceEnding | undefined): Line[] {
  if (ending === undefined || atUs <= ending.endUs) return [];
  if (!ending.complete) return [cutLine(ending)];
  const end = shortSeconds(ending.endUs);
  return [warn(`The run ended at ${end}; this is its last state, not that of ${shortSeconds(atUs)}.`)];
}

/** Nodes that are named as down. */
const downShown = 4;

/** A crash happens in one moment, so that no fault may be under way while nodes are down: they are named. */
export function downText(state: NetworkState, printer: EventPrinter, max = downShown): string | undefined {
  const down = state.down(Infinity);
  if (down.length === 0) return undefined;
  const named = down
    .slice(0, max)
    .map(({ node, sinceUs }) => `${printer.node(node)} since ${shortSeconds(sinceUs)}`);
  if (down.length > named.length) named.push(`${formatCount(down.length - named.length)} more`);
  return named.join(', ');
}

function downRow(state: NetworkState, printer: EventPrinter): [string, Line][] {
  const text = downText(state, printer, 2);
  return text === undefined ? [] : [['Down', bad(text)]];
}

function faultLine(faults: NetworkState['activeFaults'], printer: EventPrinter): Line {
  return warn(
    faults.map(({ fault, sinceUs }) => `${printer.fault(fault)} since ${shortSeconds(sinceUs)}`).join(', '),
  );
}

export const stateWords = { up: good('up'), down: bad('down'), 'not-started': dim('not started') } as const;

function nodeRow(node: NodeNow, printer: EventPrinter, nowUs: number): Line[] {
  return [
    printer.node(node.address),
    stateWords[node.state],
    String(node.step),
    formatCount(node.delivered),
    node.flagged === 0 ? '0' : warn(formatCount(node.flagged)),
    node.last === undefined ? dim('nobody') : printer.node(node.last.from),
    node.last === undefined ? '' : formatDuration(nowUs - node.last.timeUs),
  ];
}

/** `12.5 s from seattle: spread/data step 4`. */
export function lastText(last: LastMessage, printer: EventPrinter, opening: TraceOpening): string {
  const kind = opening.slots[last.slot].messages[last.kind];
  const word = kind.words.length === 0 ? '' : ` ${printer.plain(kind.words[0])} ${last.words[0]}`;
  return `${shortSeconds(last.timeUs)} from ${printer.node(last.from)}: ${printer.slot(last.slot)}/${printer.plain(kind.name)}${word}`;
}

/** A node as a value, with names. */
export function nodeResult(opening: TraceOpening, { last, address, ...figures }: NodeNow): object {
  const { nodeNames, slots } = opening;
  return {
    node: nodeNames[address],
    ...figures,
    last:
      last === undefined
        ? null
        : {
            timeUs: last.timeUs,
            from: nodeNames[last.from],
            slot: slots[last.slot].name,
            message: slots[last.slot].messages[last.kind].name,
            words: last.words,
            body: last.body?.number ?? null,
          },
  };
}

/** The state for programs. Names are as they stand in the trace. */
export function stateResult({ opening, state, atUs, ending }: StateReport, limit: number): object {
  const { nodeNames } = opening;
  const count = Math.min(limit, opening.nodeCount);
  return {
    atUs,
    complete: ending === undefined || ending.complete,
    endedUs: ending?.endUs ?? null,
    up: state.upCount,
    nodeCount: opening.nodeCount,
    published: state.publishedCount,
    delivered: state.deliveredCount,
    flagged: state.flaggedCount,
    dropped: state.droppedCount,
    down: state.down(limit).map(({ node, sinceUs }) => ({ node: nodeNames[node], sinceUs })),
    activeFaults: state.activeFaults.map(({ fault, sinceUs }) => ({ id: opening.faults[fault].id, sinceUs })),
    inFlight: {
      count: state.inFlightCount,
      next: state.inFlight(flightsShown).map(({ from, to, sentUs, dueUs }) => ({
        from: nodeNames[from],
        to: nodeNames[to],
        sentUs,
        dueUs,
      })),
    },
    nodes: Array.from({ length: count }, (_, address) => nodeResult(opening, state.node(address))),
    nodesOmitted: opening.nodeCount - count,
  };
}

export interface EventsReport {
  readonly printer: EventPrinter;
  readonly events: readonly TraceEvent[];
  readonly matching: number;
  readonly ending: TraceEnding | undefined;
}

/** @param oneNode the events are all of one node, which need not be named again */
export function eventsBlocks({ printer, events, matching, ending }: EventsReport, oneNode: boolean): Block[] {
  const head = ['event', 'time s', 'what', ...(oneNode ? [] : ['who']), 'details'];
  const rows = events.map((event): Line[] => [
    String(event.index),
    secondsText(event.timeUs),
    tinted(printer.name(event), event),
    ...(oneNode ? [] : [printer.who(event)]),
    printer.details(event),
  ]);
  const lines: Line[] = [];
  if (matching > events.length) {
    lines.push(dim(`${formatCount(matching - events.length)} events more: raise --limit, or use --jsonl.`));
  }
  if (matching === 0) lines.push('No event matches.');
  if (ending?.complete === false) lines.push(cutLine(ending));
  const blocks: Block[] = [];
  if (rows.length > 0) blocks.push({ kind: 'table', head, align: ['right', 'right'], rows });
  if (lines.length > 0) blocks.push({ kind: 'text', lines });
  return blocks;
}

/** Bad news stand out. */
export function tinted(name: string, event: TraceEvent): Line {
  if (event.type === eventTypes.dropped) return warn(name);
  if (event.type === eventTypes.world) return event.change === worldChanges.crash ? bad(name) : warn(name);
  return event.type === eventTypes.report && event.report === reportKinds.flagged ? bad(name) : name;
}

/** The chosen events for programs. */
export function eventsResult({ printer, events, matching, ending }: EventsReport): object {
  return {
    matching,
    omitted: matching - events.length,
    complete: ending === undefined || ending.complete,
    events: events.map((event) => JSON.parse(printer.json(event, true)) as unknown),
  };
}
