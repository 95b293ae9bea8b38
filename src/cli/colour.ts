/**
 * May we use colour, and how much? One decision for everything that is painted. Whoever sets NO_COLOR gets none, whoever
 * sets FORCE_COLOR gets some, and otherwise only a terminal that says it can does.
 */

/** As chalk counts: none, 16 colours, 256 colours, 16 million. */
export type ColourLevel = 0 | 1 | 2 | 3;

/**
 * @param isTerminal whether the text goes to a terminal
 * @param environment such as `process.env`
 */
export function colourLevel(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): ColourLevel {
  if ((environment.NO_COLOR ?? '') !== '') return 0;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    if (forced === '2') return 2;
    return forced === '3' ? 3 : 1;
  }
  const terminal = environment.TERM ?? '';
  if (!isTerminal || terminal === 'dumb') return 0;
  const depth = environment.COLORTERM ?? '';
  if (depth === 'truecolor' || depth === '24bit') return 3;
  return terminal.includes('256') ? 2 : 1;
}
