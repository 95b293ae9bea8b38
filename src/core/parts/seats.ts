/**
 * Who is in which column? A node that keeps a few figures about each of its peers gives everybody a seat: a small number that is the peer's
 * own as long as it is in view. Where views stay as they are, the seat is the place in the view and costs nothing. Where nodes choose
 * their peers while the network runs, seats that come free are given to those who come.
 */
import type { Host } from '../model/protocol.js';
import type { ChangingView, PeerView } from '../model/stack.js';
import { positionOf } from './peer-opinions.js';

export interface Seats {
  /** The node starts: everybody in its view sits down. @returns how many seats there are; others may come */
  begin(): number;
  /** Looks at the view again. Tells who has gone and what seat that leaves, then who has come and sits where. */
  renew(gone: (peer: number, seat: number) => void, come: (peer: number, seat: number) => void): void;
  /** -1 for who has none. */
  seatOf(peer: number): number;
  /** -1 where nobody sits. */
  peerOn(seat: number): number;
}

export function seatsFor(host: Host, rows: number, view: PeerView): Seats {
  const { changing } = view;
  return changing === undefined ? new FixedSeats(view) : new ChangingSeats(host, rows, view, changing);
}

class FixedSeats implements Seats {
  constructor(private readonly view: PeerView) {}

  begin(): number {
    return this.view.count();
  }

  renew(): void {
    // Nobody comes or goes.
  }

  seatOf(peer: number): number {
    return positionOf(this.view, peer);
  }

  peerOn(seat: number): number {
    return this.view.at(seat);
  }
}

interface Room {
  edition: number;
  /** By peer. */
  readonly seats: Map<number, number>;
  /** By seat: -1 for a free one, and the edition with which the peer came. */
  readonly peers: number[];
  readonly cameWith: number[];
  readonly free: number[];
}

class ChangingSeats implements Seats {
  readonly #rooms: (Room | undefined)[];

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly view: PeerView,
    private readonly changing: ChangingView,
  ) {
    this.#rooms = new Array<Room | undefined>(rows);
  }

  get #room(): Room {
    return this.#rooms[this.host.row] as Room;
  }

  begin(): number {
    const room: Room = { edition: -1, seats: new Map(), peers: [], cameWith: [], free: [] };
    this.#rooms[this.host.row] = room;
    this.renew(nobody, nobody);
    return room.peers.length;
  }

  renew(gone: (peer: number, seat: number) => void, come: (peer: number, seat: number) => void): void {
    const room = this.#room;
    const edition = this.changing.edition();
    if (room.edition === edition) return;
    room.edition = edition;
    const { view } = this;
    const count = view.count();
    const present = new Map<number, number>();
    for (let i = 0; i < count; i++) present.set(view.at(i), this.changing.cameWith(i));
    for (const [peer, seat] of room.seats) {
      // Who went and came back between two looks has been away all the same.
      if (present.get(peer) === room.cameWith[seat]) continue;
      room.seats.delete(peer);
      room.peers[seat] = -1;
      room.free.push(seat);
      gone(peer, seat);
    }
    for (const [peer, cameWith] of present) {
      if (room.seats.has(peer)) continue;
      const seat = room.free.pop() ?? room.peers.length;
      room.seats.set(peer, seat);
      room.peers[seat] = peer;
      room.cameWith[seat] = cameWith;
      come(peer, seat);
    }
  }

  seatOf(peer: number): number {
    return this.#room.seats.get(peer) ?? -1;
  }

  peerOn(seat: number): number {
    return this.#room.peers[seat];
  }
}

const nobody = (): void => undefined;
