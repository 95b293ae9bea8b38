/** A peer: what most people write. Decode, split, `JSON.parse`, the same default checks with a Map of marks. One thread. */
import { openSync, readSync } from 'node:fs';

const values = [7];
for (let step = 1, digit = 7; step < 100; step++) {
  digit = 1 + ((digit * 7 - 1) % 9);
  values.push(digit);
}
const file = openSync(process.argv[2], 'r');
const buffer = Buffer.alloc(1_048_576);
const decoder = new TextDecoder('utf-8', { fatal: true });
const marks = new Map();
let rest = '';
let lines = 0;
let found = 0;
for (;;) {
  const count = readSync(file, buffer);
  if (count === 0) break;
  const parts = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split('\n');
  rest = parts.pop() ?? '';
  for (const text of parts) {
    const { senderId, globalStep, patternValue } = JSON.parse(text);
    lines++;
    if (patternValue !== values[globalStep % 100]) found++;
    else if (globalStep <= (marks.get(senderId) ?? -1)) found++;
    else marks.set(senderId, globalStep);
  }
}
process.stdout.write(`${lines} lines, ${found} findings\n`);
