/**
 * The scenario language itself: every key at the top, what it holds, what it is when it is left out. What registered things bring along
 * is taken from their knobs, so this file names none of them but those that the preset `pattern-mesh` is made of.
 */
import { assert } from '../base/assert.js';
import type { Who } from '../base/who.js';
import { activations, lossPers, type Activation } from '../model/experiment.js';
import type { AdversaryKind, FaultKind } from '../model/fault.js';
import type { Pattern } from '../model/pattern.js';
import type { Protocol, SlotName } from '../model/protocol.js';
import type { Topology } from '../model/topology.js';
import type { WriteVerb } from '../model/workload.js';
import type { PayloadTemplate } from '../parts/payload.js';
import { churnFields, type ChurnSpec } from './churn-shape.js';
import { assertionShape, type AssertionSpec } from './assertion-shape.js';
import { epochShape, namesShape } from './small-shapes.js';
import {
  defaultChoice,
  keyedShape,
  taggedShape,
  type Chosen,
  type Kind,
  type Kinds,
  type Occasion,
} from './kinds.js';
import { knobFields } from './knob-shape.js';
import { latencyShape, type LatencySpec } from './latency-shape.js';
import { burstFields, linkFields } from './link-shape.js';
import { payloadShape } from './payload-shape.js';
import { repeatFields, scheduleFields, whenDoc, windowFields } from './schedule.js';
import {
  optional,
  required,
  sectionDefault,
  sectionShape,
  withDefault,
  type Field,
  type Fields,
  type FieldValues,
  type SectionShape,
} from './section.js';
import {
  choiceShape,
  complain,
  listShape,
  numberShape,
  orWord,
  textShape,
  unitShape,
  wrong,
  type Shape,
} from './shape.js';
import type { Expression } from '../parts/expression.js';
import { expressionShape } from './expression-shape.js';
import { recoveryShape, type RecoverySpec } from './recovery-shape.js';
import { sweepShape, type Sweep } from './sweep-shape.js';
import type { Vocabulary } from './vocabulary.js';
import { whoShape } from './who-shape.js';

export const languageVersion = 1;
export const nodesMax = 1_000_000;

/** 2024-11-20T00:00:00Z: a round date of the time when the project was designed. */
const epochMsDefault = 1_732_060_800_000;

const moment = unitShape('duration');
const stretch = unitShape('duration', 1);
const idShape = textShape({
  pattern: /^[A-Za-z0-9][\w.-]{0,63}$/,
  words: 'a name of letters, digits, dots, dashes and underscores',
});
const seedShape = numberShape('integer', 0);

const groupFields = {
  id: required(idShape, 'What other sections call the group.'),
  share: optional(numberShape('ratio'), 'This share of all nodes.'),
  count: optional(numberShape('integer', 1, nodesMax), 'This many nodes.'),
  ids: optional(
    namesShape,
    'These nodes. Where neither `names` nor the topology gives names, the nodes of the group get these.',
  ),
  region: optional(textShape(), 'Where they are, for latency between regions.'),
  role: optional(
    idShape,
    'What they are for; nodes of the role `observer` take note of every message, unless `observers` says otherwise.',
  ),
  startAt: withDefault(moment, 0, 'They come up at this moment: late joiners.'),
};

const nodesFields = {
  count: optional(
    numberShape('integer', 1, nodesMax),
    'How many. May be left out when the topology or the groups say it.',
  ),
  names: optional(
    namesShape,
    'Their names, one each. Default: those of the topology file, else `group-0`, `group-1`, or `node-0`, `node-1`.',
  ),
  groups: withDefault(
    listShape(sectionShape(groupFields), { words: 'a list of groups' }),
    [],
    'Each says how many with share, count or ids; one at the most says nothing and takes the rest.',
  ),
  placement: withDefault(
    choiceShape(['blocks', 'shuffled']),
    'blocks',
    '`blocks`: the first group takes the first nodes, and so on. `shuffled`: groups are spread over the topology at random, from the seed.',
  ),
};

