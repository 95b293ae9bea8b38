/**
 * How many are we, and how much do we have? A country counts its votes like this: every voter belongs to one polling place, every place
 * reports one line to its county, the counties tell one another, and the result goes back down the same way. A node's report, a
 * group's line and the result are two numbers each, whatever the size of the network; what grows is only how many report to one leader.
 *
 * Leaders fail. Each group has several candidates, who follow one another by terms (parts/leadership.ts). The term is the epoch of
 * ownership: a node is owned by the leader of its home's highest term, a group's line is overwritten and never added to, and a line of
 * an older term is refused (parts/tally-book.ts). So a node whose owner changes is counted once before and once after, and never twice.
 * A new leader is silent until all have reported to it, or a lease has passed: until then the old line stands.
 */
import { UserError } from '../../base/errors.js';
import type { Values } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import type { Hierarchy } from '../../model/hierarchy.js';
import { protocol, reportKinds, type Host, type Population, type StartReason } from '../../model/protocol.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import type { Wiring } from '../../model/stack.js';
import { Turns } from '../../parts/gossip-turns.js';
import { hierarchyKnobs } from '../../parts/hierarchy-knobs.js';
import { eventBytes } from '../../parts/memory-size.js';
import { LeaderSeat, noOffice, type Office } from '../../parts/leader-office.js';
import type { TallyBook } from '../../parts/tally-book.js';
import { CellBook } from '../../parts/tally-book.js';
import { ownValue, tallyOf } from '../../parts/tally.js';

/** What wakes a node: its turn as a leader, its turn as a member, the first word of a member. */
const timers = { leader: 0, member: 1, first: 2 } as const;
const kinds = { report: 0, line: 1, result: 2, lead: 3 } as const;
/** Slot and kind, sender and receiver. */
const headBytes = 2 + 4 + 4;
const termBytes = 4;
const tallyBytes = 8;
const groupBytes = 4;

