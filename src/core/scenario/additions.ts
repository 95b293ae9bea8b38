/**
 * Words that somebody else brings: a plug-in is a list of things like those in our registries, and this joins them to a vocabulary. A
 * plug-in was written by a stranger, in JavaScript perhaps, so what it brings is looked at before it is believed: a clear message now is
 * better than a riddle in the middle of a run.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import { Registry, type Registered } from '../base/registry.js';
import type { AdversaryKind, FaultKind } from '../model/fault.js';
import type { Pattern } from '../model/pattern.js';
import { slotNames, type Protocol, type SlotName } from '../model/protocol.js';
import type { Topology } from '../model/topology.js';
import type { Kind, Kinds } from './kinds.js';
import type { Vocabulary } from './vocabulary.js';

/** What a plug-in may bring; each list is optional. */
export interface Additions {
  readonly protocols?: readonly Protocol[];
  readonly topologies?: readonly Topology[];
  readonly faults?: readonly FaultKind[];
  readonly adversaries?: readonly AdversaryKind[];
  readonly patterns?: readonly Pattern[];
}

/** The lists of a plug-in, and the functions without which their entries would be of no use. */
const lists = {
  protocols: 'create',
  topologies: 'build',
  faults: 'create',
  adversaries: 'create',
  patterns: 'create',
} as const satisfies Record<keyof Additions, string>;
type ListName = keyof typeof lists;
export const listNames = Object.keys(lists) as ListName[];

const namePattern = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * @param from where they come from, for messages; escaped
 * @throws UserError `bad-plugin` when something is not what it should be, or has a name that is taken
 */
export function withAdditions(vocabulary: Vocabulary, additions: Additions, from: string): Vocabulary {
  for (const list of listNames) checkList(list, additions[list] as unknown, from);
  const protocols: Partial<Record<SlotName, Kinds<Protocol>>> = { ...vocabulary.protocols };
  for (const slot of slotNames) {
    const added = (additions.protocols ?? []).filter((protocol) => protocol.slot === slot);
    if (added.length > 0) protocols[slot] = joined(vocabulary.protocols[slot], slot, added, from);
  }
  return {
    ...vocabulary,
    topologies: joined(vocabulary.topologies, 'topology', additions.topologies, from),
    faults: joined(vocabulary.faults, 'fault', additions.faults, from),
    adversaries: joined(vocabulary.adversaries, 'adversary', additions.adversaries, from),
    patterns: joined(vocabulary.patterns, 'pattern', additions.patterns, from),
    protocols,
  };
}

function joined<K extends Kind>(
  kinds: Kinds<K> | undefined,
  kind: string,
  added: readonly K[] | undefined,
  from: string,
): Kinds<K> {
  const known = kinds === undefined ? [] : [...kinds];
  if (kinds !== undefined && (added === undefined || added.length === 0)) return kinds;
  const names = new Set(known.map(({ name }) => name));
  for (const { name } of added ?? []) {
    if (names.has(name))
      refuse(from, `there is a ${kinds?.kind ?? kind} called ${name} already`, 'Choose another name');
    names.add(name);
  }
  return new Registry(kinds?.kind ?? kind, [...known, ...(added ?? [])]);
}

function checkList(list: ListName, value: unknown, from: string): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse(from, `${list} is no list`, 'Export an array');
  (value as unknown[]).forEach((entry, index) => checkEntry(list, entry, `${list}[${index}]`, from));
}

function checkEntry(list: ListName, value: unknown, place: string, from: string): void {
  if (typeof value !== 'object' || value === null) refuse(from, `${place} is no object`);
  const entry = value as Registered & Record<string, unknown>;
  if (typeof entry.name !== 'string' || !namePattern.test(entry.name))
    refuse(from, `${place}.name is ${quoteText(String(entry.name))}`, 'Use small letters, digits and dashes');
  if (typeof entry.summary !== 'string')
    refuse(from, `${place}.summary is no text`, 'Say in one line what it is');
  if (typeof entry.knobs !== 'object' || entry.knobs === null)
    refuse(from, `${place}.knobs is no object`, 'Use {} for a thing without parameters');
  if (typeof entry[lists[list]] !== 'function') refuse(from, `${place}.${lists[list]} is no function`);
  if (list !== 'protocols') return;
  if (!slotNames.includes(entry.slot as SlotName))
    refuse(from, `${place}.slot is ${quoteText(String(entry.slot))}`, `Use one of ${slotNames.join(', ')}`);
  if (!Array.isArray(entry.messages))
    refuse(from, `${place}.messages is no list`, 'Describe its messages, or use []');
}

function refuse(place: string, what: string, next?: string): never {
  throw new UserError('bad-plugin', {
    place: showText(place),
    what,
    next: next === undefined ? undefined : `${next}.`,
  });
}
