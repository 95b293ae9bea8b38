/**
 * Bad days as stretches of time. Each occurrence of a fault, and each adversary's time at work, is an episode with the nodes that it
 * touches as its subjects; it is noticed when an honest node raises an alarm about one of them before it is over, or within a grace
 * period after that. Whoever is cut off has cause to doubt everybody, so an alarm that a subject of a partition raises is about the
 * partition. An alarm about somebody whom no episode touches is unexplained.
 */
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { EpisodeFigures, ResultSections } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** An alarm so soon after the end is still about what was. */
const graceUs = 10_000_000;

interface Episode {
  readonly row: number;
  readonly startUs: number;
  endUs: number;
  /** Grows while nodes are touched. */
  readonly subjects: ReadonlySet<number> | Set<number>;
  /** Does it keep its subjects from hearing others? */
  readonly cutsOff: boolean;
  isNoticed: boolean;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  episodes: number;
  judged: number;
  readonly noticedUs: Histogram;
}

export class Episodes implements Instrument {
  readonly #rows: Row[] = [];
  /** Those that an alarm may still be about. */
  #open: Episode[] = [];
  /** The fault that began last: nodes that go down in this very moment are its doing. */
  #latest: Episode | undefined;
  #alarms = 0;
  #unexplained = 0;
  #enlisted = false;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {
    const { faults, adversaries } = simulation.experiment;
    for (const { id, kind } of [...faults, ...adversaries])
      this.#rows.push({ id, kind: kind.name, episodes: 0, judged: 0, noticedUs: new Histogram() });
  }

  /** Who lies is drawn when the run begins, after the instruments are made. */
  #enlist(): void {
    if (this.#enlisted) return;
    this.#enlisted = true;
    const { faults, adversaries } = this.simulation.experiment;
    adversaries.forEach(({ fromUs, untilUs }, index) => {
      const subjects = new Set(this.world.liars.members[index]);
      this.#begin({
        row: faults.length + index,
        startUs: fromUs,
        endUs: untilUs,
        subjects,
        cutsOff: false,
        isNoticed: false,
      });
    });
  }

  #begin(episode: Episode): void {
    this.#rows[episode.row].episodes++;
    this.#open.push(episode);
  }

  faultBegan(index: number): void {
    this.#close();
    const { kind } = this.simulation.experiment.faults[index];
    // What mends something is nothing to be noticed.
    if (kind.mends === true) return;
    const subjects = kind.lasts ? this.world.touchedBy(index) : new Set<number>();
    const startUs = this.simulation.nowUs;
    const cutsOff = kind.heals === true;
    const episode = { row: index, startUs, endUs: Infinity, subjects, cutsOff, isNoticed: false };
    this.#latest = kind.lasts ? undefined : episode;
    this.#begin(episode);
  }

  faultEnded(index: number): void {
    for (const episode of this.#open)
      if (episode.row === index && episode.endUs === Infinity) episode.endUs = this.simulation.nowUs;
  }

  nodeDown(node: number): void {
    const latest = this.#latest;
    if (latest !== undefined && latest.startUs === this.simulation.nowUs)
      (latest.subjects as Set<number>).add(node);
  }

  /** A crash is over when all its victims are back. */
  nodeUp(): void {
    const { faults } = this.simulation.experiment;
    for (const episode of this.#open) {
      if (episode.endUs !== Infinity || episode.row >= faults.length || faults[episode.row].kind.lasts)
        continue;
      if ([...episode.subjects].every((subject) => this.world.isUp(subject)))
        episode.endUs = this.simulation.nowUs;
    }
  }

  /** Forgets what no alarm can be about any more. */
  #close(): void {
    const { nowUs } = this.simulation;
    this.#open = this.#open.filter((episode) => {
      if (episode.endUs + graceUs >= nowUs) return true;
      if (episode.subjects.size > 0) this.#rows[episode.row].judged++;
      return false;
    });
  }

  reported(node: number, kind: ReportKind, _body: number, value: number): void {
    if (this.world.honest[node] === 0) return;
    if (kind === reportKinds.partitioned) {
      if (value === 1) this.#alarm(node, node);
    } else if (
      kind === reportKinds.suspected ||
      kind === reportKinds.confirmed ||
      kind === reportKinds.accused
    )
      this.#alarm(node, value);
  }

  #alarm(raisedBy: number, subject: number): void {
    this.#enlist();
    const { nowUs } = this.simulation;
    this.#alarms++;
    let isExplained = false;
    for (const episode of this.#open) {
      if (nowUs < episode.startUs || nowUs > episode.endUs + graceUs) continue;
      const { subjects, cutsOff } = episode;
      if (!subjects.has(subject) && !(cutsOff && subjects.has(raisedBy))) continue;
      isExplained = true;
      if (episode.isNoticed) continue;
      episode.isNoticed = true;
      this.#rows[episode.row].noticedUs.record(nowUs - episode.startUs);
    }
    if (!isExplained) this.#unexplained++;
  }

  metric(name: string): number | undefined {
    return name === 'unexplainedAlarms' ? this.#unexplained : undefined;
  }

  sections(): Partial<ResultSections> {
    const { stack } = this.simulation.experiment;
    const isWatched = stack.some(
      ({ protocol }) => protocol.slot === 'detector' || protocol.slot === 'partition',
    );
    if ((!isWatched && !this.simulation.hasStanding) || this.#rows.length === 0) return {};
    this.#enlist();
    const open = (row: number): number =>
      this.#open.filter((episode) => episode.row === row && episode.subjects.size > 0).length;
    const episodes: EpisodeFigures = {
      rows: this.#rows.flatMap(({ id, kind, episodes: count, judged, noticedUs }, index) => {
        if (this.simulation.experiment.faults.at(index)?.kind.mends === true) return [];
        const all = judged + open(index);
        const at = (share: number): number | null => {
          const us = noticedUs.percentile(share, Math.max(0, all - noticedUs.count));
          return us === undefined ? null : us / 1000;
        };
        return {
          id,
          kind,
          episodes: count,
          judged: all,
          noticed: noticedUs.count,
          timeToNotice: { p50: at(0.5), p95: at(0.95) },
        };
      }),
      alarms: this.#alarms,
      unexplained: this.#unexplained,
    };
    return { episodes };
  }
}

export function episodesOf(simulation: Simulation, world: WorldChanges): Episodes | undefined {
  const { faults, adversaries, stack } = simulation.experiment;
  const isWatched = stack.some(({ protocol }) => ['guards', 'detector', 'partition'].includes(protocol.slot));
  return isWatched && faults.length + adversaries.length > 0 ? new Episodes(simulation, world) : undefined;
}
