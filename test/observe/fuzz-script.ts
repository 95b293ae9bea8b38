/**
 * The long form of the differential fuzzer: `npx tsx test/observe/fuzz-script.ts 5000000 [first case]`.
 * Prints the first difference and ends with exit code 1, or says how many cases agreed.
 */
import { differenceOf } from './fuzz.js';

// Most lines are refused, and a stack trace for each would take most of the time.
Error.stackTraceLimit = 0;
const cases = Number(process.argv[2] ?? 5_000_000);
const first = Number(process.argv[3] ?? 0);
for (let number = first; number < first + cases; number++) {
  const difference = differenceOf(number);
  if (difference !== undefined) {
    process.stdout.write(`case ${number}\n${JSON.stringify(difference, null, 1)}\n`);
    process.exitCode = 1;
    break;
  }
  if ((number - first) % 100_000 === 99_999) process.stdout.write(`${number - first + 1} cases agree\n`);
}
if (process.exitCode === undefined) process.stdout.write(`${cases} cases agree, from case ${first} on\n`);
