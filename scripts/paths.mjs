/** Where things are. */
import { fileURLToPath } from 'node:url';

/** @param {string} path relative to the folder of package.json */
export function fromRoot(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
