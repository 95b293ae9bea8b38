/**
 * The long form of test/base/random-battery.test.ts: many sequences from every source, each a million words and more, and tables in
 * Markdown for docs/randomness.md. It takes some minutes; `sequences` and `size` (words a test) make it longer or shorter:
 *
 *     npx tsx scripts/random-battery.ts [sequences] [size]
 */
import { battery } from '../test/base/battery/battery.js';
import { uniformP } from '../test/base/battery/probability.js';
import { sources, type Words } from '../test/base/battery/sources.js';
import { threefry } from '../test/base/battery/threefry.js';

const [sequences, size] = [process.argv[2] ?? 20, process.argv[3] ?? 2 ** 18].map(Number);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Smallest p, share below 1 %, and whether the values are spread evenly. */
function row(name: string, values: readonly number[]): string {
  const small = values.filter((p) => p < 0.01).length / values.length;
  const smallest = Math.min(...values).toExponential(1);
  return `| ${name} | ${values.length} | ${smallest} | ${(100 * small).toFixed(2)} % | ${uniformP(values).toFixed(3)} |`;
}

const head = (what: string): string =>
  `| ${what} | p-values | smallest | below 1 % | spread evenly (p) |\n| --- | ---: | ---: | ---: | ---: |`;

say(`${sequences} sequences from each source, about ${size} words for each test.\n`);
const byTest = new Map<string, number[]>();
const all: number[] = [];
say(head('source'));
for (const { name, open } of sources) {
  const own: number[] = [];
  for (let seed = 1; seed <= sequences; seed++) {
    for (const { test, p } of battery(open(seed), size)) {
      own.push(p);
      byTest.set(test, [...(byTest.get(test) ?? []), p]);
    }
  }
  all.push(...own);
  say(row(name, own));
}
say(row('all', all));
say(`\n${head('test')}`);
for (const [test, values] of byTest) say(row(test, values));

say('\nThreefry-2x32 with fewer rounds, counters 0, 1, 2, ...: tests that fail (p < 1e-6) of all.\n');
say('| rounds | failed |\n| ---: | ---: |');
for (const rounds of [2, 4, 6, 8, 10, 12, 13, 16, 20]) {
  let count = 0;
  let second: number | undefined;
  const words: Words = () => {
    if (second !== undefined) {
      const given = second;
      second = undefined;
      return given;
    }
    const [x, y] = threefry(rounds, [1, 2], [0, count++]);
    second = y;
    return x;
  };
  const results = battery(words, Math.min(size, 2 ** 18));
  say(`| ${rounds} | ${results.filter(({ p }) => p < 1e-6).length} of ${results.length} |`);
}
