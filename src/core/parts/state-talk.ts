/**
 * What two replicas say to each other when they compare: a talk in which each answers what it has just heard, until neither has anything
 * to add. Nothing is remembered from one remark to the next, so a lost remark ends the talk and harms nobody.
 *
 * - *full*: here is all I have - and here is all I have.
 * - *delta*: I have heard these writes - here is what you lack, and I have heard those - here is what you lack.
 * - *merkle*: my root is this - mine is another; these are the fronts of my drawers - these differ; this is in them.
 *
 * Whoever turns out to hold the same says so, and that is all. Pure: a reply is made from what a replica holds, and what it should take in
 * is handed back.
 */
import { toBase64 } from '../base/base64.js';
import type { MessageKind } from '../model/envelope.js';
import { listBytes, stringBytes } from './json-size.js';
import { sameHash } from './merkle.js';
import { drawerMax } from './merkle-trie.js';
import type { Entry, Replica } from './replica.js';
import type { VersionVector } from './version-vector.js';

export const exchanges = ['full', 'delta', 'merkle'] as const;
export type Exchange = (typeof exchanges)[number];

/** A hash, or nothing where nothing lies. */
type Front = Uint8Array | undefined;
/** The fronts of the sixteen drawers under a prefix. */
type Branch = readonly [prefix: string, fronts: readonly Front[]];
/** All entries under a prefix; the other may have more. */
type Offer = readonly [prefix: string, entries: readonly Entry[]];

export interface Remark {
  readonly kind: number;
  /** What it carries besides words; never changed. */
  readonly content?: Content;
}

export interface Hearing {
  readonly reply: Remark | undefined;
  /** To take in; and the writes that have then been taken in altogether. */
  readonly entries: readonly Entry[];
  readonly version?: VersionVector;
}

/** The content of a remark as a JSON value, and its size in canonical JSON. */
export interface Content {
  readonly sizeBytes: number;
  readonly entryCount: number;
  toJSON(): unknown;
}

export const talkKinds = {
  same: 0,
  whole: 1,
  wholeBack: 2,
  version: 3,
  delta: 4,
  rest: 5,
  root: 6,
  compare: 7,
} as const;

/** Slot and kind, receiver and sender, digest; length of the content; and twice the life of a node. */
const headBytes = 2 + 4 + 4 + 8;
const withContent = headBytes + 4;
const withLives = withContent + 2 + 2;

/**
 * `digest` is the sender's at the time of sending. A delta is meant for a receiver in a certain life (`yourLife`, as it gave it in
 * `life`): after a loss of state it would be too little.
 */
export const talkMessages: readonly MessageKind[] = [
  { name: 'same', words: ['digest'], headBytes, publication: false },
  { name: 'whole', words: ['digest'], headBytes: withContent, publication: false },
  { name: 'whole-back', words: ['digest'], headBytes: withContent, publication: false },
  { name: 'version', words: ['digest', 'life'], headBytes: withLives, publication: false },
  { name: 'delta', words: ['digest', 'life', 'yourLife'], headBytes: withLives, publication: false },
  { name: 'rest', words: ['digest', 'life', 'yourLife'], headBytes: withLives, publication: false },
  { name: 'root', words: ['digest'], headBytes: withContent, publication: false },
  { name: 'compare', words: ['digest'], headBytes: withContent, publication: false },
];

const nothing: readonly Entry[] = [];
const done: Hearing = { reply: undefined, entries: nothing };
const same: Hearing = { reply: { kind: talkKinds.same }, entries: nothing };

/** A prefix of this length is not looked into any further. */
const prefixMax = 8;
const hashTextBytes = stringBytes(toBase64(new Uint8Array(32)));

class EntryList implements Content {
  constructor(
    readonly entries: readonly Entry[],
    readonly sizeBytes = entriesBytes(entries),
  ) {}
  get entryCount(): number {
    return this.entries.length;
  }
  toJSON(): unknown {
    return this.entries;
  }
}

class VersionAndEntries implements Content {
  readonly sizeBytes: number;
  constructor(
    readonly version: VersionVector,
    readonly entries: readonly Entry[],
  ) {
    this.sizeBytes = listBytes(2, version.sizeBytes + entriesBytes(entries));
  }
  get entryCount(): number {
    return this.entries.length;
  }
  toJSON(): unknown {
    return [this.version, this.entries];
  }
}

class Root implements Content {
  readonly sizeBytes = hashTextBytes;
  readonly entryCount = 0;
  constructor(readonly root: Uint8Array) {}
  toJSON(): unknown {
    return toBase64(this.root);
  }
}

