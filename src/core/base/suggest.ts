/** "Did you mean ...?": the known word nearest to what was typed, or none when all are far. */

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, one each.
 * Words here are keys and names, so the quadratic table is a few hundred cells.
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2] + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length];
}

/** Shorter beginnings fit too many words. */
const beginningMin = 3;

/**
 * The nearest of `known` within a third of the word's length (at least one edit), else the shortest that begins with what was typed, or
 * undefined.
 */
export function suggest(typed: string, known: Iterable<string>): string | undefined {
  if (typed.length > 64) return undefined;
  const folded = typed.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const word of known) {
    const distance = editDistance(folded, word.toLowerCase());
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  if (best !== undefined || typed.length < beginningMin) return best;
  for (const word of known) {
    const isShorter = best === undefined || word.length < best.length;
    if (isShorter && word.toLowerCase().startsWith(folded)) best = word;
  }
  return best;
}
