import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/base/errors.js';
import { openOutput } from '../../src/core/io/output-file.js';
import { checkFolder, makeFolder } from '../../src/core/io/output-folder.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-output-'));
});

async function refusal(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('openOutput', () => {
  it('shows nothing under the name until commit, then everything', async () => {
    const path = join(folder, 'out.txt');
    const output = await openOutput(path);
    await output.write('grüße ');
    await output.write(new Uint8Array([0, 255]));
    await output.write('x'.repeat(200_000));
    expect(existsSync(path)).toBe(false);
    await output.commit();
    const expected = Buffer.concat([
      Buffer.from('grüße '),
      Buffer.from([0, 255]),
      Buffer.alloc(200_000, 'x'),
    ]);
    expect(readFileSync(path).equals(expected)).toBe(true);
    expect(output.bytesWritten).toBe(expected.length);
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('leaves nothing behind when discarded', async () => {
    const output = await openOutput(join(folder, 'out.txt'));
    await output.write('half');
    await output.discard();
    await output.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a file that exists, and with force keeps it whole until commit', async () => {
    const path = join(folder, 'out.txt');
    writeFileSync(path, 'old');
    expect((await refusal(openOutput(path))).code).toBe('output-exists');
    const output = await openOutput(path, { force: true });
    await output.write('new');
    expect(readFileSync(path, 'utf8')).toBe('old');
    await output.commit();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('does not overwrite a file that appeared while it was working', async () => {
    const path = join(folder, 'out.txt');
    const output = await openOutput(path);
    await output.write('mine');
    writeFileSync(path, 'theirs');
    expect((await refusal(output.commit())).code).toBe('output-exists');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('refuses to write over an input, also through a link and with force', async () => {
    const input = join(folder, 'in.txt');
    const link = join(folder, 'link.txt');
    writeFileSync(input, 'precious');
    symlinkSync(input, link);
    for (const path of [input, link]) {
      const error = await refusal(openOutput(path, { force: true, inputs: [input] }));
      expect(error.code).toBe('output-is-input');
    }
    expect(readFileSync(input, 'utf8')).toBe('precious');
  });

  it('replaces the file behind a link and keeps the link', async () => {
    const real = join(folder, 'real.txt');
    const link = join(folder, 'link.txt');
    writeFileSync(real, 'old');
    symlinkSync(real, link);
    const output = await openOutput(link, { force: true });
    await output.write('new');
    await output.commit();
    expect(readFileSync(real, 'utf8')).toBe('new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('refuses a missing folder and a folder as output', async () => {
    expect((await refusal(openOutput(join(folder, 'no', 'out.txt')))).code).toBe('output-unwritable');
    expect((await refusal(openOutput(folder, { force: true }))).code).toBe('output-unwritable');
  });

  it.runIf(existsSync('/dev/full'))('reports a full disk as lost output with exit code 4', async () => {
    const output = await openOutput('/dev/full');
    const error = await refusal(output.write(new Uint8Array(10)));
    expect(error.code).toBe('output-lost');
    expect(error.exitCode).toBe(4);
    expect(error.message).toContain('/dev/full: output lost after 0 bytes: no space left');
  });

  it('shows control characters of a path as escapes', async () => {
    const error = await refusal(openOutput(join(folder, 'no\u001b[2J', 'x')));
    expect(error.message).not.toContain('\u001b');
    expect(error.message).toContain('\\u001b[2J');
  });
});

describe('names', () => {
  it.each(['', '-'])('%j is refused by whatever writes', async (name) => {
    for (const work of [openOutput(name), makeFolder(name), checkFolder(name, true)])
      expect((await refusal(work)).code).toBe('output-unwritable');
  });

  it('two outputs of a run cannot go to one file, by whatever way', async () => {
    const path = join(folder, 'out.txt');
    symlinkSync(folder, join(folder, 'here'));
    const first = await openOutput(path);
    for (const other of [path, join(folder, 'here', 'out.txt')]) {
      const error = await refusal(openOutput(other, { force: true }));
      expect(error.message).toContain('another output of this run');
    }
    await first.discard();
    const second = await openOutput(path);
    await second.commit();
    await (await openOutput(path, { force: true })).commit();
    expect(readdirSync(folder).sort()).toEqual(['here', 'out.txt']);
  });
});

describe('folders', () => {
  it('are made with those above them, again and again', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path)]);
    await makeFolder(`${path}/`);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['c']);
  });

  it('that cannot be are refused before the run, and nothing is left behind', async () => {
    writeFileSync(join(folder, 'file'), '');
    const places = [join(folder, 'file', 'a', 'b'), ...(existsSync('/proc/self') ? ['/proc/mesh/a'] : [])];
    for (const place of places) {
      for (const work of [makeFolder(place), checkFolder(place, false)])
        expect((await refusal(work)).problems).toHaveLength(1);
    }
    await checkFolder(join(folder, 'a', 'b'), false);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
