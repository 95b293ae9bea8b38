/**
 * The desk of a node that leads groups, or may have to: a chair for each group that it is a candidate of (leadership.ts), the book of the members
 * while it sits on it (tally-book.ts), and, at the top of a hierarchy, the lines of all groups there.
 */
import { Seat } from './leadership.js';
import { CellBook, TallyBook } from './tally-book.js';

/** A chair with what belongs to it. */
export class LeaderSeat extends Seat {
  /** The highest term that is known of the parent group. */
  parentTerm = 0;
  /** Lines sent in this term, so that an overtaken one is told. */
  version = 0;
  /** The result that was passed down last, and how often it was heard again since. */
  passed = 0;
  repeats = 0;
  /** Has it sent a line in this term? */
  spoke = false;
  book: TallyBook | undefined;

  takeOffice(size: number, ofNodes: boolean): void {
    this.book = ofNodes ? new TallyBook(size) : new CellBook(size);
    this.spoke = false;
    this.version = 0;
    this.passed = 0;
    this.repeats = 0;
  }

  leaveOffice(): void {
    this.book = undefined;
  }
}

/** The seats of one node; `top` is there when one of them is at the top: the lines of all top groups. */
export interface Office {
  readonly seats: readonly LeaderSeat[];
  readonly top: CellBook | undefined;
}

/** Of nodes that are a candidate for nothing. */
export const noOffice: Office = { seats: [], top: undefined };