class Comparison implements Content {
  readonly sizeBytes: number;
  readonly entryCount: number;
  constructor(
    readonly branches: readonly Branch[],
    readonly offers: readonly Offer[],
    readonly entries: readonly Entry[],
  ) {
    let branchBytes = 0;
    for (const [prefix, fronts] of branches) {
      const frontBytes = fronts.reduce((sum, front) => sum + (front === undefined ? 2 : hashTextBytes), 0);
      branchBytes += listBytes(2, stringBytes(prefix) + listBytes(fronts.length, frontBytes));
    }
    let offerBytes = 0;
    let count = entries.length;
    for (const [prefix, offered] of offers) {
      offerBytes += listBytes(2, stringBytes(prefix) + entriesBytes(offered));
      count += offered.length;
    }
    this.entryCount = count;
    this.sizeBytes = listBytes(
      3,
      listBytes(branches.length, branchBytes) + listBytes(offers.length, offerBytes) + entriesBytes(entries),
    );
  }
  toJSON(): unknown {
    const text = (front: Front): string => (front === undefined ? '' : toBase64(front));
    return [this.branches.map(([prefix, fronts]) => [prefix, fronts.map(text)]), this.offers, this.entries];
  }
}

function entriesBytes(entries: readonly Entry[]): number {
  let bytes = 0;
  for (const entry of entries) bytes += entry.sizeBytes;
  return listBytes(entries.length, bytes);
}

/** How a replica begins a talk. */
export function opening(exchange: Exchange, replica: Replica): Remark {
  switch (exchange) {
    case 'full':
      return { kind: talkKinds.whole, content: new EntryList(replica.entries(), replica.sizeBytes) };
    case 'delta':
      return { kind: talkKinds.version, content: new VersionAndEntries(replica.version, nothing) };
    case 'merkle':
      return { kind: talkKinds.root, content: new Root(replica.root()) };
  }
}

/**
 * What a replica makes of a remark.
 * @param digest that of the speaker, as it came with the remark
 * @returns what to answer and what to take in; nothing of both for a remark that means nothing
 */
export function hear(replica: Replica, { kind, content }: Remark, digest: number): Hearing {
  const isOpening = kind === talkKinds.whole || kind === talkKinds.version || kind === talkKinds.root;
  if (isOpening && digest === replica.digest) return same;
  if (content instanceof EntryList) {
    if (kind === talkKinds.wholeBack) return { reply: undefined, entries: content.entries };
    const reply = { kind: talkKinds.wholeBack, content: new EntryList(replica.entries(), replica.sizeBytes) };
    return { reply, entries: content.entries };
  }
  if (content instanceof VersionAndEntries) return hearVersion(replica, kind, content);
  if (content instanceof Root) return hearRoot(replica, content);
  if (content instanceof Comparison) return hearComparison(replica, content);
  return done;
}

function hearVersion(replica: Replica, kind: number, { version, entries }: VersionAndEntries): Hearing {
  if (kind === talkKinds.rest) return { reply: undefined, entries, version };
  const isQuestion = kind === talkKinds.version;
  const { entries: lacking } = replica.delta(version);
  const taken = isQuestion ? undefined : version;
  if (!isQuestion && version.covers(replica.version)) return { reply: undefined, entries, version };
  // Who has heard of everything in an answer, and now answers itself, need not hear of it again.
  const known = taken === undefined ? replica.version : replica.version.merge(taken);
  const reply = {
    kind: isQuestion ? talkKinds.delta : talkKinds.rest,
    content: new VersionAndEntries(known, lacking),
  };
  return { reply, entries, version: taken };
}

function hearRoot(replica: Replica, { root }: Root): Hearing {
  const { trie } = replica;
  if (sameHash(root, trie.root())) return same;
  const content =
    trie.count <= drawerMax
      ? new Comparison([], [['', trie.items()]], nothing)
      : new Comparison([branchOf(replica, '')], [], nothing);
  return { reply: { kind: talkKinds.compare, content }, entries: nothing };
}

function branchOf({ trie }: Replica, prefix: string): Branch {
  const fronts: Front[] = [];
  for (let digit = 0; digit < 16; digit++) {
    const { count, hash } = trie.under(prefix + digit.toString(16));
    fronts.push(count === 0 ? undefined : hash);
  }
  return [prefix, fronts];
}

function hearComparison(replica: Replica, heard: Comparison): Hearing {
  const { trie } = replica;
  const branches: Branch[] = [];
  const offers: Offer[] = [];
  const gifts: Entry[] = [];
  for (const [prefix, fronts] of heard.branches) {
    fronts.forEach((front, digit) => {
      const child = prefix + digit.toString(16);
      const { count, hash } = trie.under(child);
      if (front === undefined) gifts.push(...trie.items(child));
      else if (count === 0 || !sameHash(front, hash)) {
        if (count <= drawerMax || child.length >= prefixMax) offers.push([child, trie.items(child)]);
        else branches.push(branchOf(replica, child));
      }
    });
  }
  const entries: Entry[] = [...heard.entries];
  for (const [prefix, offered] of heard.offers) {
    entries.push(...offered);
    gifts.push(...replica.beyond(offered, trie.items(prefix)));
  }
  const isSilent = branches.length + offers.length + gifts.length === 0;
  const reply = isSilent
    ? undefined
    : { kind: talkKinds.compare, content: new Comparison(branches, offers, gifts) };
  return { reply, entries };
}
