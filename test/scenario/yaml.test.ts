import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { complaints, load, small } from './helpers.js';

const inLine4 = (text: string): string[] => complaints(small(text));

describe('what makes YAML surprising is refused where it stands', () => {
  it('anchors and aliases', () => {
    expect(complaints('version: &v 1\nseed: *v\n')).toEqual([
      'scenario.yaml:1:10: anchors (&name) are not part of the scenario language. Write the value out.',
      'scenario.yaml:2:7: aliases (*name) are not part of the scenario language. Write the value out, or put it between quotes.',
    ]);
  });

  it('a billion laughs, without laughing', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`);
    const said = complaints(`l0: &l0 ha\n${levels.join('\n')}\n`);
    expect(said).toHaveLength(20);
    expect(said[0]).toContain('scenario.yaml:1:5: anchors');
  });

  it.each(['!!str 1', '!unknown 1', '!!binary aGk=', '!<tag:x> 1', '! 1'])('the tag in %s', (value) => {
    expect(complaints(`version: 1\nname: ${value}\n`)[0]).toBe(
      'scenario.yaml:2:7: tags (!name) are not part of the scenario language. Remove the tag.',
    );
  });

  it.each(['%YAML 1.1', '%TAG ! tag:x,2000:', '%FOO'])('the directive %s', (line) => {
    expect(complaints(`${line}\n---\nversion: 1\n`)[0]).toBe(
      'scenario.yaml:1:1: directives (%) are not part of the scenario language. Remove the line.',
    );
  });

  it('merge keys, but not a quoted << in data', () => {
    expect(inLine4('<<: { seed: 2 }\n')[0]).toBe(
      'scenario.yaml:4:1: merge keys (<<) are not part of the scenario language. Write the values out.',
    );
    const { experiment } = load(small('workload: [{ broadcast: { data: { "<<": 1 } }, at: 1s }]\n'));
    expect(experiment.workload[0].makePayload({ ratio: () => 0, below: () => 0 }, 0, 0)).toEqual({ '<<': 1 });
  });

  it('a second document, but not the marks around the first', () => {
    expect(complaints(`${small()}---\nversion: 1\n`)).toEqual([
      'scenario.yaml:4:1: a second document starts here. Put each scenario into a file of its own.',
    ]);
    expect(load(`---\n${small()}...\n`).experiment.nodeCount).toBe(4);
  });

  it.each([
    ['seed: 1\nseed: 2\n', 'scenario.yaml:5:1: seed: this key is here twice. Keep one of the two.'],
    ['"seed": 1\nseed: 2\n', 'scenario.yaml:5:1: seed: this key is here twice. Keep one of the two.'],
    [
      'workload: [{ broadcast: { data: { 1: a, "1": b } }, at: 1s }]\n',
      'scenario.yaml:4:41: workload[0].broadcast.data.1: this key is here twice. Keep one of the two.',
    ],
  ])('two keys that look the same: %j', (text, said) => {
    expect(inLine4(text)).toEqual([said]);
  });

  it.each([
    ['[a]: 1', 'a key must be a word'],
    ['? { a: 1 }\n: 2', 'a key must be a word'],
    [': 2', 'a key must be a word'],
  ])('the key of %j', (text, what) => {
    expect(inLine4(`${text}\n`)[0]).toContain(what);
  });

  it('values that other readers take for something else', () => {
    expect(inLine4('seed: 010\n')).toEqual([
      'scenario.yaml:4:7: seed: 010 could be meant as octal. Write 10, or put it between quotes.',
    ]);
    expect(inLine4('patternCheck: yes\n')[0]).toContain('patternCheck: expected none or true, found "yes"');
    expect(inLine4('seed: 1_000\n')[0]).toContain('found "1_000"');
    expect(inLine4('seed: "5"\n')[0]).toContain('found "5". Remove the quotes.');
    expect(inLine4('name: 2024\n')[0]).toContain('found 2024. Put it between quotes.');
    expect(inLine4('seed:\n')[0]).toContain('seed: expected an integer from 0 to 2^53-1, found nothing');
    expect(inLine4('network: { loss: .nan }\n')[0]).toContain('.nan is not a finite number');
    expect(inLine4('network: { loss: 1e400 }\n')[0]).toContain('1e400 is not a finite number');
    expect(inLine4('seed: 9007199254740993\n')[0]).toContain('9007199254740993 is too large to be exact');
  });

  it('numbers in the notations of YAML 1.2', () => {
    expect(load(small('seed: 0x1F\n')).experiment.seed).toBe(31);
    expect(load(small('seed: 1e3\n')).experiment.seed).toBe(1000);
    expect(load(small('seed: 9007199254740991\n')).experiment.seed).toBe(9007199254740991);
  });

  it('what is not YAML at all', () => {
    expect(inLine4('network: [1, 2\n')[0]).toContain('scenario.yaml:5:1: not valid YAML');
    expect(inLine4('a:\n\tb: 1\n')[0]).toContain('scenario.yaml:5:1: not valid YAML: Tabs are not allowed');
    expect(inLine4('name: "\\q"\n')[0]).toContain('not valid YAML: Invalid escape sequence');
  });

  it('control characters never reach the message as they are', () => {
    const said = complaints('name: \u001b[31m"x\u202e\n\u0007: 1\n').join('\n');
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    expect(said.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('bytes that are not UTF-8, half characters, and a byte order mark', () => {
    expect(complaints(Uint8Array.of(0x61, 0x3a, 0x20, 0xff))).toEqual([
      'scenario.yaml:1:1: the scenario is not valid UTF-8. Save the file as UTF-8.',
    ]);
    expect(complaints(`name: \ud800\n`)[0]).toContain('half a character');
    expect(load(`\ufeff${small()}`).experiment.nodeCount).toBe(4);
    expect(load(new TextEncoder().encode(`\ufeff${small()}`)).experiment.nodeCount).toBe(4);
  });

  it('archives, which are told how to become text', () => {
    expect(complaints(gzipSync(small()))).toEqual([
      'scenario.yaml:1:1: the scenario is gzip-compressed. Pass it as text: zcat FILE | mesh simulate -.',
    ]);
  });

  it.each(['', '# nothing\n', '---\n', 'null\n', '[]\n', 'text\n', '42\n'])(
    'a scenario that says %j',
    (text) => {
      expect(complaints(text)[0]).toMatch(/^scenario\.yaml:\d+:\d+: expected a scenario, found /);
    },
  );
});

describe('size and depth', () => {
  it('takes one MiB and not a byte more', () => {
    const filled = small('#').padEnd(1_048_576, 'x');
    expect(load(filled).experiment.nodeCount).toBe(4);
    expect(complaints(`${filled}x`)[0]).toContain('the scenario has 1048577 bytes, more than 1 MiB');
    // Two bytes a character count as two.
    expect(complaints(small('#').padEnd(600_000, '\u00e9'))[0]).toContain('more than 1 MiB');
  });

  const nest = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  const data = (value: string): string => small(`workload: [{ broadcast: { data: ${value} }, at: 1s }]\n`);

  it('takes 64 levels and refuses more, however they are written', () => {
    // The root, the list, its entry and broadcast are four.
    expect(load(data(nest(60))).experiment.workload).toHaveLength(1);
    expect(complaints(data(nest(61)))[0]).toContain('nested deeper than 64 levels');
    const blocks = Array.from({ length: 70 }, (_, depth) => `${' '.repeat(depth)}k:\n`).join('');
    expect(complaints(blocks)[0]).toContain('nested deeper than 64 levels');
    expect(complaints('- '.repeat(70))[0]).toContain('nested deeper than 64 levels');
  });

  it.each([
    ['brackets', '['.repeat(1_000_000)],
    ['dashes', '- '.repeat(500_000)],
    ['question marks', '? '.repeat(500_000)],
    ['braces', '{a: '.repeat(250_000)],
    ['closing brackets', ']'.repeat(1_000_000)],
    ['colons', ': '.repeat(500_000)],
  ])('a mebibyte of %s is refused without a stack overflow', (_, text) => {
    expect(complaints(text).length).toBeGreaterThan(0);
  });

  it('many keys cost no quadratic time', () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1\n`).join('');
    const said = complaints(keys);
    expect(said).toHaveLength(21);
    expect(said[20]).toMatch(/^scenario\.yaml: and \d+ more problems$/);
  });
});

describe('names that objects have of their own', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is an unknown key like any other',
    (key) => {
      expect(inLine4(`${key}: { polluted: 1 }\n`)[0]).toContain(`scenario.yaml:4:1: unknown key "${key}"`);
      expect(inLine4(`network: { ${key}: 1 }\n`)[0]).toContain(`network: unknown key "${key}"`);
      expect(inLine4(`topology: ${key}\n`)[0]).toContain(`found "${key}"`);
      expect(inLine4(`faults: [{ ${key}: {} }]\n`)[0]).toContain(`unknown fault "${key}"`);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it('and plain data in a payload', () => {
    const { experiment } = load(
      small('workload: [{ broadcast: { data: { __proto__: { x: 1 }, constructor: 2 } }, at: 1s }]\n'),
    );
    const made = experiment.workload[0].makePayload({ ratio: () => 0, below: () => 0 }, 0, 0);
    expect(JSON.stringify(made)).toBe('{"__proto__":{"x":1},"constructor":2}');
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });
});
