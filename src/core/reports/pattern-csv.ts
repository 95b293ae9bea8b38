/**
 * `mesh pattern --csv`: a heading, then one line a step. Numbers only, so nothing needs quoting. Like the counter in a car: from one
 * line to the next mostly one wheel turns, so steps are counted in digits and never converted.
 */
import type { PatternFunction } from '../model/pattern.js';
import type { Stretch } from './pattern-values.js';

/** What leaves at a time. */
const chunkBytes = 65_536;
/** Sixteen digits, a comma, sixteen more and a line feed. */
const lineBytesMax = 34;

const digitZero = 48;
const digitNine = 57;
const comma = 44;
const lineFeed = 10;

const encoder = new TextEncoder();

/** @yields ASCII bytes, whole lines, to be used before the next chunk is asked for */
export function* patternCsv(
  pattern: PatternFunction,
  { from, steps }: Stretch,
): Generator<Uint8Array, void, undefined> {
  yield encoder.encode('step,value\n');
  const lines = new CsvLines(pattern, from);
  for (let done = 0; done < steps;) {
    done += lines.fill(steps - done);
    yield lines.filled;
  }
}

class CsvLines {
  readonly #chunk = new Uint8Array(chunkBytes);
  #chunkLength = 0;
  /** The digits of the next step, on the right. */
  readonly #wheels = new Uint8Array(16).fill(digitZero);
  #firstWheel: number;
  #step: number;

  constructor(
    private readonly pattern: PatternFunction,
    from: number,
  ) {
    this.#step = from;
    const digits = encoder.encode(String(from));
    this.#firstWheel = this.#wheels.length - digits.length;
    this.#wheels.set(digits, this.#firstWheel);
  }

  get filled(): Uint8Array {
    return this.#chunk.subarray(0, this.#chunkLength);
  }

  /** Fills the chunk anew, with `linesMax` lines at most. Returns how many there are. */
  fill(linesMax: number): number {
    const chunk = this.#chunk;
    const wheels = this.#wheels;
    let end = 0;
    let lines = 0;
    for (; lines < linesMax && end + lineBytesMax <= chunkBytes; lines++) {
      for (let wheel = this.#firstWheel; wheel < wheels.length; wheel++) chunk[end++] = wheels[wheel];
      chunk[end++] = comma;
      const value = this.pattern.valueUnchecked(this.#step++);
      if (value <= 9) chunk[end++] = digitZero + value;
      else end += encoder.encodeInto(String(value), chunk.subarray(end)).written;
      chunk[end++] = lineFeed;
      this.#turn();
    }
    this.#chunkLength = end;
    return lines;
  }

  /** One step further. */
  #turn(): void {
    const wheels = this.#wheels;
    let wheel = wheels.length - 1;
    while (wheel > 0 && wheels[wheel] === digitNine) wheels[wheel--] = digitZero;
    wheels[wheel]++;
    if (wheel < this.#firstWheel) this.#firstWheel = wheel;
  }
}
