/**
 * Pins the fingerprint of every example as it is now, after a person has looked at why it changed: `npm run pin-examples`.
 * Runs the bundle in dist/, as users do.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param {string} path */
const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** @type {Record<string, string>} */
const pinned = {};
for (const name of readdirSync(fromRoot('examples')).sort()) {
  if (!name.endsWith('.yaml')) continue;
  const args = [fromRoot('bin/run.js'), 'simulate', fromRoot(`examples/${name}`), '--json'];
  pinned[name] = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).fingerprint;
}
writeFileSync(fromRoot('test/examples/fingerprints.json'), `${JSON.stringify(pinned, null, 2)}\n`);
