/**
 * One picture of the live view: the network now, the nodes, and what just happened, laid out for a window of a given size. Pure: the
 * same state gives the same lines, however they are then brought to a screen.
 */
import { bad, dim, good, type Line, type Span, strong, warn } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount } from '../base/units.js';
import type { TraceEnding } from '../trace/cursor.js';
import type { TraceEvent } from '../trace/event.js';
import type { TraceOpening } from '../trace/header.js';
import type { NetworkState, NodeNow } from '../trace/network-state.js';
import { type EventPrinter, secondsText } from '../trace/printer.js';
import { shortSeconds } from './replay.js';
import { downText, lastText, tinted } from './replay-state.js';

/** What is shown. */
export interface Scene {
  readonly opening: TraceOpening;
  readonly printer: EventPrinter;
  readonly state: NetworkState;
  /** The last events, the newest at the end. */
  readonly recent: readonly TraceEvent[];
  readonly ending: TraceEnding | undefined;
}

/** How it is shown. */
export interface View {
  readonly columns: number;
  readonly rows: number;
  readonly isPaused: boolean;
  /** Seconds of virtual time in one of real time. */
  readonly speed: number;
  /** First node of the list. */
  readonly scroll: number;
}

const barCharacters = 30;
/** Heading, bar, figures in two lines, faults, an empty line, the list's heading, an empty line, keys. */
const fixedRows = 9;

/** Lines for the whole window, never more than it has rows. */
export function frameLines(scene: Scene, view: View): readonly Line[] {
  const { opening, printer, state, recent, ending } = scene;
  const body = Math.max(0, view.rows - fixedRows);
  const eventRows = Math.min(recent.length, Math.floor(body / 2));
  const nodeRows = Math.min(
    opening.nodeCount - view.scroll,
    body - Math.max(eventRows, Math.min(6, body >> 1)),
  );
  const lines: Line[] = [
    [strong(showText(opening.name)), dim(`  seed ${opening.seed}, mesh ${showText(opening.mesh)}`)],
    timeLine(scene, view),
    figuresLine(state, opening),
    troublesLine(state),
    faultsLine(state, printer),
    '',
    strong(nodeHead(view, opening.nodeCount, nodeRows)),
  ];
  for (let i = 0; i < nodeRows; i++)
    lines.push(nodeLine(state.node(view.scroll + i), printer, opening, view));
  lines.push('');
  for (const event of recent.slice(recent.length - eventRows)) lines.push(eventLine(event, printer));
  while (lines.length < view.rows - 1) lines.push('');
  lines.length = Math.max(0, view.rows - 1);
  lines.push(keysLine(view.isPaused, ending, view.columns));
  return lines.map((line) => cut(line, view.columns)).slice(0, view.rows);
}

function timeLine({ opening, state, ending }: Scene, { isPaused, speed }: View): Line {
  const whole = Math.max(1, opening.stopTimeUs);
  const filled = Math.min(barCharacters, Math.floor((state.nowUs / whole) * barCharacters));
  const mode =
    ending === undefined
      ? isPaused
        ? warn('paused')
        : good(`x${speed}`)
      : ending.complete
        ? good('at the end')
        : bad(`cut: ${ending.problem ?? 'unknown cause'}`);
  return [
    `[${'#'.repeat(filled)}${'.'.repeat(barCharacters - filled)}] `,
    `${secondsText(state.nowUs)} s of ${shortSeconds(opening.stopTimeUs)}  `,
    mode,
  ];
}

function figuresLine(state: NetworkState, opening: TraceOpening): Line {
  const down = opening.nodeCount - state.upCount;
  return [
    `event ${formatCount(state.events)}  up ${formatCount(state.upCount)}/${formatCount(opening.nodeCount)}`,
    ...(down > 0 ? [bad(` (${formatCount(down)} down)`)] : []),
    `  published ${formatCount(state.publishedCount)}  delivered ${formatCount(state.deliveredCount)}`,
  ];
}

