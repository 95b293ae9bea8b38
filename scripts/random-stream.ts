/**
 * Raw words of the generator for other people's batteries, little-endian, without end:
 *
 *     npx tsx scripts/random-stream.ts messages | dieharder -a -g 200
 *
 * The argument names a source of test/base/battery/sources.ts; without one, their list is printed. A second argument is the seed.
 */
import { writeSync } from 'node:fs';
import { sources } from '../test/base/battery/sources.js';

const [wanted, seed = '1'] = process.argv.slice(2);
const source = sources.find(({ name }) => name === wanted);
if (source === undefined) {
  const list = sources.map(({ name, about }) => `${name}: ${about}\n`).join('');
  process.stdout.write(
    wanted === undefined ? list : `There is no source ${JSON.stringify(wanted)}.\n${list}`,
  );
  process.exitCode = wanted === undefined ? 0 : 2;
} else {
  const words = source.open(Number(seed));
  const block = new Uint32Array(1 << 14);
  const bytes = new Uint8Array(block.buffer);
  for (let isRead = true; isRead;) {
    for (let i = 0; i < block.length; i++) block[i] = words();
    for (let at = 0; at < bytes.length && isRead;) {
      try {
        at += writeSync(1, bytes, at);
      } catch (error) {
        // The reader has seen enough, or is slow.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') isRead = false;
      }
    }
  }
}
