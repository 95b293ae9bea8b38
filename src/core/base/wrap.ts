/** Prose for terminals: broken at blanks so that no line is longer than the width, unless a single word is. */

/**
 * @param first what the first line begins with already, in columns
 * @param indent blanks before every other line
 */
export function wrapText(text: string, width: number, first = 0, indent = 0): string[] {
  const lines: string[] = [];
  let line = '';
  let room = width - first;
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(lines.length === 0 ? line : ' '.repeat(indent) + line);
      line = '';
      room = width - indent;
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(lines.length === 0 ? line : ' '.repeat(indent) + line);
  return lines;
}
