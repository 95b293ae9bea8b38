/**
 * What members tell each other about members, in a few numbers: subject, state and incarnation in one word of a message. Each node keeps
 * what it has to tell until it has told it often enough, and tells first what it told least: rumours about everybody spread like this,
 * on the back of messages that are sent anyway.
 *
 * A. Das, I. Gupta, A. Motivala, "SWIM: scalable weakly-consistent infection-style process group membership protocol", DSN 2002, 4.1.
 */
import type { Opinion } from './peer-opinions.js';

/** No news in this word. Packed news are never 0, because 1 is added. */
export const noNews = 0;

const states = 4;
const incarnationsMax = 2 ** 24;

/** Subject, state and incarnation in a whole number below 2^46 + 1. */
export function packNews(subject: number, opinion: Opinion, incarnation: number): number {
  return 1 + ((subject * states + opinion) * incarnationsMax + (incarnation % incarnationsMax));
}

export function subjectOf(news: number): number {
  return Math.floor((news - 1) / (states * incarnationsMax));
}

export function opinionOf(news: number): Opinion {
  return (Math.floor((news - 1) / incarnationsMax) % states) as Opinion;
}

export function incarnationOf(news: number): number {
  return (news - 1) % incarnationsMax;
}

/** What each node still has to tell. */
export class NewsDesk {
  readonly #news: (number[] | undefined)[];
  readonly #told: (number[] | undefined)[];

  constructor(rows: number) {
    this.#news = new Array<number[] | undefined>(rows);
    this.#told = new Array<number[] | undefined>(rows);
  }

  clear(row: number): void {
    this.#news[row] = undefined;
    this.#told[row] = undefined;
  }

  /** Newer news about the same subject replace the older. */
  add(row: number, news: number): void {
    const all = (this.#news[row] ??= []);
    const told = (this.#told[row] ??= []);
    const subject = subjectOf(news);
    const at = all.findIndex((other) => subjectOf(other) === subject);
    if (at >= 0) {
      all[at] = news;
      told[at] = 0;
    } else {
      all.push(news);
      told.push(0);
    }
  }

  /**
   * The piece that was told least, the oldest of equals, other than those given; `noNews` when there is none. Counts as told.
   * @param tellings how often a piece is told before it is forgotten
   */
  next(row: number, tellings: number, except1 = noNews, except2 = noNews): number {
    const all = this.#news[row];
    const told = this.#told[row];
    if (all === undefined || told === undefined) return noNews;
    let best = -1;
    for (let i = 0; i < all.length; i++) {
      if (all[i] === except1 || all[i] === except2) continue;
      if (best < 0 || told[i] < told[best]) best = i;
    }
    if (best < 0) return noNews;
    const news = all[best];
    if (++told[best] >= tellings) {
      all.splice(best, 1);
      told.splice(best, 1);
    }
    return news;
  }
}
