/** The use case on real files: known answers, any number of threads, inputs of every kind. */
import { generateKeyPairSync, createHmac, sign } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { observe } from '../../src/core/app/observe.js';
import { looksLike } from '../../src/core/app/observe-hints.js';
import { LineRangeReader } from '../../src/core/io/line-range.js';
import { readSignatureKeys } from '../../src/core/io/signature-keys.js';
import type { LogSample } from '../../src/core/parts/log-tally.js';
import { readLogProfile } from '../../src/core/scenario/log-profile.js';
import { makeCase } from './fuzz.js';
import { line, nonZero } from './helpers.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-observe-'));
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('logs of others', () => {
  const profile = (name: string): ReturnType<typeof readLogProfile> =>
    readLogProfile(readFileSync(`examples/profiles/${name}.yaml`), name);

  it('the LoRaWAN log of CampusIoT has the answers that were computed without mesh', async () => {
    const { fields, pattern, data, resync } = profile('lorawan');
    const result = await observe({
      files: ['test/data/logs/campusiot/helium_ems.ndjson.gz'],
      checksPattern: pattern,
      validator: { fields, needsData: data, resync },
    });
    // consecutive_same_fcnt, fcnt_decreases, forward_gap_events, missing_frames_in_gaps and devices of the data's oracle
    expect(nonZero(result.findings)).toEqual({ 'step-repeat': 1966, 'step-backwards': 1 });
    expect(result).toMatchObject({
      lines: 8110,
      wellFormed: 8110,
      gaps: 5,
      missingSteps: 17,
      senders: 1,
      complete: true,
    });
  });

  it.each([
    ['facebook', 47, 4],
    ['simple-reliable-broadcast', 39, 3],
  ])('the vector clocks of %s have %i events of %i hosts and nothing wrong', async (name, events, hosts) => {
    const { fields, pattern, data } = profile('shiviz');
    const request = { checksPattern: pattern, validator: { fields, needsData: data } };
    const result = await observe({ files: [`test/data/logs/shiviz/${name}.jsonl`], ...request });
    expect(result).toMatchObject({ lines: events, valid: events, senders: hosts, gaps: 0 });
    // The entry of its own host is what counts: with a clock entry taken away, the line has no step.
    const [first] = readFileSync(`test/data/logs/shiviz/${name}.jsonl`, 'utf8').split('\n');
    const broken = file('broken.jsonl', first.replace(/"clock": \{"[^"]*"/, '"clock": {"nobody"'));
    expect((await observe({ files: [broken], ...request })).malformedKinds['missing-field']).toBe(1);
  });
});

describe('threads', () => {
  it('do not change the result, wherever the file is cut', async () => {
    const pieces: Uint8Array[] = [];
    for (let number = 0; number < 1500; number++) pieces.push(makeCase(number).log, Uint8Array.of(10));
    const path = file('mixed.jsonl', Buffer.concat(pieces));
    const validator = { tolerance: 3, jumpMax: 50, samplesMax: 100_000, lineBytesMax: 400 };
    const one = JSON.stringify(await observe({ files: [path], validator }));
    for (const [threads, partBytes] of [
      [2, 999],
      [3, 20_011],
      [4, 262_144],
    ]) {
      const many = await observe({ files: [path], validator, threads, partBytes, parallelBytesMin: 0 });
      expect(JSON.stringify(many), `${threads} threads, stretches of ${partBytes} bytes`).toBe(one);
    }
  });

  it('forget names when they know too many, and lose nothing', async () => {
    const round = (step: number): string =>
      Array.from({ length: 70_000 }, (_, i) => line(`n${i}`, step)).join('');
    const path = file('many.jsonl', round(0) + round(1) + line('n5', 1));
    const one = JSON.stringify(await observe({ files: [path] }));
    const many = await observe({ files: [path], threads: 2, parallelBytesMin: 0 });
    expect(JSON.stringify(many)).toBe(one);
    expect(many).toMatchObject({
      senders: 70_000,
      valid: 140_000,
      samples: [{ line: 140_001, kind: 'step-repeat' }],
    });
  });

  it('stop when they are asked to, and say so', async () => {
    const path = file('long.jsonl', line('a', 0).repeat(20_000));
    const abort = new AbortController();
    abort.abort();
    const result = await observe({ files: [path], threads: 2, parallelBytesMin: 0, signal: abort.signal });
    expect(result).toMatchObject({ complete: false, incompleteBecause: 'interrupted' });
  });

  it('do not blame a line that was cut by the interruption', async () => {
    const path = file(
      'interrupted.jsonl',
      line('a', 0, { text: 'x'.repeat(3000) }) + line('b', 0).repeat(40_000),
    );
    for (const threads of [1, 2]) {
      const abort = new AbortController();
      const result = await observe({
        files: [path],
        threads,
        parallelBytesMin: 0,
        partBytes: 10_000,
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      expect(result).toMatchObject({ complete: false, malformed: 0 });
      expect(result.lines).toBeGreaterThan(0);
      expect(result.lines).toBeLessThan(40_001);
    }
  });

  it('get every line exactly once from the reader of ranges', () => {
    const text = Array.from({ length: 400 }, (_, i) => 'x'.repeat((i * 7919) % 97)).join('\n');
    const path = file('ranges.txt', text);
    const reader = new LineRangeReader(path);
    for (const size of [1, 2, 7, 50, 96, 97, 98, 1000, 100_000]) {
      const parts: Buffer[] = [];
      for (let from = 0; from < text.length; from += size) {
        reader.read(from, from + size >= text.length ? Infinity : from + size, (piece) =>
          parts.push(Buffer.from(piece)),
        );
      }
      expect(Buffer.concat(parts).toString() === text, `ranges of ${size} bytes`).toBe(true);
    }
    reader.close();
  });
});

describe('inputs', () => {
  const log = line('a', 0) + line('a', 1) + line('a', 1);

  it('are refused when the name promises a compression that the bytes deny', async () => {
    await expect(observe({ files: [file('plain.jsonl.gz', log)] })).rejects.toThrow(
      /its name says gzip, its first bytes do not/,
    );
    if (!('createZstdDecompress' in zlib)) return;
    await expect(observe({ files: [file('plain.jsonl.zst', log)] })).rejects.toThrow(
      /its name says Zstandard/,
    );
  });

  it('may be several, and gzip; marks go on from file to file and lines are counted in each', async () => {
    const files = [file('one.jsonl', log), file('two.jsonl.gz', gzipSync(line('a', 0) + line('a', 2)))];
    const result = await observe({ files });
    expect(result).toMatchObject({ file: null, lines: 5, valid: 3, complete: true });
    expect(result.samples.map(({ file: name, line: number, kind }) => [name, number, kind])).toEqual([
      [files[0], 3, 'step-repeat'],
      [files[1], 1, 'step-backwards'],
    ]);
  });

  it('that end too early are incomplete, and what was read counts', async () => {
    const packed = gzipSync(
      Array.from({ length: 5000 }, (_, i) => line('a', i, { n: (i * 7919) % 1000 })).join(''),
    );
    const result = await observe({ files: [file('cut.gz', packed.subarray(0, packed.length / 2))] });
    expect(result.complete).toBe(false);
    expect(result.incompleteBecause).toContain('the compressed file ends too early');
    expect(result.valid).toBeGreaterThan(500);
  });

  it('may begin at a line or at a time', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => line('a', i, { timestamp: 1000 + i }));
    const path = file('ranges.jsonl', lines.join('') + line('a', 49));
    expect(await observe({ files: [path], fromLine: 41 })).toMatchObject({
      lines: 11,
      samples: [{ line: 51 }],
    });
    expect(await observe({ files: [path], sinceMs: 1030 })).toMatchObject({
      lines: 21,
      samples: [{ line: 51 }],
    });
    expect(await observe({ files: [path], fromLine: 100 })).toMatchObject({ lines: 0 });
  });

  it('may grow, be emptied and be replaced while they are followed', async () => {
    const path = file('grow.jsonl', line('a', 0));
    const seen: LogSample[] = [];
    const abort = new AbortController();
    const run = observe({
      files: [path],
      follow: true,
      signal: abort.signal,
      onFinding: (sample) => seen.push(sample),
    });
    const until = async (count: number): Promise<void> => {
      for (let turn = 0; turn < 200 && seen.length < count; turn++) await pause(25);
      expect(seen.length).toBe(count);
    };
    appendFileSync(path, line('a', 0));
    await until(1);
    truncateSync(path);
    await pause(600);
    appendFileSync(path, `${line('a', 1)}broken\n`);
    await until(2);
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('a', 1));
    await until(3);
    abort.abort();
    const result = await run;
    expect(seen.map(({ line: number, kind }) => [number, kind])).toEqual([
      [2, 'step-repeat'],
      [2, 'invalid-json'],
      [1, 'step-repeat'],
    ]);
    expect(result).toMatchObject({ lines: 5, wellFormed: 4 });
  });

  it.each([
    [[0x1f, 0x8b, 8], 'gzip'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard'],
    [[...Buffer.from('  [\n{"a":1}')], 'JSON array'],
    [[...Buffer.from('{\n  "a": 1')], 'spread'],
    [[0xff, 0xfe, 0x7b, 0], 'UTF-16'],
    [[...Buffer.from('{"a":1,"b"', 'utf16le')], 'UTF-16'],
  ])('that look like something else are named', (bytes, words) => {
    expect(looksLike(Uint8Array.from(bytes))).toContain(words);
    expect(looksLike(new TextEncoder().encode(line('a', 0)))).toBeUndefined();
  });
});

describe('signatures', () => {
  /** The text of docs/observe.md, put together by hand. */
  const covered = (sender: string, step: number, data: string): Buffer =>
    Buffer.from(
      `{"data":${data},"globalStep":${step},"incarnation":0,"senderId":"${sender}","sequence":5,"timestamp":1000}`,
    );
  const signed = (sender: string, step: number, signature: Buffer): string =>
    line(sender, step, {
      data: { b: 1, a: [1.0, 'é'] },
      timestamp: 1000,
      sequence: 5,
      signature: signature.toString('base64'),
    });
  const data = '{"a":[1,"é"],"b":1}';

  it('of a group are checked with its key', async () => {
    const key = Buffer.from('a secret of the group');
    const mac = (sender: string, step: number): Buffer =>
      createHmac('sha256', key)
        .update(covered(sender, step, data))
        .digest();
    const log =
      signed('a', 0, mac('a', 0)) + signed('a', 1, mac('a', 0)) + signed('b', 0, mac('b', 0)) + line('a', 2);
    const keys = await readSignatureKeys(
      file('hmac.json', JSON.stringify({ scheme: 'hmac', key: key.toString('base64'), senders: ['a'] })),
    );
    const result = await observe({ files: [file('signed.jsonl', log)], keys });
    expect(result.samples.map(({ line: number, kind, message }) => [number, kind, message])).toEqual([
      [2, 'bad-signature', 'the signature does not fit the message'],
      [3, 'unknown-sender', 'this sender has no key'],
      [4, 'bad-signature', 'the signature is missing'],
    ]);
  });

  it('of senders are checked with their public keys', async () => {
    const pair = generateKeyPairSync('ed25519');
    const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const good = signed('a', 0, sign(null, covered('a', 0, data), pair.privateKey));
    const keys = await readSignatureKeys(
      file('ed.json', JSON.stringify({ scheme: 'ed25519', keys: { a: raw } })),
    );
    const result = await observe({
      files: [file('ed.jsonl', good + good.replace('"t"', '"u"').replace('[1,', '[2,'))],
      keys,
    });
    expect(nonZero(result.findings)).toEqual({ 'step-repeat': 1, equivocation: 1, 'bad-signature': 1 });
  });

  it.each(['{}', '[', '{"scheme":"hmac"}', '{"scheme":"ed25519","keys":{"a":"AAAA"}}'])(
    'refuse keys like %s',
    async (text) => {
      await expect(readSignatureKeys(file('bad.json', text))).rejects.toMatchObject({ code: 'missing-key' });
    },
  );
});

describe('profiles', () => {
  it('are refused with line and column and a guess', () => {
    const read = (text: string): unknown => readLogProfile(new TextEncoder().encode(text), 'p.yaml');
    expect(() => read('fields:\n  sendr: x\n')).toThrow(/p\.yaml:2:3: .*Did you mean sender/);
    expect(() => read('resync: 1\n')).toThrow(/p\.yaml:1:9: resync is neither true nor false/);
    expect(() => read('- a\n')).toThrow(/a profile is a section/);
  });
});