class HierarchyPopulation implements Population {
  readonly #levels: Hierarchy;
  /** Of each node the result that it holds, 0 before the first, and the term of its home as it knows it: side by side, one cache miss. */
  readonly #known: Float64Array;
  /** 1 for nodes that have an office, by row: most have none, and a look here is faster than into the map. */
  readonly #hasOffice: Uint8Array;
  readonly #offices = new Map<number, Office>();
  readonly #turns: Turns;
  /** Turns of nodes that lead nothing. */
  readonly #memberTurns: Turns;
  readonly #leaseUs: number;
  #takeovers = 0;
  #stepDowns = 0;
  #linesRefused = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof hierarchyKnobs>,
    wiring: Wiring,
    levels: Hierarchy,
  ) {
    this.#levels = levels;
    this.#known = new Float64Array(rows * 2);
    this.#hasOffice = new Uint8Array(rows);
    const { interval, patience, repeatEvery } = settings;
    this.#turns = new Turns(host, rows, timers.leader, interval, wiring);
    this.#memberTurns = new Turns(host, rows, timers.member, interval * repeatEvery, wiring);
    this.#leaseUs = patience * interval;
  }

  figures(): Readonly<Record<string, number>> {
    return {
      takeovers: this.#takeovers,
      stepDowns: this.#stepDowns,
      linesRefused: this.#linesRefused,
    };
  }

  readings(): Float64Array {
    return this.#known.filter((_, at) => at % 2 === 0);
  }

  start(reason: StartReason): void {
    const { host } = this;
    const { row } = host;
    if (reason !== 'state-kept') {
      this.#known[row * 2] = 0;
      this.#known[row * 2 + 1] = 0;
      this.#openOffice();
    }
    for (const seat of this.#seats()) {
      seat.start(reason, host.nowUs);
      seat.leaveOffice();
      if (!seat.leads) continue;
      // Reports of before the crash are old: it listens again before it speaks.
      this.#takeOffice(seat);
    }
    if (this.#hasOffice[row] === 1) {
      this.#turns.start(reason);
      this.#turns.await();
      return;
    }
    this.#memberTurns.start(reason);
    // The first word comes within an interval, however rare the others are.
    host.setTimer(timers.first, 1 + host.chance.below(this.settings.interval), 0);
  }

  timer(kind: number): void {
    if (kind === timers.leader) {
      this.#turns.begun();
      this.#leaderTurn();
      this.#turns.await();
      return;
    }
    if (kind === timers.member) this.#memberTurns.begun();
    this.#reportHome();
    this.#memberTurns.await();
  }

  #leaderTurn(): void {
    const seats = this.#seats();
    for (const seat of seats) {
      if (seat.isDue(this.host.nowUs, this.#leaseUs, this.settings.takeBack)) this.#claim(seat);
    }
    this.#reportHome();
    for (const seat of seats) if (seat.leads) this.#lead(seat);
  }

  receive({ kind, from, a, b, c, d }: Envelope): void {
    switch (kind) {
      case kinds.report:
        this.#heardReport(from, a, b, c);
        return;
      case kinds.line:
        this.#heardLine(from, a, b, c, d);
        return;
      case kinds.result:
        this.#heardResult(from, a, b, c, d);
        return;
      default:
        this.#heardLead(from, a, b);
    }
  }

  // --- members --------------------------------------------------------------------------------------------------

  #own(): number {
    return tallyOf(1, ownValue(this.settings.values, this.host.self));
  }

  /** Tells the leader of its home what it has, unless it leads the home itself. */
  #reportHome(): void {
    const { host } = this;
    const home = this.#levels.homeOf(host.self);
    const term = this.#known[host.row * 2 + 1];
    const leader = this.#leaderOf(home, term);
    if (leader === host.self) return;
    const every = this.#hasOffice[host.row] === 1 ? 1 : this.settings.repeatEvery;
    host.send(leader, kinds.report, term, this.#own(), every, 0, 0);
  }

  #hold(total: number): void {
    const { row } = this.host;
    // 0 comes from a leader that does not know yet.
    if (total === 0 || this.#known[row * 2] === total) return;
    this.#known[row * 2] = total;
    this.host.report(reportKinds.changed, 0, total);
  }

  /** Hears of a term of its home. Who has a new owner reports to it at once. */
  #learnHome(term: number): void {
    const { row } = this.host;
    if (term <= this.#known[row * 2 + 1]) return;
    this.#known[row * 2 + 1] = term;
    this.#reportHome();
  }

  // --- leaders --------------------------------------------------------------------------------------------------

  #lead(seat: LeaderSeat): void {
    const { host } = this;
    const { nowUs } = host;
    const levels = this.#levels;
    const { book, group } = seat;
    if (book === undefined) return;
    if (group < levels.nodeGroupCount && levels.homeOf(host.self) === group)
      book.put(levels.placeOf(host.self), this.#own(), nowUs + this.#leaseUs);
    const line = book.total(nowUs);
    const waited = nowUs - seat.leadsSinceUs >= this.#leaseUs;
    seat.spoke ||= book.isComplete || waited;
    if (seat.spoke) this.#tell(seat, line);
    const { top } = this.#office();
    if (top !== undefined && group >= levels.topStart) {
      const total = top.total(nowUs);
      // At first some groups are late: half a result is none.
      if (top.isComplete || waited) this.#hold(total);
      this.#passDown(seat, this.#known[host.row * 2]);
    }
    for (let rank = 0; rank < seat.candidates; rank++) {
      const other = levels.candidateAt(group, rank);
      if (other !== host.self) host.send(other, kinds.lead, group, seat.term, 0, 0, 0);
    }
  }

  /** How long a group's line stands when it is not renewed: until every candidate had its chance to take over and to speak. */
  #lineLeaseUs(group: number): number {
    return (this.#levels.candidateCount(group) + 2) * this.#leaseUs;
  }

  /** Sends a group's line to its parent's leader, or, at the top, to the leaders of all other groups there. */
  #tell(seat: LeaderSeat, line: number): void {
    const levels = this.#levels;
    const { group, term } = seat;
    const version = seat.version++;
    const parent = levels.parentOf(group);
    if (parent >= 0) {
      this.#sendLine(this.#leaderOf(parent, seat.parentTerm), group, term, line, version);
      return;
    }
    const { top } = this.#office();
    if (top === undefined) return;
    top.accept(group - levels.topStart, term, version, line, this.host.nowUs + this.#lineLeaseUs(group));
    for (let other = levels.topStart; other < levels.groupCount; other++) {
      if (other === group) continue;
      const leader = this.#leaderOf(other, top.termOf(other - levels.topStart));
      this.#sendLine(leader, group, term, line, version);
    }
  }

  #sendLine(to: number, group: number, term: number, line: number, version: number): void {
    if (to !== this.host.self) this.host.send(to, kinds.line, group, term, line, version, 0);
    else this.#heardLine(to, group, term, line, version);
  }

  /**
   * The result, to the members: to all candidates of the groups below, so that whoever leads next knows the way up; or to nodes, to these
   * only when it is new, or it is time to repeat it.
   */
  #passDown(seat: LeaderSeat, total: number): void {
    if (seat.group < this.#levels.nodeGroupCount) {
      if (total === seat.passed && ++seat.repeats < this.settings.repeatEvery) return;
      seat.passed = total;
      seat.repeats = 0;
    }
    this.#announceResult(seat, total);
  }

  #announceResult(seat: LeaderSeat, total: number): void {
    const levels = this.#levels;
    const { host } = this;
    const { group, term } = seat;
    const members = levels.memberCount(group);
    for (let place = 0; place < members; place++) {
      const member = levels.memberAt(group, place);
      if (group < levels.nodeGroupCount) {
        if (member !== host.self) host.send(member, kinds.result, group, term, total, 0, 0);
        continue;
      }
      const candidates = levels.candidateCount(member);
      for (let rank = 0; rank < candidates; rank++) {
        const to = levels.candidateAt(member, rank);
        if (to !== host.self) host.send(to, kinds.result, group, term, total, member + 1, 0);
        else this.#heardResult(to, group, term, total, member + 1);
      }
    }
  }

  #claim(seat: LeaderSeat): void {
    const { host } = this;
    const levels = this.#levels;
    const { group } = seat;
    seat.claim(host.nowUs);
    this.#takeovers++;
    this.#takeOffice(seat);
    if (group === levels.homeOf(host.self)) this.#known[host.row * 2 + 1] = seat.term;
    const told = new Set<number>([host.self]);
    const announce = (to: number): void => {
      if (told.has(to)) return;
      told.add(to);
      host.send(to, kinds.lead, group, seat.term, 0, 0, 0);
    };
    for (let rank = 0; rank < seat.candidates; rank++) announce(levels.candidateAt(group, rank));
    const { top } = this.#office();
    if (top !== undefined && group >= levels.topStart) {
      top.raise(group - levels.topStart, seat.term);
      for (let other = levels.topStart; other < levels.groupCount; other++) {
        for (let rank = 0; rank < levels.candidateCount(other); rank++)
          announce(levels.candidateAt(other, rank));
      }
    }
    this.#announceResult(seat, this.#known[host.row * 2]);
  }

  #takeOffice(seat: LeaderSeat): void {
    const levels = this.#levels;
    const { group } = seat;
    seat.takeOffice(levels.memberCount(group), group < levels.nodeGroupCount);
    this.host.report(reportKinds.leads, 0, seat.term * levels.groupCount + group);
  }

  // --- what is heard --------------------------------------------------------------------------------------------

  /** @param every how many intervals there are between this node's reports: its lease goes by that */
  #heardReport(from: number, term: number, tally: number, every: number): void {
    const { host } = this;
    const levels = this.#levels;
    const home = levels.homeOf(from);
    const seat = this.#seatFor(home);
    if (seat === undefined) return;
    this.#learn(seat, term, from);
    const { book } = seat;
    if (seat.leads && book !== undefined) {
      const place = levels.placeOf(from);
      const isBack = seat.spoke && !book.has(place, host.nowUs);
      book.put(place, tally, host.nowUs + this.#leaseUs * every);
      // Who is back need not wait for the next result.
      if (isBack) host.send(from, kinds.result, home, seat.term, this.#known[host.row * 2], 0, 0);
    }
    if (term < seat.term) host.send(from, kinds.lead, home, seat.term, 0, 0, 0);
  }

  #heardLine(from: number, group: number, term: number, line: number, version: number): void {
    const { host } = this;
    const levels = this.#levels;
    const parent = levels.parentOf(group);
    let book: TallyBook | undefined;
    if (parent < 0) book = this.#office().top;
    else {
      const seat = this.#seatFor(parent);
      if (seat === undefined) return;
      book = seat.book;
      // The sender looks for the leader, and this is not it.
      if (!seat.leads && this.#leaderOf(parent, seat.term) !== host.self)
        host.send(from, kinds.lead, parent, seat.term, 0, 0, 0);
    }
    if (!(book instanceof CellBook)) return;
    const place = levels.placeOfGroup(group);
    const untilUs = host.nowUs + this.#lineLeaseUs(group);
    if (!book.accept(place, term, version, line, untilUs) && term < book.termOf(place)) {
      this.#linesRefused++;
      host.send(from, kinds.lead, group, book.termOf(place), 0, 0, 0);
    }
  }

  /** @param below the group that this candidate hears it for, plus 1; 0 for a node that hears it from the leader of its home */
  #heardResult(from: number, group: number, term: number, total: number, below: number): void {
    const { host } = this;
    const levels = this.#levels;
    if (below > 0) {
      const seat = this.#seatFor(below - 1);
      if (seat === undefined) return;
      if (term < seat.parentTerm) {
        host.send(from, kinds.lead, group, seat.parentTerm, 0, 0, 0);
        return;
      }
      seat.parentTerm = term;
      if (!seat.leads) return;
      this.#hold(total);
      this.#passDown(seat, total);
      return;
    }
    if (levels.homeOf(host.self) !== group) return;
    const known = this.#known[host.row * 2 + 1];
    if (term < known) {
      host.send(from, kinds.lead, group, known, 0, 0, 0);
      return;
    }
    this.#learnHome(term);
    const seat = this.#seatFor(group);
    if (seat !== undefined) this.#learn(seat, term, from);
    // Who leads knows better, or hears it from above.
    for (const other of this.#seats()) if (other.leads) return;
    this.#hold(total);
  }

  /** Somebody says which term of a group is the latest. */
  #heardLead(from: number, group: number, term: number): void {
    const { host } = this;
    const levels = this.#levels;
    if (group < levels.nodeGroupCount && levels.homeOf(host.self) === group) this.#learnHome(term);
    const { seats, top } = this.#office();
    if (group >= levels.topStart) top?.raise(group - levels.topStart, term);
    for (const seat of seats) {
      if (seat.group === group) {
        this.#learn(seat, term, from);
        if (term < seat.term) host.send(from, kinds.lead, group, seat.term, 0, 0, 0);
      } else if (levels.parentOf(seat.group) === group && term > seat.parentTerm) seat.parentTerm = term;
    }
  }

  #learn(seat: LeaderSeat, term: number, from: number): void {
    if (!seat.learn(term, from === this.#leaderOf(seat.group, term), this.host.nowUs)) return;
    this.#stepDowns++;
    seat.leaveOffice();
    if (this.#levels.homeOf(this.host.self) === seat.group) this.#learnHome(term);
  }

  // --- who is who -----------------------------------------------------------------------------------------------

  #leaderOf(group: number, term: number): number {
    const levels = this.#levels;
    return levels.candidateAt(group, term % levels.candidateCount(group));
  }

  #openOffice(): void {
    const { host } = this;
    const levels = this.#levels;
    const groups = levels.candidaciesOf(host.self);
    if (groups.length === 0) return;
    const seats = groups.map((group) => {
      const candidates = levels.candidateCount(group);
      let rank = 0;
      while (levels.candidateAt(group, rank) !== host.self) rank++;
      return new LeaderSeat(group, rank, candidates);
    });
    const atTop = groups.some((group) => group >= levels.topStart);
    const top = atTop ? new CellBook(levels.groupCount - levels.topStart) : undefined;
    this.#hasOffice[host.row] = 1;
    this.#offices.set(host.row, { seats, top });
  }

  #office(): Office {
    const { row } = this.host;
    return this.#hasOffice[row] === 0 ? noOffice : (this.#offices.get(row) ?? noOffice);
  }

  #seats(): readonly LeaderSeat[] {
    return this.#office().seats;
  }

  #seatFor(group: number): LeaderSeat | undefined {
    for (const seat of this.#seats()) if (seat.group === group) return seat;
    return undefined;
  }
}

