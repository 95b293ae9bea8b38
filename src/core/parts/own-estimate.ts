/**
 * Have we all got the same? A node sees only its own talks, so it can but guess. By *partners*: the last few that it compared with, one
 * after the other, held just what it holds. By *quiet*: nothing new has come for a few of its turns. Both are cheap, and both are wrong
 * now and then: news may be on its way from afar, and a partition looks just like peace.
 */
import { knobs, type Values } from '../base/knobs.js';
import { reportKinds, type Host } from '../model/protocol.js';

export const estimateKnobs = knobs({
  by: {
    kind: 'choice',
    words: ['partners', 'quiet'],
    default: 'partners',
    doc: '`partners`: the last nodes that it compared with held the same as it. `quiet`: it has learned and written nothing in its last turns.',
  },
  after: {
    kind: 'integer',
    min: 1,
    max: 255,
    default: 3,
    doc: 'How many partners or turns in a row it takes to believe. More makes it wrong less often, and right later.',
  },
});

export class OwnEstimate {
  readonly #streaks: Uint8Array;
  readonly #believes: Uint8Array;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly rule: Values<typeof estimateKnobs>,
  ) {
    this.#streaks = new Uint8Array(rows);
    this.#believes = new Uint8Array(rows);
  }

  /** The node comes up and believes nothing. */
  start(): void {
    this.#streaks[this.host.row] = 0;
    this.#believes[this.host.row] = 0;
  }

  /** A turn of its own begins: as many as that went by in quiet before it. */
  turn(): void {
    if (this.rule.by !== 'quiet') return;
    const { row } = this.host;
    if (this.#streaks[row] >= this.rule.after) this.#believe(row);
    else this.#streaks[row]++;
  }

  /** It compared with a partner. */
  met(agrees: boolean): void {
    if (this.rule.by !== 'partners') return;
    const { row } = this.host;
    if (!agrees) this.changed();
    else if (this.#streaks[row] + 1 < this.rule.after) this.#streaks[row]++;
    else this.#believe(row);
  }

  /** It holds something else than before, or met somebody who does. */
  changed(): void {
    const { row } = this.host;
    this.#streaks[row] = 0;
    if (this.#believes[row] === 0) return;
    this.#believes[row] = 0;
    this.host.report(reportKinds.estimated, 0, 0);
  }

  #believe(row: number): void {
    if (this.#believes[row] === 1) return;
    this.#believes[row] = 1;
    this.host.report(reportKinds.estimated, 0, 1);
  }
}
