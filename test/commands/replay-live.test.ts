/** The live view: its remote control alone, and the whole of it on a real terminal where tmux is at hand. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Player, wishesOf } from '../../src/cli/live-view.js';
import { LiveReplay } from '../../src/core/app/replay-live.js';
import { cut } from '../../src/core/reports/replay-frame.js';
import { repositoryRoot } from '../helpers/run-mesh.js';
import { joined, record, tinyRun } from '../trace/make.js';

let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-live-'));
  path = join(folder, 'tiny.trace');
  writeFileSync(path, joined(record(tinyRun()).pieces));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (lines: ReturnType<LiveReplay['frame']>): string[] =>
  lines.map((line) =>
    (Array.isArray(line) ? line : [line])
      .map((span: string | { text: string }) => (typeof span === 'string' ? span : span.text))
      .join(''),
  );

describe('the keys', () => {
  it('are told apart, also when several come at once', () => {
    expect(wishesOf(' ')).toEqual(['pause']);
    expect(wishesOf('n\u001b[Cj')).toEqual(['step', 'step', 'jump']);
    expect(wishesOf('\u001b[A\u001bOB+-')).toEqual(['up', 'down', 'faster', 'slower']);
    expect(wishesOf('\u0003')).toEqual(['interrupt']);
    expect(wishesOf('\u001b')).toEqual(['quit']);
    expect(wishesOf('xyz\u001b[5~\u{1f600}')).toEqual([]);
  });
});

describe('the player', () => {
  it('lets virtual time follow real time at its speed', async () => {
    const replay = await LiveReplay.open(path);
    const player = new Player(replay, 0.5);
    player.anchor(1000);
    await player.tick(1003);
    expect(replay.nowUs).toBe(1500);
    await player.obey('faster', 1003, 20);
    await player.tick(1004);
    expect(replay.nowUs).toBe(2500);
    await replay.close();
  });

  it('pauses, steps, jumps, rewinds and leaves', async () => {
    const replay = await LiveReplay.open(path);
    const player = new Player(replay, 1);
    player.anchor(0);
    await player.obey('pause', 0, 20);
    await player.tick(5000);
    expect(replay.nowUs).toBe(0);
    for (let i = 0; i < 6; i++) await player.obey('step', 0, 20);
    expect(replay.nowUs).toBe(1000);
    await player.obey('jump', 0, 20);
    expect(replay.nowUs).toBe(1100);
    await player.obey('jump', 0, 20);
    expect(replay.nowUs).toBe(1700);
    await player.obey('rewind', 0, 20);
    expect(replay.nowUs).toBe(0);
    await player.obey('pause', 0, 20);
    await player.tick(10_000);
    expect([replay.hasEnded, replay.nowUs]).toEqual([true, 91_700]);
    expect(player.isOver).toBe(false);
    await player.obey('quit', 0, 20);
    expect(player.isOver).toBe(true);
    await replay.close();
  });
});

describe('the picture', () => {
  it.each([
    [80, 24],
    [40, 10],
    [200, 60],
    [20, 3],
    [1, 1],
  ])('fits %i columns and %i rows at any moment', async (columns, rows) => {
    const replay = await LiveReplay.open(path);
    for (let i = 0; i <= 19; i++) {
      const lines = text(replay.frame({ columns, rows, isPaused: i % 2 === 0, speed: 1, scroll: i % 5 }));
      expect(lines.length).toBe(rows);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      await replay.step();
    }
    await replay.close();
  });

  it('shows time, nodes, faults and what just happened', async () => {
    const replay = await LiveReplay.open(path);
    await replay.advanceTo(2000, 1000);
    const shown = text(replay.frame({ columns: 100, rows: 24, isPaused: true, speed: 1, scroll: 0 })).join(
      '\n',
    );
    expect(shown).toContain('0.002000 s of 10 s  paused');
    expect(shown).toContain('up 4/5 (1 down)');
    expect(shown).toContain('split since 0.0011 s');
    expect(shown).toMatch(/delta +down/);
    expect(shown).toMatch(/0\.001710 s {2}delta crashed/);
    await replay.close();
  });

  it('names quitting, and shows whole figures, in a window of 80 columns', async () => {
    const replay = await LiveReplay.open(path);
    await replay.advanceTo(2000, 1000);
    const lines = text(replay.frame({ columns: 80, rows: 30, isPaused: false, speed: 1, scroll: 0 }));
    expect(lines.at(-1)).toMatch(/^q quit .*up\/down scroll$/);
    const shown = lines.join('\n');
    expect(shown).toMatch(/flagged \d+ {2}dropped \d+ {2}under way \d+$/m);
    expect(shown).toContain('down: delta since 0.00171 s');
    await replay.close();
  });

  it('is cut between spans without losing their tone', () => {
    expect(cut(['ab', { text: 'cdef', tone: 'bad' }, 'gh'], 4)).toEqual(['ab', { text: 'cd', tone: 'bad' }]);
  });
});

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const socket = `mesh-test-${process.pid}`;
const tmux = (...words: string[]): string =>
  execFileSync('tmux', ['-L', socket, ...words], { encoding: 'utf8' });

/** Looks again and again until the screen shows it. */
async function shows(pattern: RegExp): Promise<string> {
  let screen = '';
  for (let i = 0; i < 200; i++) {
    screen = tmux('capture-pane', '-p', '-t', 'live');
    if (pattern.test(screen)) return screen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the terminal never showed ${String(pattern)} but:\n${screen}`);
}

describe.skipIf(!hasTmux)('on a terminal', () => {
  beforeAll(() => {
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'live', '-x', '90', '-y', '24', 'env PS1=ready: sh');
  });
  afterAll(() => {
    spawnSync('tmux', ['-L', socket, 'kill-server']);
  });
  const type = (...keys: string[]): void => void tmux('send-keys', '-t', 'live', ...keys);
  const start = (speed: string): void =>
    type(
      `node ${join(repositoryRoot, 'bin/run.js')} replay ${path} --speed ${speed}; echo "code $?"`,
      'Enter',
    );
  const terminalState = (): string =>
    tmux('display', '-p', '-t', 'live', '#{alternate_on}#{cursor_flag}#{wrap_flag}').trim();

  it('plays, pauses, steps, and gives the terminal back', async () => {
    await shows(/ready:/);
    start('0.001');
    await shows(/event \d+ +up 5\/5/);
    expect(terminalState()).toBe('100');
    type('Space');
    const paused = await shows(/paused/);
    const before = Number(/event (\d+)/.exec(paused)?.[1]);
    type('n');
    await shows(new RegExp(`event ${before + 1} `));
    tmux('resize-window', '-t', 'live', '-x', '50', '-y', '12');
    await shows(/space play/);
    type('q');
    await shows(/code 0/);
    expect(terminalState()).toBe('011');
  });

  it('ends with 130 after Ctrl-C, and gives the terminal back', async () => {
    type('clear', 'Enter');
    start('0.001');
    await shows(/event \d+ /);
    type('C-c');
    await shows(/code 130/);
    expect(terminalState()).toBe('011');
  });
});