const networkFields = {
  latency: optional<LatencySpec | 'none'>(
    orWord('none', latencyShape),
    'One way, for each link. Default: 10ms; in `timing: rounds` `none`, and nothing else.',
  ),
  jitter: withDefault(
    moment,
    0,
    'Added to each message, anything from 0 to this. Messages may overtake each other then.',
  ),
  loss: withDefault(numberShape('ratio'), 0, 'Chance that a message is lost on its link.'),
  lossPer: optional(
    choiceShape(lossPers),
    'What one draw of loss is about. `message`: requests and answers are lost apart; the default in `timing: events`, and the only one there. `call`: both directions live or die together; the default in `timing: rounds`.',
  ),
  ...linkFields,
};

const processingFields = {
  verifyTime: optional(
    moment,
    'Time that a receiver needs to check one signature; each distinct message is checked once a node. Default: 73us with ed25519, 3us with hmac, as measured with OpenSSL on one core.',
  ),
  messageTime: withDefault(moment, 0, 'Time that a node needs for each message, of whatever kind.'),
  queueCapacity: optional(
    numberShape('integer', 1, 1_000_000_000),
    'How many messages may wait until the node has time; what comes beyond is dropped and counted. Default: any number.',
  ),
};

const rumorFields = {
  nodes: withDefault<Who>(whoShape, { count: 1 }, 'Who knows it first.'),
  data: withDefault<PayloadTemplate>(payloadShape, { kind: 'object', fields: [] }, 'What it says.'),
};

const broadcastFields = {
  nodes: withDefault<Who>(whoShape, {}, 'Who publishes.'),
  data: withDefault<PayloadTemplate>(payloadShape, { kind: 'object', fields: [] }, 'What the messages say.'),
};

const who = (doc: string): Field<Who> => withDefault<Who>(whoShape, {}, doc);
const writeFields = {
  increment: {
    nodes: who('Who counts.'),
    by: withDefault<PayloadTemplate>(
      payloadShape,
      { kind: 'constant', value: 1 },
      'By how much: a whole number, or something that makes one.',
    ),
  },
  write: {
    nodes: who('Who writes.'),
    key: required<PayloadTemplate>(payloadShape, 'Under which key.'),
    value: required<PayloadTemplate>(payloadShape, 'What.'),
  },
  erase: {
    nodes: who('Who erases.'),
    key: required<PayloadTemplate>(payloadShape, 'Which key; one without a value is left alone.'),
  },
  add: {
    nodes: who('Who adds.'),
    element: required<PayloadTemplate>(payloadShape, 'What.'),
  },
  remove: {
    nodes: who('Who removes.'),
    element: required<PayloadTemplate>(
      payloadShape,
      'What; only additions that the node has seen are removed.',
    ),
  },
} as const satisfies Record<WriteVerb, Fields>;

const workloadFields = {
  broadcast: optional(
    sectionShape(broadcastFields),
    'Messages to everybody, again and again or at one moment.',
  ),
  rumor: optional(
    sectionShape(rumorFields),
    'One piece of news at one moment, `at`, at 0s when it is left out: the start of an epidemic.',
  ),
  increment: optional(
    sectionShape(writeFields.increment),
    'With `state: g-counter` or `pn-counter`: nodes count.',
  ),
  write: optional(sectionShape(writeFields.write), 'With `state: lww-map`: nodes set the value of a key.'),
  erase: optional(
    sectionShape(writeFields.erase),
    'With `state: lww-map`: nodes take the value of a key away.',
  ),
  add: optional(sectionShape(writeFields.add), 'With `state: or-set`: nodes add an element.'),
  remove: optional(sectionShape(writeFields.remove), 'With `state: or-set`: nodes remove an element.'),
  ...repeatFields,
  phase: optional(
    choiceShape(['random', 'aligned']),
    '`random`: each publisher begins at a moment of its own within the first `every`. `aligned`: all at once.',
  ),
  deadline: optional(
    stretch,
    'How long after publication a first delivery still counts. Default: 5s; for a rumor, to the end of the run.',
  ),
};

const targetFields = {
  rounds: optional(
    numberShape('integer', 1),
    'Rounds or cycles until everybody knows: the rumour, or the right count.',
  ),
  time: optional(stretch, 'How long that takes.'),
  bytesPerNode: optional(
    unitShape('bandwidth', 1),
    'What a node sends, on the average over all nodes and the whole run; the busiest node has a row of its own.',
  ),
  memoryPerNode: optional(unitShape('size', 1), 'What the engine holds for a node.'),
};

