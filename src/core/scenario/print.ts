/** Writes a resolved scenario as YAML that reads back to the same thing: blocks for sections, one line for what is short. */
import { Document, isScalar, isSeq, visit } from 'yaml';
import type { Plain } from './shape.js';

/** A value that fits this many characters stands on one line. */
const lineCharactersMax = 90;

/** YAML text, ending in a line feed. */
export function scenarioText(resolved: { readonly [key: string]: Plain }): string {
  const document = new Document(resolved, { version: '1.2', aliasDuplicateObjects: false, merge: false });
  visit(document, {
    Pair(_key, pair) {
      // Bare, it would be a merge key.
      if (isScalar(pair.key) && pair.key.value === '<<') pair.key.type = 'QUOTE_DOUBLE';
    },
    Collection(_key, node, path) {
      // The root and the entries of its lists keep lines of their own: above them are the document, the root and one pair.
      if (path.length <= 1 || (path.length === 3 && isSeq(node) && node.items.length > 0)) return undefined;
      if (JSON.stringify(node).length <= lineCharactersMax) node.flow = true;
      return undefined;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: false });
}
