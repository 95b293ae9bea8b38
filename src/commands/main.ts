/** Where the program begins: the commands meet the runner. `bin/` calls this and nothing else. */
import { type Home, main as run } from '../cli/main.js';
import { commands } from './index.js';

/** Runs one command line, `words` being what follows `mesh`. Never throws. */
export function main(home: Home, words: readonly string[]): Promise<void> {
  return run(commands, home, words);
}