export type TargetsSpec = FieldValues<typeof targetFields>;
export type GroupSpec = FieldValues<typeof groupFields>;
export type NodesSpec = FieldValues<typeof nodesFields>;
export type NetworkSpec = FieldValues<typeof networkFields>;
export type ProcessingSpec = FieldValues<typeof processingFields>;
export type WorkloadSpec = FieldValues<typeof workloadFields>;
type FaultFields = {
  id: Field<string | undefined>;
  when: Field<Expression | undefined>;
} & typeof scheduleFields;
const liarFields = {
  ...windowFields,
  ramp: optional(
    stretch,
    'It takes this long from the beginning until every message is affected; until then a share that grows evenly. Default: at once.',
  ),
};
type AdversaryFields = { id: Field<string | undefined> } & typeof liarFields;
export type FaultSpec = Occasion<FaultKind, FaultFields>;
export type AdversarySpec = Occasion<AdversaryKind, AdversaryFields>;

/** The section of each slot that holds one protocol, the key that names the protocol in it, and what the preset puts there. */
export const slotSections = {
  peers: {
    key: 'peers',
    tag: 'type',
    preset: undefined,
    doc: 'Whom a node talks to: a few peers that it chooses while the network runs. Left out, all its neighbours.',
  },
  detector: {
    key: 'failureDetector',
    tag: 'type',
    preset: undefined,
    doc: 'How nodes notice that others are gone.',
  },
  partition: {
    key: 'partitionDetector',
    tag: 'type',
    preset: undefined,
    doc: 'How a node notices that it is cut off from too many members, and what it does then.',
  },
  clock: { key: 'sync', tag: 'rule', preset: 'max', doc: 'How nodes agree on the global step.' },
  spread: { key: 'dissemination', tag: 'mode', preset: 'flood', doc: 'How a message reaches everybody.' },
  state: { key: 'state', tag: 'type', preset: undefined, doc: 'Data that the nodes hold in common.' },
  app: { key: 'app', tag: 'type', preset: 'workload', doc: 'What nodes do with messages.' },
} as const satisfies Partial<Record<SlotName, object>>;
export type SectionSlot = keyof typeof slotSections;
export const sectionSlots = Object.keys(slotSections) as SectionSlot[];

/** Sections that may be a bare word, such as `topology: ring`, with the key that the word stands for. */
export const bareWordKeys: ReadonlyMap<string, string> = new Map([
  ['pattern', 'type'],
  ['topology', 'type'],
  ...Object.values(slotSections).map(({ key, tag }) => [key, tag] as const),
]);

/** The guard that `authentication` puts in place, and those that the preset has. */
const authenticationGuard = 'authentication';
const presetGuards: readonly string[] = ['pattern-check'];

export type SlotSpec = Chosen<Protocol> | 'none';

/** A scenario as it was read, with defaults; nothing is looked up yet. */
export interface ScenarioSpec {
  readonly version: number;
  readonly name: string | undefined;
  readonly seed: number;
  readonly stopTime: number;
  readonly stopWhen: 'converged' | undefined;
  readonly timing: 'events' | 'rounds';
  readonly activation: Activation | undefined;
  readonly warmup: number;
  readonly measureEvery: number;
  readonly epoch: number;
  readonly pattern: Chosen<Pattern>;
  readonly authentication: 'none' | 'hmac' | 'ed25519';
  readonly nodes: NodesSpec;
  readonly observers: Who | 'none' | undefined;
  readonly topology: Chosen<Topology>;
  readonly network: NetworkSpec;
  readonly processing: ProcessingSpec | undefined;
  readonly workload: readonly WorkloadSpec[];
  readonly adversaries: readonly AdversarySpec[];
  readonly faults: readonly FaultSpec[];
  readonly churn: ChurnSpec | 'none' | undefined;
  readonly assertions: readonly AssertionSpec[];
  readonly recovery: RecoverySpec | undefined;
  readonly targets: TargetsSpec | undefined;
  readonly repetitions: number;
  readonly sweep: Sweep | undefined;
  /** Sections of slots and guards, by key. */
  readonly [slotKey: string]: unknown;
}

