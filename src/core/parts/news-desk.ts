/**
 * What each node still has to tell about members: a piece of news is told so many times, and what was told least goes first. So rumours
 * about everybody spread on the back of messages that are sent anyway, and each dies out by itself.
 *
 * A. Das, I. Gupta, A. Motivala, "SWIM", DSN 2002, 4.1.
 */
import { noNews, subjectOf } from './membership-news.js';
import { ShortLists } from './short-lists.js';

export class NewsDesk {
  /** By row, in the order in which subjects came up: pieces of news, and how often each was told. */
  readonly #news: ShortLists;
  readonly #told: ShortLists;

  constructor(rows: number) {
    this.#news = new ShortLists(rows);
    this.#told = new ShortLists(rows);
  }

  clear(row: number): void {
    this.#news.clear(row);
    this.#told.clear(row);
  }

  /** Newer news about the same subject replace the older. */
  add(row: number, news: number): void {
    const all = this.#news;
    const count = all.count(row);
    const subject = subjectOf(news);
    for (let i = 0; i < count; i++) {
      if (subjectOf(all.at(row, i)) !== subject) continue;
      all.set(row, i, news);
      this.#told.set(row, i, 0);
      return;
    }
    all.insert(row, count, news);
    this.#told.insert(row, count, 0);
  }

  /**
   * The piece that was told least, the oldest of equals, other than those given; `noNews` when there is none. Counts as told.
   * @param tellings how often a piece is told before it is forgotten
   */
  next(row: number, tellings: number, except1 = noNews, except2 = noNews): number {
    const all = this.#news;
    const count = all.count(row);
    if (count === 0) return noNews;
    const told = this.#told;
    let best = -1;
    let leastTold = Infinity;
    for (let i = 0; i < count; i++) {
      const times = told.at(row, i);
      if (times >= leastTold) continue;
      const news = all.at(row, i);
      if (news === except1 || news === except2) continue;
      best = i;
      leastTold = times;
    }
    if (best < 0) return noNews;
    const news = all.at(row, best);
    if (leastTold + 1 < tellings) {
      told.set(row, best, leastTold + 1);
    } else {
      all.remove(row, best);
      told.remove(row, best);
    }
    return news;
  }

  /** Reads where the news of these rows begin, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    return this.#news.touch(rows, count);
  }
}
