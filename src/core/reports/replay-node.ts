/**
 * What `mesh replay --at --node` shows: one node at a moment, what is under way to and from it, and which nodes heard from it last, as
 * far as a trace can tell what others know of it.
 */
import type { Block, Line } from '../base/blocks.js';
import { dim, strong, warn } from '../base/blocks.js';
import { formatCount, formatDuration } from '../base/units.js';
import { endLines, lastText, nodeResult, stateWords, type StateReport } from './replay-state.js';
import { shortSeconds } from './replay.js';

/** Rows of each table. */
const rowsMax = 10;

/** Messages to and from it, and nodes whose last message came from it. */
function surroundings({ opening, state }: StateReport, address: number) {
  const flights = state
    .inFlight(state.inFlightCount)
    .filter(({ from, to }) => from === address || to === address);
  const listeners = Array.from({ length: opening.nodeCount }, (_, other) => state.node(other)).filter(
    ({ last }) => last?.from === address,
  );
  return { flights, listeners };
}

/** @param address of the node */
export function nodeBlocks(report: StateReport, address: number): Block[] {
  const { opening, printer, state, atUs, ending } = report;
  const node = state.node(address);
  const { flights, listeners } = surroundings(report, address);
  const since = node.state === 'not-started' ? '' : ` since ${shortSeconds(node.sinceUs)}`;
  const rows: [string, Line][] = [
    ['Node', strong(printer.node(address))],
    ['Time', `${shortSeconds(state.nowUs)} of ${shortSeconds(opening.stopTimeUs)}`],
    ['State', [[stateWords[node.state]].flat(), since].flat()],
    ['Step', String(node.step)],
    ['Published', formatCount(node.published)],
    ['Delivered', formatCount(node.delivered)],
    ['Flagged', node.flagged === 0 ? '0' : warn(formatCount(node.flagged))],
    ['Sent', formatCount(node.sent)],
    ['Arrived', formatCount(node.arrived)],
    ['Last message', node.last === undefined ? dim('none') : lastText(node.last, printer, opening)],
  ];
  const blocks: Block[] = [{ kind: 'facts', rows }];
  if (flights.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['under way from', 'to', 'due in'],
      align: ['left', 'left', 'right'],
      rows: flights
        .slice(0, rowsMax)
        .map(({ from, to, dueUs }) => [
          printer.node(from),
          printer.node(to),
          formatDuration(dueUs - state.nowUs),
        ]),
    });
  }
  if (listeners.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['heard from it last', 'state', 'ago'],
      align: ['left', 'left', 'right'],
      rows: listeners
        .slice(0, rowsMax)
        .map((other) => [
          printer.node(other.address),
          stateWords[other.state],
          formatDuration(state.nowUs - (other.last?.timeUs ?? 0)),
        ]),
    });
  }
  const lines: Line[] = [];
  const omitted = Math.max(0, flights.length - rowsMax) + Math.max(0, listeners.length - rowsMax);
  if (omitted > 0) lines.push(dim(`${formatCount(omitted)} rows more: use --json.`));
  lines.push(...endLines(atUs, ending));
  if (lines.length > 0) blocks.push({ kind: 'text', lines });
  return blocks;
}

/** The same for programs. Names are as they stand in the trace. */
export function nodeAtResult(report: StateReport, address: number): object {
  const { opening, state, atUs, ending } = report;
  const { nodeNames } = opening;
  const { flights, listeners } = surroundings(report, address);
  return {
    atUs,
    complete: ending === undefined || ending.complete,
    endedUs: ending?.endUs ?? null,
    ...nodeResult(opening, state.node(address)),
    inFlight: flights.map(({ from, to, sentUs, dueUs }) => ({
      from: nodeNames[from],
      to: nodeNames[to],
      sentUs,
      dueUs,
    })),
    heardFromItLast: listeners.map(({ address: other, last }) => ({
      node: nodeNames[other],
      timeUs: last?.timeUs ?? null,
    })),
  };
}
