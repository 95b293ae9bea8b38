/** What a command has written, in one line for whoever waits: names and sizes. Devices and pipes keep no account. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { showText } from '../core/base/escape.js';
import { formatSize } from '../core/base/units.js';

/** @returns such as `wrote run.trace (1.2 MB), metrics.csv (34 kB)`; undefined when there is nothing to tell */
export function writtenLine(paths: readonly (string | undefined)[]): string | undefined {
  const told = paths.flatMap((path) => {
    const size = path === undefined ? undefined : sizeOf(path);
    return path === undefined || size === undefined ? [] : [`${showText(path, 200)} (${size})`];
  });
  return told.length === 0 ? undefined : `wrote ${told.join(', ')}`;
}

function sizeOf(path: string): string | undefined {
  try {
    const found = statSync(path);
    if (found.isFile()) return formatSize(found.size);
    if (!found.isDirectory()) return undefined;
    const files = readdirSync(path);
    return `${files.length} files, ${formatSize(files.reduce((sum, name) => sum + statSync(join(path, name)).size, 0))}`;
  } catch {
    // It was there a moment ago; who took it away knows.
    return undefined;
  }
}
