/**
 * "I am still here", over and over. Every node tells all its peers at a steady beat; who falls silent for longer than patience lasts is
 * suspected, and taken for dead when the silence goes on. How long patience lasts is somebody else's wisdom: a number for plain
 * heartbeats, a distribution for the phi-accrual detector.
 *
 * The alarm for a peer goes off exactly when patience ends, and not at the next look: an alarm that goes off too early, because
 * something was heard since, is set again for the rest.
 */
import type { MessageKind } from '../model/envelope.js';
import type { Host, Population, StartReason } from '../model/protocol.js';
import type { PeerView, Wiring } from '../model/stack.js';
import { withRoomFor } from './columns.js';
import { opinions } from './membership-news.js';
import { PeerOpinions } from './peer-opinions.js';
import { seatsFor, type Seats } from './seats.js';

/** How long a node waits in silence. Rows are nodes, and each peer of a node has a seat. */
export interface Patience {
  /** The node starts with so many peers; nothing was heard yet. */
  begin(row: number, peerCount: number): void;
  /** Another peer takes this seat, which may be one more than there were; nothing was heard of it yet. */
  anew(row: number, seat: number): void;
  /** A heartbeat came this long after the one before. */
  heard(row: number, seat: number, gapUs: number): void;
  /** Silence after the last heartbeat that makes a peer suspect, and dead; whole microseconds, at least 1. */
  suspectAfterUs(row: number, seat: number): number;
  deadAfterUs(row: number, seat: number): number;
}

const timers = { beat: 0, alarm: 1 } as const;
/** An alarm's argument: the peer's seat, and the number of the alarm, of which only the latest counts. */
const alarmNumbers = 256;

/** Kind and version a byte each, sender 4, incarnation 2. */
const heartbeatBytes = 8;
export const heartbeatKinds = { heartbeat: 0, goodbye: 1 } as const;
export const heartbeatMessages: readonly MessageKind[] = [
  { name: 'heartbeat', words: [], headBytes: heartbeatBytes, publication: false },
  { name: 'goodbye', words: [], headBytes: heartbeatBytes, publication: false },
];

export class Heartbeats implements Population {
  readonly opinions: PeerOpinions;
  readonly #everybody: PeerView;
  readonly #seats: Seats;
  readonly #lastHeardUs: Float64Array[];
  readonly #alarms: Uint8Array[];
  /** 1 for peers that were heard since the node came up: only between two heartbeats is there a gap. */
  readonly #heard: Uint8Array[];

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly intervalUs: number,
    private readonly patience: Patience,
    wiring: Wiring,
  ) {
    this.#everybody = wiring.peers;
    this.opinions = new PeerOpinions(host, rows, wiring.peers);
    this.#seats = seatsFor(host, rows, wiring.peers);
    this.#lastHeardUs = new Array<Float64Array>(rows);
    this.#alarms = new Array<Uint8Array>(rows);
    this.#heard = new Array<Uint8Array>(rows);
    wiring.peers = this.opinions.livePeers;
    wiring.liveness = this.opinions;
  }

  start(_reason: StartReason): void {
    const { host, patience } = this;
    const { row } = host;
    const count = this.#seats.begin();
    this.opinions.forget();
    this.#lastHeardUs[row] = new Float64Array(count).fill(host.nowUs);
    this.#alarms[row] = new Uint8Array(count);
    this.#heard[row] = new Uint8Array(count);
    patience.begin(row, count);
    for (let seat = 0; seat < count; seat++)
      this.#setAlarm(seat, this.intervalUs + patience.suspectAfterUs(row, seat));
    host.setTimer(timers.beat, 1 + host.chance.below(this.intervalUs), 0);
  }

  /** The view may have changed: whoever left it is watched no more, and whoever came is given time for a first heartbeat. */
  #lookRound(): void {
    this.#seats.renew(this.#gone, this.#come);
  }

  readonly #gone = (peer: number, seat: number): void => {
    this.#alarms[this.host.row][seat]++;
    this.opinions.lapse(peer);
  };

  readonly #come = (_peer: number, seat: number): void => {
    const { host, patience } = this;
    const { row } = host;
    this.#lastHeardUs[row] = withRoomFor(seat + 1, this.#lastHeardUs[row]);
    this.#alarms[row] = withRoomFor(seat + 1, this.#alarms[row]);
    this.#heard[row] = withRoomFor(seat + 1, this.#heard[row]);
    this.#lastHeardUs[row][seat] = host.nowUs;
    this.#heard[row][seat] = 0;
    patience.anew(row, seat);
    this.#setAlarm(seat, this.intervalUs + patience.suspectAfterUs(row, seat));
  };

  leave(): void {
    const everybody = this.#everybody;
    const count = everybody.count();
    for (let i = 0; i < count; i++) this.host.send(everybody.at(i), heartbeatKinds.goodbye, 0, 0, 0, 0, 0);
  }

  receive({ from, kind }: { readonly from: number; readonly kind: number }): void {
    const { host } = this;
    const { row } = host;
    this.#lookRound();
    const seat = this.#seats.seatOf(from);
    if (seat < 0) return;
    if (kind === heartbeatKinds.goodbye) {
      this.opinions.set(from, opinions.left);
      return;
    }
    const last = this.#lastHeardUs[row];
    const opinion = this.opinions.of(from);
    // The gap of a peer that was gone says how long it was gone, and nothing about its beat.
    if (opinion < opinions.dead && this.#heard[row][seat] === 1)
      this.patience.heard(row, seat, host.nowUs - last[seat]);
    this.#heard[row][seat] = 1;
    last[seat] = host.nowUs;
    if (opinion === opinions.alive) return;
    this.opinions.set(from, opinions.alive);
    this.#setAlarm(seat, this.patience.suspectAfterUs(row, seat));
  }

  timer(kind: number, argument: number): void {
    if (kind === timers.beat) this.#beat();
    else this.#alarm(Math.floor(argument / alarmNumbers), argument % alarmNumbers);
  }

  #beat(): void {
    const { host } = this;
    this.#lookRound();
    const everybody = this.#everybody;
    const count = everybody.count();
    for (let i = 0; i < count; i++) host.send(everybody.at(i), heartbeatKinds.heartbeat, 0, 0, 0, 0, 0);
    host.setTimer(timers.beat, this.intervalUs, 0);
  }

  #alarm(seat: number, number: number): void {
    const { host, patience } = this;
    const { row } = host;
    this.#lookRound();
    if (this.#alarms[row][seat] !== number) return;
    const peer = this.#seats.peerOn(seat);
    const opinion = this.opinions.of(peer);
    // Of who has left nothing is expected.
    if (opinion >= opinions.dead) return;
    const suspected = opinion === opinions.suspect;
    const patienceUs = suspected ? patience.deadAfterUs(row, seat) : patience.suspectAfterUs(row, seat);
    const leftUs = this.#lastHeardUs[row][seat] + patienceUs - host.nowUs;
    if (leftUs > 0) {
      this.#setAlarm(seat, leftUs);
      return;
    }
    this.opinions.set(peer, suspected ? opinions.dead : opinions.suspect);
    if (suspected) return;
    const moreUs = this.#lastHeardUs[row][seat] + patience.deadAfterUs(row, seat) - host.nowUs;
    this.#setAlarm(seat, Math.max(1, moreUs));
  }

  #setAlarm(seat: number, delayUs: number): void {
    const alarms = this.#alarms[this.host.row];
    alarms[seat]++;
    this.host.setTimer(timers.alarm, delayUs, seat * alarmNumbers + alarms[seat]);
  }
}