/** `pattern-check` -> `patternCheck`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A guard: `true` with its defaults, a section with its knobs, or `none`. */
function guardShape(entry: Protocol): Shape<SlotSpec> {
  const section = sectionShape(knobFields(entry.knobs));
  const hasKnobs = Object.keys(entry.knobs).length > 0;
  const shape: Shape<SlotSpec> = {
    words: hasKnobs ? `none, true, or a section of ${Object.keys(entry.knobs).join(', ')}` : 'none or true',
    read(tree, path, issues) {
      const word = tree.kind === 'scalar' ? tree.source : undefined;
      if (word === 'none' || word === 'false') return 'none';
      if (word !== 'true' && tree.kind !== 'map') return complain(shape, tree, path, issues);
      const given =
        tree.kind === 'map' ? tree : ({ kind: 'map', entries: new Map(), place: tree.place } as const);
      const parameters = section.read(given, path, issues);
      return parameters === wrong ? wrong : { entry, parameters };
    },
    plain: (value) => {
      if (value === 'none') return 'none';
      return hasKnobs ? section.plain(value.parameters) : true;
    },
    schema: () => ({ anyOf: [{ const: 'none' }, { type: 'boolean' }, section.schema()] }),
  };
  return shape;
}

function presetOf<K extends Kind>(kinds: Kinds<K>, wanted: string): Chosen<K> {
  const name = kinds.has(wanted) ? wanted : kinds.names[0];
  assert(name !== undefined, `there is at least one ${kinds.kind}`);
  return defaultChoice(kinds.get(name));
}

/** The guards that have a section of their own, by key. */
export function guardSections(vocabulary: Vocabulary): ReadonlyMap<string, Protocol> {
  const sections = new Map<string, Protocol>();
  for (const guard of vocabulary.protocols.guards ?? []) {
    if (guard.name !== authenticationGuard) sections.set(camelCase(guard.name), guard);
  }
  return sections;
}

/** The guard behind `authentication`, if there is one. */
export function authenticationProtocol(vocabulary: Vocabulary): Protocol | undefined {
  const { guards } = vocabulary.protocols;
  return guards?.has(authenticationGuard) === true ? guards.get(authenticationGuard) : undefined;
}

function slotFields(vocabulary: Vocabulary): Record<string, Field<unknown>> {
  const fields: Record<string, Field<unknown>> = {};
  for (const slot of sectionSlots) {
    const kinds = vocabulary.protocols[slot];
    if (kinds === undefined || kinds.names.length === 0) continue;
    const { key, tag, preset, doc } = slotSections[slot];
    const fallback: SlotSpec = preset === undefined ? 'none' : presetOf(kinds, preset);
    const usual = fallback === 'none' ? undefined : fallback.entry.name;
    fields[key] = withDefault<SlotSpec>(orWord('none', taggedShape(tag, kinds, usual)), fallback, doc);
  }
  return fields;
}

function guardFields(vocabulary: Vocabulary): Record<string, Field<unknown>> {
  const fields: Record<string, Field<unknown>> = {};
  for (const [key, guard] of guardSections(vocabulary)) {
    const preset: SlotSpec = presetGuards.includes(guard.name)
      ? { entry: guard, parameters: sectionDefault(knobFields(guard.knobs)) }
      : 'none';
    fields[key] = withDefault(guardShape(guard), preset, `A check on every message: ${guard.summary}.`);
  }
  return fields;
}

/** The parts of the language that the docs show in tables of their own. */
export const partFields = {
  groups: groupFields,
  nodes: nodesFields,
  network: networkFields,
  burst: burstFields,
  churn: churnFields,
  processing: processingFields,
  workload: workloadFields,
  broadcast: broadcastFields,
  rumor: rumorFields,
  ...writeFields,
  targets: targetFields,
};

const known = new WeakMap<Vocabulary, SectionShape<Fields>>();

/** The shape of a whole scenario in a vocabulary. Its value is a `ScenarioSpec`. */
export function scenarioShape(vocabulary: Vocabulary): SectionShape<Fields> {
  let shape = known.get(vocabulary);
  if (shape === undefined)
    known.set(vocabulary, (shape = sectionShape(scenarioFields(vocabulary), 'a scenario')));
  return shape;
}

