/**
 * Plays something that happened in virtual time on a terminal, like a film with a remote control: space pauses, n and the right arrow
 * step, + and - change the speed, j jumps, r rewinds, q leaves. What is played draws its own pictures; here are the clock and the keys.
 */
import type { Line } from '../core/base/blocks.js';
import type { ColourLevel } from './colour.js';
import { BorrowedScreen } from './live-view-terminal.js';

/** What can be played. */
export interface Playable {
  readonly nowUs: number;
  readonly nodeCount: number;
  readonly hasEnded: boolean;
  advanceTo(timeUs: number, eventsMax: number): Promise<boolean>;
  step(): Promise<void>;
  stepToNotable(eventsMax: number): Promise<boolean>;
  rewind(): Promise<void>;
  frame(view: {
    readonly columns: number;
    readonly rows: number;
    readonly isPaused: boolean;
    readonly speed: number;
    readonly scroll: number;
  }): readonly Line[];
}

/** Between two pictures. */
const frameMs = 50;
/** Events between two pictures at the most; a run that is denser plays slower than asked for. */
const eventsPerFrameMax = 50_000;
/** A jump that finds nothing for so long stops there, so that keys are heard; pressed again, it goes on. */
const eventsPerJumpMax = 1_000_000;
const speedMin = 1 / 1024;
const speedMax = 65_536;

export interface LiveViewOptions {
  /** Seconds of virtual time in one of real time. */
  readonly speed: number;
  readonly colour: ColourLevel;
  /** Aborted at SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Ctrl-C came as a key, because the keyboard is ours. */
  readonly onInterruptKey: () => void;
}

/** What a key stands for; arrows come as sequences of the VT100. */
export type Wish =
  'pause' | 'step' | 'jump' | 'faster' | 'slower' | 'rewind' | 'up' | 'down' | 'quit' | 'interrupt';

const keys: ReadonlyMap<string, Wish> = new Map<string, Wish>([
  [' ', 'pause'],
  ['p', 'pause'],
  ['n', 'step'],
  ['\u001b[C', 'step'],
  ['\u001bOC', 'step'],
  ['j', 'jump'],
  ['+', 'faster'],
  ['=', 'faster'],
  ['-', 'slower'],
  ['r', 'rewind'],
  ['\u001b[A', 'up'],
  ['\u001bOA', 'up'],
  ['\u001b[B', 'down'],
  ['\u001bOB', 'down'],
  ['q', 'quit'],
  ['\u001b', 'quit'],
  ['\u0003', 'interrupt'],
  ['\u0004', 'quit'],
]);

/** Several keys may come at once; unknown ones are passed over. */
export function wishesOf(input: string): readonly Wish[] {
  // An escape sequence is one key, an escape that stands alone another.
  // eslint-disable-next-line no-control-regex -- keys of a terminal are control characters
  const parts = input.match(/\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Za-z]|[\s\S]/gu) ?? [];
  return parts.flatMap((part) => keys.get(part) ?? []);
}

/** The remote control: everything about playing but the screen. */
export class Player {
  isPaused = false;
  isOver = false;
  scroll = 0;
  #anchorMs = 0;
  #anchorUs = 0;

  constructor(
    private readonly playable: Playable,
    public speed: number,
  ) {}

  /** From now on time is counted from here. */
  anchor(nowMs: number): void {
    this.#anchorMs = nowMs;
    this.#anchorUs = this.playable.nowUs;
  }

  /** Lets virtual time follow real time. */
  async tick(nowMs: number): Promise<void> {
    if (this.isPaused || this.playable.hasEnded) return;
    const targetUs = this.#anchorUs + Math.floor((nowMs - this.#anchorMs) * 1000 * this.speed);
    if (!(await this.playable.advanceTo(targetUs, eventsPerFrameMax))) this.anchor(nowMs);
  }

  async obey(wish: Wish, nowMs: number, rows: number): Promise<void> {
    switch (wish) {
      case 'pause':
        this.isPaused = !this.isPaused;
        break;
      case 'step':
        this.isPaused = true;
        await this.playable.step();
        break;
      case 'jump':
        this.isPaused = true;
        await this.playable.stepToNotable(eventsPerJumpMax);
        break;
      case 'faster':
        this.speed = Math.min(speedMax, this.speed * 2);
        break;
      case 'slower':
        this.speed = Math.max(speedMin, this.speed / 2);
        break;
      case 'rewind':
        await this.playable.rewind();
        break;
      case 'up':
        this.scroll = Math.max(0, this.scroll - Math.max(1, rows >> 2));
        break;
      case 'down':
        this.scroll = Math.min(
          Math.max(0, this.playable.nodeCount - 1),
          this.scroll + Math.max(1, rows >> 2),
        );
        break;
      default:
        this.isOver = true;
    }
    this.anchor(nowMs);
  }
}

/** Plays until the user leaves, or a signal comes. The terminal is then as it was. */
export async function showLiveView(playable: Playable, options: LiveViewOptions): Promise<void> {
  const screen = new BorrowedScreen(options.colour);
  const player = new Player(playable, options.speed);
  const wishes: Wish[] = [];
  let wake = (): void => undefined;
  const wakeUp = (): void => wake();
  options.signal.addEventListener('abort', wakeUp, { once: true });
  process.stdout.on('resize', wakeUp);
  try {
    screen.borrow((input) => {
      for (const wish of wishesOf(input)) {
        // The signal that follows ends the view, and decides the exit code.
        if (wish === 'interrupt') options.onInterruptKey();
        else wishes.push(wish);
      }
      wake();
    });
    player.anchor(performance.now());
    while (!player.isOver && !options.signal.aborted) {
      await player.tick(performance.now());
      const { columns, rows } = screen;
      const { isPaused, speed, scroll } = player;
      screen.draw(playable.frame({ columns, rows, isPaused, speed, scroll }));
      if (wishes.length === 0) {
        // Nothing moves while it is paused: only a key or a new size of the window is worth another picture.
        const isStill = player.isPaused || playable.hasEnded;
        await new Promise<void>((resolve) => {
          const timer = isStill ? undefined : setTimeout(resolve, frameMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = () => undefined;
      }
      for (const wish of wishes.splice(0)) await player.obey(wish, performance.now(), rows);
    }
  } finally {
    screen.giveBack();
    process.stdout.off('resize', wakeUp);
    options.signal.removeEventListener('abort', wakeUp);
  }
}