function troublesLine(state: NetworkState): Line {
  return [
    state.flaggedCount > 0 ? bad(`flagged ${formatCount(state.flaggedCount)}`) : 'flagged 0',
    `  dropped ${formatCount(state.droppedCount)}  under way ${formatCount(state.inFlightCount)}`,
  ];
}

function faultsLine(state: NetworkState, printer: EventPrinter): Line {
  const active = state.activeFaults;
  const down = downText(state, printer);
  const downSpan = down === undefined ? [] : [bad(`down: ${down}`)];
  if (active.length === 0)
    return [dim('no fault under way'), ...(down === undefined ? [] : ['  ', ...downSpan])];
  const faults = warn(
    active.map(({ fault, sinceUs }) => `${printer.fault(fault)} since ${shortSeconds(sinceUs)}`).join(', '),
  );
  return down === undefined ? faults : [faults, '  ', ...downSpan];
}

/** Below this, columns give up blanks and the last message its kind. */
const wideColumns = 100;

const nameCharacters = (isWide: boolean): number => (isWide ? 16 : 14);

function nodeHead(view: View, nodeCount: number, shown: number): string {
  const range =
    shown < nodeCount ? ` (${view.scroll + 1} to ${view.scroll + shown} of ${formatCount(nodeCount)})` : '';
  const isWide = view.columns >= wideColumns;
  const head = isWide
    ? 'state        step  published  delivered  flagged  last message'
    : 'state    step  delivered  flagged  last message';
  return `${'node'.padEnd(nameCharacters(isWide))}  ${head}${range}`;
}

function nodeLine(node: NodeNow, printer: EventPrinter, opening: TraceOpening, { columns }: View): Line {
  const isWide = columns >= wideColumns;
  const name = nameCharacters(isWide);
  const state =
    node.state === 'up'
      ? good('up'.padEnd(8))
      : node.state === 'down'
        ? bad('down'.padEnd(8))
        : dim('waiting'.padEnd(8));
  const flagged = String(node.flagged).padStart(7);
  return [
    `${printer.node(node.address).slice(0, name).padEnd(name)}  `,
    state,
    isWide
      ? `${String(node.step).padStart(9)}  ${String(node.published).padStart(9)}  `
      : `${String(node.step).padStart(5)}  `,
    `${String(node.delivered).padStart(9)}  `,
    node.flagged > 0 ? bad(flagged) : flagged,
    `  ${lastOf(node, printer, opening, isWide)}`,
  ];
}

function lastOf({ last }: NodeNow, printer: EventPrinter, opening: TraceOpening, isWide: boolean): string {
  if (last === undefined) return '';
  return isWide
    ? lastText(last, printer, opening)
    : `${shortSeconds(last.timeUs)} from ${printer.node(last.from)}`;
}

function eventLine(event: TraceEvent, printer: EventPrinter): Line {
  const name = tinted(printer.name(event).padEnd(10), event);
  return [
    dim(`${secondsText(event.timeUs).padStart(14)} s  `),
    `${printer.who(event)} `,
    name as string | Span,
    ` ${printer.details(event)}`,
  ];
}

/** Leaving comes first: it is the one key that a narrow window must not lose. */
function keysLine(isPaused: boolean, ending: TraceEnding | undefined, columns: number): Line {
  const play = ending !== undefined ? '' : isPaused ? 'space play  ' : 'space pause  ';
  const on =
    ending === undefined
      ? `n step  j ${columns >= wideColumns ? 'next fault or flag' : 'jump'}  + - speed  `
      : '';
  return dim(`q quit  ${play}${on}r rewind  up/down scroll`);
}

/** So many columns of a line; what is cut is gone. */
export function cut(line: Line, columns: number): Line {
  const spans = Array.isArray(line) ? (line as readonly (string | Span)[]) : [line as string | Span];
  const result: (string | Span)[] = [];
  let left = columns;
  for (const span of spans) {
    const text = typeof span === 'string' ? span : span.text;
    if (left <= 0) break;
    const kept = text.length > left ? text.slice(0, left) : text;
    result.push(typeof span === 'string' ? kept : { ...span, text: kept });
    left -= kept.length;
  }
  return result;
}