function scenarioFields(vocabulary: Vocabulary): Fields {
  const idField = optional(
    idShape,
    'Its name in results, and the key of its chance. Default: made from its content, never from its position.',
  );
  const pattern = presetOf(vocabulary.patterns, 'digit-collapse');
  const topology = presetOf(vocabulary.topologies, 'complete');
  return {
    version: required(
      numberShape('integer', languageVersion, languageVersion),
      'The version of this language: 1.',
    ),
    name: optional(textShape(), 'What the experiment is called. Default: the name of the file.'),
    seed: withDefault(
      seedShape,
      1,
      'Every random choice comes from here. The default is 1, never the clock.',
    ),
    stopTime: required(stretch, 'How long the run takes, in virtual time.'),
    stopWhen: optional(
      choiceShape(['converged']),
      '`converged`: the run is over as soon as nothing more is planned, all live honest nodes hold the same, and no update is under way. Reaching stopTime is a failure then.',
    ),
    timing: withDefault(
      choiceShape(['events', 'rounds']),
      'events',
      '`events`: messages take their time. `rounds`: everybody acts once a round, against the state of its beginning, as in the books; a round lasts one `interval` of the dissemination.',
    ),
    activation: optional(
      choiceShape(activations),
      'How nodes that gossip take their turns in `timing: events`. `periodic` (the default): every interval, each from a phase of its own. `poisson`: after exponential waits. `synchronous`: all at once. `sequential`: one after the other, every cycle in a random order of its own.',
    ),
    warmup: withDefault(moment, 0, 'Messages that are published before this moment are not measured.'),
    measureEvery: withDefault(stretch, 100_000, 'How often assertions are looked at.'),
    epoch: withDefault(epochShape, epochMsDefault, 'The date that virtual time 0 stands for in timestamps.'),
    pattern: withDefault(
      taggedShape('type', vocabulary.patterns, pattern.entry.name),
      pattern,
      'The pattern value that messages carry.',
    ),
    authentication: withDefault(
      choiceShape(['none', 'hmac', 'ed25519']),
      'none',
      'Signatures over sender, step, sequence, time and data. `hmac`: one key for all, which keeps outsiders out. `ed25519`: a key pair a node, which tells who it was.',
    ),
    ...guardFields(vocabulary),
    nodes: withDefault(sectionShape(nodesFields), sectionDefault(nodesFields), 'Who takes part.'),
    observers: optional(
      orWord('none', whoShape),
      'Who takes note of every message. Default: the nodes of the role `observer`.',
    ),
    topology: withDefault(taggedShape('type', vocabulary.topologies), topology, 'Who can talk to whom.'),
    network: withDefault(sectionShape(networkFields), sectionDefault(networkFields), 'What links are like.'),
    processing: optional(
      sectionShape(processingFields),
      'What it costs a node to handle what arrives. Left out, nothing: everything is handled at once.',
    ),
    ...slotFields(vocabulary),
    workload: withDefault(
      listShape(sectionShape(workloadFields), { words: 'a list of what is published' }),
      [],
      'What nodes publish, and when.',
    ),
    adversaries: withDefault(
      listShape(
        keyedShape(
          vocabulary.adversaries,
          { id: idField, ...liarFields },
          { nodes: required(whoShape, 'Who lies.') },
        ),
        { words: 'a list of adversaries' },
      ),
      [],
      'Who lies, how, and when.',
    ),
    faults: withDefault(
      listShape(
        keyedShape(vocabulary.faults, {
          id: idField,
          ...scheduleFields,
          when: optional(expressionShape(vocabulary.metrics, whenDoc), whenDoc),
        }),
        {
          words: 'a list of faults',
        },
      ),
      [],
      'What goes wrong, and when.',
    ),
    churn: optional<ChurnSpec | 'none'>(
      orWord('none', sectionShape(churnFields)),
      'Nodes come and go, each at its own pace. Left out, they stay.',
    ),
    assertions: withDefault(
      listShape(assertionShape(vocabulary.metrics), { words: 'a list of assertions' }),
      [],
      'What must hold.',
    ),
    recovery: optional(
      recoveryShape(vocabulary.metrics),
      'First the bad day, then the question whether the network gets over it: at `after` all faults end and all liars stop, and it must come back `within` that time.',
    ),
    targets: optional(
      sectionShape(targetFields),
      'What the network was meant to cost. The result has a table of what was measured beside it, with bounds that arithmetic sets; it fails nothing.',
    ),
    repetitions: withDefault(
      numberShape('integer', 1, 1_000_000),
      1,
      'How many runs, each with a seed of its own made from `seed`. The result has means and intervals then.',
    ),
    sweep: optional(
      sweepShape,
      'Variants: for each key the values that it takes in turn, such as `{dissemination.fanout: [2, 3]}`; every combination is run, `repetitions` times.',
    ),
  };
}
