/**
 * What members tell each other about members, in one number: subject, opinion and incarnation. It is a word of a message on its way, and
 * it is what is written down about a peer at home: what a node believes of somebody is the last news that it took over.
 *
 * A. Das, I. Gupta, A. Motivala, "SWIM: scalable weakly-consistent infection-style process group membership protocol", DSN 2002, 4.1.
 */

export const opinions = { alive: 0, suspect: 1, dead: 2, left: 3 } as const;
export type Opinion = (typeof opinions)[keyof typeof opinions];

/** No news in this word. Packed news are never 0, because 1 is added. */
export const noNews = 0;

const states = 4;
const incarnationsMax = 2 ** 24;

/** Subject, opinion and incarnation in a whole number below 2^46 + 1, for subjects below 2^20. Ascending by subject. */
export function packNews(subject: number, opinion: Opinion, incarnation: number): number {
  return 1 + ((subject * states + opinion) * incarnationsMax + (incarnation % incarnationsMax));
}

export function subjectOf(news: number): number {
  return Math.floor((news - 1) / (states * incarnationsMax));
}

export function opinionOf(news: number): Opinion {
  return (Math.floor((news - 1) / incarnationsMax) & (states - 1)) as Opinion;
}

export function incarnationOf(news: number): number {
  return (news - 1) % incarnationsMax;
}