export const hierarchy = protocol({
  name: 'hierarchy',
  summary:
    'leaders of groups count and add up, tell one another, and pass the result down; needs a topology with levels, `regions` or `hierarchical`',
  slot: 'state',
  readings: 'tallies',
  needsLevels: true,
  knobs: hierarchyKnobs,
  messages: [
    {
      name: 'report',
      words: ['term', 'tally', 'every'],
      headBytes: headBytes + termBytes + tallyBytes + 2,
      publication: false,
    },
    {
      name: 'line',
      words: ['group', 'term', 'tally', 'version'],
      headBytes: headBytes + groupBytes + termBytes + tallyBytes + 4,
      publication: false,
    },
    {
      name: 'result',
      words: ['group', 'term', 'tally', 'below'],
      headBytes: headBytes + 2 * groupBytes + termBytes + tallyBytes,
      publication: false,
    },
    {
      name: 'lead',
      words: ['group', 'term'],
      headBytes: headBytes + groupBytes + termBytes,
      publication: false,
    },
  ],
  // What it knows, its seat, its phases, its entry in its leader's book, what the head count keeps; its timer, its report and a result.
  memoryBytes: ({ nodeCount }) => nodeCount * (16 + 12 + 18 + 16 + 10 + 3 * eventBytes),
  // A report goes up, a result comes down; the few who lead also tell each other.
  events: (load, { interval, repeatEvery }) => eventsOfTurns(load, interval * repeatEvery, 2),
  create: (host, rows, parameters, wiring) => {
    const { hierarchy: levels } = wiring;
    if (levels === undefined) {
      throw new UserError('invalid-value', {
        what: 'the state hierarchy needs a topology that has levels',
        expected: 'regions or hierarchical',
      });
    }
    return new HierarchyPopulation(host, rows, parameters, wiring, levels);
  },
});
