/**
 * Churn as somebody has measured it: a CSV of `time,node,state`, times in seconds from the start (or with a unit), states `up`, `down` and
 * `left` (in good order). A node is in the other state before its first line, and up when it has none.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { parseDuration } from '../base/units.js';

export interface ChurnMove {
  readonly atUs: number;
  readonly node: number;
  readonly to: 'up' | 'down' | 'left';
}

/** A file of more lines is refused. */
const linesMax = 10_000_000;

/**
 * @param place of the file, for messages; escaped
 * @param addressOf undefined for a name that is nobody's
 * @returns moves in order of time; at equal times in the order of the file
 * @throws UserError `bad-scenario` with the line, for the first thing that is wrong
 */
export function readChurnTrace(
  bytes: Uint8Array,
  place: string,
  addressOf: (name: string) => number | undefined,
): readonly ChurnMove[] {
  const moves: ChurnMove[] = [];
  const states = new Map<number, boolean>();
  const lines = new TextDecoder().decode(bytes).split('\n');
  let lastUs = 0;
  lines.forEach((line, index) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#') || (index === 0 && /^time\s*,/i.test(text))) return;
    const refuse = (what: string, expected?: string): UserError =>
      new UserError('bad-scenario', { place: `${place}:${index + 1}`, what, expected });
    if (index >= linesMax) throw refuse(`more than ${linesMax} lines`);
    const cells = text.split(',').map((cell) => cell.trim());
    const [time, name, to] = cells;
    if (cells.length !== 3)
      throw refuse(`${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`, 'time,node,up|down|left');
    const atUs = /^[0-9.]+$/.test(time) ? parseDuration(`${time}s`) : parseDuration(time);
    if (typeof atUs !== 'number') throw refuse(atUs.what, 'seconds such as 12.5, or a duration such as 2min');
    if (atUs < lastUs) throw refuse('this is earlier than the line before', 'times that do not fall');
    const node = addressOf(name);
    if (node === undefined) throw refuse(`there is no node ${quoteText(name)}`);
    if (to !== 'up' && to !== 'down' && to !== 'left') throw refuse(quoteText(to), 'up, down or left');
    const isUp = to === 'up';
    if (states.get(node) === isUp) throw refuse(`${quoteText(name)} is ${isUp ? 'up' : 'down'} already`);
    states.set(node, isUp);
    lastUs = atUs;
    moves.push({ atUs, node, to });
  });
  return moves;
}
