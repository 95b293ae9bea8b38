/** `mesh observe` as a process: exit codes, outputs, and nothing raw on a terminal. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { magic } from '../../src/core/trace/format.js';
import { runMesh } from '../helpers/run-mesh.js';
import { line } from '../observe/helpers.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-observe-command-'));
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const healthy = line('a', 0) + line('b', 0) + line('a', 1);
const replayed = healthy + line('a', 1);

/** C0 without tab and line feed, DEL, C1 and the controls of writing direction. */
// eslint-disable-next-line no-control-regex -- looking for them is the purpose
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

describe('mesh observe', () => {
  it('says that a healthy log is healthy, and exits with 0', async () => {
    const run = await runMesh(['observe', file('healthy.jsonl', healthy)]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('healthy: 3 messages, no findings');
  });

  it('finds a planted replay, explains it, and exits with 3', async () => {
    const run = await runMesh(['observe', file('replayed.jsonl', replayed)]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('step-repeat');
    expect(run.stdout).toContain('replayed');
    expect(run.stdout).toContain('It cannot see');
  });

  it('prints one object with --json, in the promised shape', async () => {
    const path = file('shape.jsonl', replayed);
    const { stdout, exitCode } = await runMesh(['observe', path, '--json']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      file: path,
      lines: 4,
      blank: 0,
      malformed: 0,
      wellFormed: 4,
      valid: 3,
      findings: { 'pattern-mismatch': 0, 'step-repeat': 1, equivocation: 0, 'step-backwards': 0 },
      senders: 2,
      samples: [{ line: 4, kind: 'step-repeat', senderId: 'a', step: 1, received: 1 }],
      samplesOmitted: 0,
      gaps: 0,
      missingSteps: 0,
      complete: true,
    });
  });

  it('reads standard input, and every finding with --all or --csv', async () => {
    const all = await runMesh(['observe', '-', '--all'], { stdin: replayed + replayed });
    const kinds = all.stdout
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { kind: string }).kind);
    expect(kinds).toEqual(['step-repeat', 'step-backwards', 'step-repeat', 'step-repeat', 'step-repeat']);
    const csv = await runMesh(['observe', '-', '--csv'], { stdin: replayed.replaceAll('"a"', '"=1+1"') });
    expect(csv.stdout.split('\r\n')[1]).toMatch(/^,4,step-repeat,'=1\+1,1,/);
  });

  it('never prints a raw control character, whatever stands in the log', async () => {
    const evil = ['\\u001b[2J', '\\u0085', '\\u202e', '\\u007f', '\\ud800'].join('');
    const log =
      line('x', 5).replace('"x"', `"${evil}"`).repeat(2) +
      `${line('x', 5).replace('"x"', '"\u202e\u0085"')}`.repeat(2);
    const path = file('evil.jsonl', `${log}"\u001b]0;x\u0007"\n{"k\\u001b":1,"k\\u001b":2}\n`);
    const outputs = ['junit', 'markdown', 'report'].map((kind) => [
      `--${kind}`,
      join(folder, `evil.${kind}`),
    ]);
    for (const words of [['--json'], ['--all'], ['--csv'], outputs.flat()]) {
      const run = await runMesh(['observe', path, ...words]);
      expect(run.exitCode).toBe(3);
      expect(run.stdout.replaceAll('\r\n', '\n')).not.toMatch(raw);
      expect(run.stderr).not.toMatch(raw);
    }
    for (const [, output] of outputs) expect(readFileSync(output, 'utf8')).not.toMatch(raw);
  });

  it('writes pages that cannot be taken over by a name', async () => {
    const name = '</title><script>alert(1)</script>|`]]>&"';
    const path = file('markup.jsonl', line(name, 1).repeat(2));
    const [page, xml, markdown] = ['p.html', 'p.xml', 'p.md'].map((each) => join(folder, each));
    await runMesh(['observe', path, '--report', page, '--junit', xml, '--markdown', markdown]);
    expect(readFileSync(page, 'utf8')).not.toContain('<script');
    expect(readFileSync(page, 'utf8')).toContain("default-src 'none'");
    expect(readFileSync(xml, 'utf8')).not.toContain('<script');
    expect(readFileSync(markdown, 'utf8')).not.toContain('<script');
  });

  it.each([
    [['observe'], 'no log is named'],
    [['observe', '/no/such/file'], 'it cannot be opened'],
    [['observe', '.'], 'it is a folder'],
    [['observe', '-', '--max-skew', '5'], '--max-skew'],
    [['observe', '-', '--since', 'yesterday'], '--since'],
    [['observe', '-', '--step-field', 'a..b'], '--step-field'],
    [['observe', '-', '--pattern', 'digit-colapse'], 'Did you mean digit-collapse?'],
    [['observe', '-', '--seed', '0'], '--seed'],
    [['observe', '-', '--folow'], 'folow'],
    [['observe', '-', '--follow'], '--follow'],
  ])('refuses %j in one line, with exit code 2', async (words, text) => {
    const run = await runMesh(words, { stdin: healthy });
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toContain(text);
  });

  it('keeps its hands off inputs and existing files', async () => {
    const path = file('precious.jsonl', replayed);
    expect((await runMesh(['observe', path, '--report', path, '--force'])).exitCode).toBe(2);
    const old = file('old.html', 'old');
    expect((await runMesh(['observe', path, '--report', old])).exitCode).toBe(2);
    expect(readFileSync(old, 'utf8')).toBe('old');
    expect((await runMesh(['observe', path, '--report', old, '--force'])).exitCode).toBe(3);
    expect(readFileSync(path, 'utf8')).toBe(replayed);
  });

  it.runIf(existsSync('/dev/full'))('exits with 4 when a report is lost on a full disk', async () => {
    const run = await runMesh(['observe', file('full.jsonl', healthy), '--report', '/dev/full']);
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toMatch(/output lost after \d+ bytes/);
  });

  it('says which files it has written, unless a program listens', async () => {
    const page = join(folder, 'told.html');
    const words = ['observe', file('told.jsonl', healthy), '--report', page, '--force'];
    const { stderr } = await runMesh(words);
    expect(stderr).toMatch(/^mesh observe: wrote .*told\.html \([\d.]+ k?B\)\n$/);
    expect((await runMesh([...words, '--json'])).stderr).toBe('');
    expect((await runMesh([...words.slice(0, 2), '--report', '/dev/null'])).stderr).toBe('');
  });

  it('names flags that do not go together, or only together', async () => {
    const apart = await runMesh(['observe', 'a.jsonl', '--all', '--csv']);
    expect(apart).toMatchObject({
      exitCode: 2,
      stderr: 'mesh observe: --all and --csv do not go together\n',
    });
    const together = await runMesh(['simulate', 'a.yaml', '--low', '1']);
    expect(together).toMatchObject({
      exitCode: 2,
      stderr: 'mesh simulate: --low needs --search beside it\n',
    });
  });

  it('hints at what a file looks like', async () => {
    const run = await runMesh(['observe', file('array.json', '[\n{"a":1}\n]\n')]);
    expect(run.stdout).toContain("jq -c '.[]'");
  });

  it('says that honest messages overtake one another', async () => {
    const path = file('overtaken.jsonl', [line('a', 0), line('a', 2), line('a', 1)].join(''));
    const { stdout } = await runMesh(['observe', path]);
    expect(stdout).toMatch(/hint: 1 line steps backwards\. Honest messages do so/);
    expect(Math.max(...stdout.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
    expect((await runMesh(['observe', file('honest.jsonl', healthy)])).stdout).not.toContain('hint');
  });

  it('refuses a trace that comes through a pipe', async () => {
    const run = await runMesh(['observe', '-', '--json'], { stdin: magic });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('standard input: this is a trace of mesh simulate --record, and no log.');
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'bad-trace' } });
  });

  it('has nothing against an empty log, and says that it was empty', async () => {
    const run = await runMesh(['observe', file('empty.jsonl', '')]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('no messages: there was nothing to check');
  });

  it('expands patterns of names that a shell left alone', async () => {
    file('part-1.log', healthy);
    file('part-2.log', line('a', 1));
    const run = await runMesh(['observe', join(folder, 'part-*.log'), '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ lines: 4, valid: 3 });
  });
});
