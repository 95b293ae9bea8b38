/**
 * From what a scenario says to what a run needs: names are looked up, times are checked against each other, the topology is built, and
 * everything that was left open is written out.
 */
import { assert } from '../base/assert.js';
import { canonicalJson } from '../base/canonical-json.js';
import { textFingerprint } from '../base/digest.js';
import { KeyedDraws, RandomStream } from '../base/random.js';
import type { Who } from '../base/who.js';
import {
  noLatency,
  type Experiment,
  type PlannedAdversary,
  type PlannedFault,
  type ProcessingSettings,
  type StackLayer,
} from '../model/experiment.js';
import type { PatternFunction, PatternSettings } from '../model/pattern.js';
import { slotNames, type Protocol } from '../model/protocol.js';
import type { Signer } from '../model/signer.js';
import type { Targets } from '../model/targets.js';
import type { Layout } from '../model/topology.js';
import { checkChurn, planChurn } from './churn-shape.js';
import { planAssertion } from './assertion-shape.js';
import { checkExpressionNames } from './expression-shape.js';
import type { Issues } from './issues.js';
import type { Chosen, Kind } from './kinds.js';
import {
  authenticationProtocol,
  guardSections,
  scenarioShape,
  slotSections,
  type AdversarySpec,
  type FaultSpec,
  type ProcessingSpec,
  type ScenarioSpec,
  type SectionSlot,
  type SlotSpec,
} from './language.js';
import { planCommittee, withCommittee } from './committee-plan.js';
import { planLatency } from './latency-plan.js';
import { checkLinks, planLinks } from './link-shape.js';
import { checkGroups, checkWho, countSaid, pickNodes, planNodes, type NodePlan } from './nodes.js';
import { faultsUntil, liarsUntil, planRecovery, workUntil } from './recovery-shape.js';
import { checkWindow, planSchedule } from './schedule.js';
import { quoted, type Plain } from './shape.js';
import type { Sweep } from './sweep-shape.js';
import { checkRounds, checkTiming, roundUsOf, usualLatency } from './timing-plan.js';
import type { Path } from './tree.js';
import type { Vocabulary } from './vocabulary.js';
import { actorsOf, checkWrites, lineKindOf, planWork } from './work-plan.js';

/** A scenario with every default written out; `scenarioText` prints it. */
export type ResolvedScenario = { readonly [key: string]: Plain };

/** Makes the signer of a scheme for nodes with these addresses; keys come from the seed. */
export type SignerMaker = (scheme: 'hmac' | 'ed25519', seed: number, nodeCount: number) => Signer;

export interface ResolveOptions {
  readonly vocabulary: Vocabulary;
  /** What the experiment is called when it does not say. */
  readonly defaultName: string;
  readonly readFile: (path: string) => Uint8Array;
  readonly makeSigner?: SignerMaker;
}

export interface Resolution {
  readonly experiment: Experiment;
  readonly resolved: ResolvedScenario;
  /** How often the scenario wants to be run, and with which variants. */
  readonly repetitions: number;
  readonly sweep: Sweep | undefined;
}

/** @returns undefined when something is wrong; the issues say what */
export function resolve(spec: ScenarioSpec, options: ResolveOptions, issues: Issues): Resolution | undefined {
  const { stopTime, seed } = spec;
  if (spec.warmup >= stopTime && spec.warmup > 0)
    issues.reportAt(['warmup'], 'the warm-up leaves nothing of the run', 'Make it shorter than stopTime');
  checkGroups(spec.nodes, issues);
  const plannedWork = spec.workload.map((item, index) =>
    planWork(item, stopTime, ['workload', index], issues),
  );
  checkWrites(spec.workload, stateOf(spec), options.vocabulary.protocols.state ?? [], issues);
  checkTiming(spec, issues);
  checkLinks(spec.network, issues);
  checkIdentity(spec, issues);
  checkPublishers(spec, issues);
  const churnSpec = spec.churn === 'none' ? undefined : spec.churn;
  if (churnSpec !== undefined) {
    checkChurn(churnSpec, stopTime, issues);
    spec.faults.forEach(({ common }, index) => {
      if (common.id === 'churn') issues.reportAt(['faults', index, 'id'], 'the section churn has this id');
    });
  }
  const plannedFaults = planFaults(spec.faults, spec, options.vocabulary, issues);
  const plannedLiars = planAdversaries(spec.adversaries, spec, options.vocabulary, issues);
  const assertions = spec.assertions.map((assertion, index) =>
    planAssertion(assertion, stopTime, ['assertions', index], issues),
  );
  const recovery = spec.recovery && planRecovery(spec.recovery, stopTime, issues);
  const endUs = recovery?.afterUs;
  const faults = endUs === undefined ? plannedFaults : faultsUntil(plannedFaults, endUs, issues);
  const adversaries = endUs === undefined ? plannedLiars : liarsUntil(plannedLiars, endUs, issues);
  const isQuiet = endUs !== undefined && spec.recovery?.workload === 'stop';
  const workload = isQuiet ? workUntil(plannedWork, endUs, issues) : plannedWork;
  const pattern = planPattern(spec.pattern, options, issues);
  if (issues.count > 0) return undefined;

  const layout = buildLayout(spec, options, issues);
  if (layout === undefined || pattern === undefined) return undefined;
  checkLevels(spec, layout, issues);
  const planned = planNodes(spec.nodes, layout.graph.nodeCount, layout.names, seed, issues);
  if (planned === undefined) return undefined;
  const committee = planCommittee(spec, planned.nodeCount, issues);
  const plan: NodePlan = {
    ...planned,
    committee: committee && new Set(committee),
    regionOf: regionsOf(planned, layout),
    hasLeaders: layout.hierarchy !== undefined,
  };
  checkEveryWho(spec, plan, issues);
  checkWriters(spec, plan, issues);
  const churn = churnSpec && planChurn(churnSpec, { seed, endUs }, plan, options.readFile, issues);
  const inRounds = spec.timing === 'rounds';
  const latencySpec = spec.network.latency ?? (inRounds ? 'none' : usualLatency);
  const latency =
    latencySpec === 'none'
      ? noLatency
      : planLatency(latencySpec, layout, plan, seed, options.readFile, issues);
  const links = planLinks(spec.network, spec.network.loss, layout, issues);
  if (issues.count > 0 || latency === undefined || links === undefined) return undefined;

  const observing = observersOf(spec, plan);
  const lossPer = spec.network.lossPer ?? (inRounds ? 'call' : 'message');
  const name = spec.name ?? options.defaultName;
  const experiment: Experiment = {
    name,
    seed,
    stopTimeUs: stopTime,
    stopWhen: spec.stopWhen,
    timing: inRounds
      ? { mode: 'rounds', roundUs: roundUsOf(spec) }
      : { mode: 'events', activation: spec.activation ?? 'periodic' },
    warmupUs: spec.warmup,
    measureEveryUs: spec.measureEvery,
    epochMs: spec.epoch,
    nodeCount: plan.nodeCount,
    nameOf: (address) => plan.nameOf(address),
    groupNames: plan.groups.map(({ id }) => id),
    groupOf: plan.groupOf,
    groupRoles: plan.groups.map(({ role }) => role),
    groupRegions: plan.groups.map(({ region }) => region),
    committee,
    observers: observing === 'none' ? [] : pickNodes(observing, plan, new KeyedDraws(seed, 'observers')),
    lateStarts: lateStarts(plan),
    layout,
    pattern,
    stack: planStack(spec, options.vocabulary),
    signer:
      spec.authentication === 'none'
        ? undefined
        : options.makeSigner?.(spec.authentication, seed, plan.nodeCount),
    network: { latency, jitterUs: spec.network.jitter, lossRatio: spec.network.loss, lossPer, ...links },
    processing: spec.processing && planProcessing(spec.processing, spec.authentication),
    workload,
    adversaries,
    faults: churn === undefined ? faults : [...faults, churn],
    assertions,
    recovery,
    targets: planTargets(spec),
  };
  checkRounds(experiment, issues);
  if (issues.count > 0) return undefined;
  const written: ScenarioSpec = {
    ...spec,
    name,
    nodes: { ...spec.nodes, count: plan.nodeCount },
    network: { ...spec.network, latency: latencySpec, lossPer },
    activation: inRounds ? undefined : (spec.activation ?? 'periodic'),
    ...withCommittee(spec, committee),
    workload: spec.workload.map((item, index) => {
      const { deadlineUs } = workload[index];
      return deadlineUs === Infinity ? item : { ...item, deadline: deadlineUs };
    }),
    observers: observing,
    faults: spec.faults.map((fault, index) => ({
      ...fault,
      common: { ...fault.common, id: faults[index].id },
    })),
    adversaries: spec.adversaries.map((liar, index) => ({
      ...liar,
      common: { ...liar.common, id: adversaries[index].id },
    })),
  };
  const resolved = scenarioShape(options.vocabulary).plain(written) as ResolvedScenario;
  return { experiment, resolved, repetitions: spec.repetitions, sweep: spec.sweep };
}

/** As measured on one core with OpenSSL, microseconds. */
const verifyUsOf = { none: 0, hmac: 3, ed25519: 73 } as const;

function planProcessing(
  { verifyTime, messageTime, queueCapacity }: ProcessingSpec,
  authentication: ScenarioSpec['authentication'],
): ProcessingSettings {
  return {
    messageUs: messageTime,
    verifyUs: verifyTime ?? verifyUsOf[authentication],
    queueCapacity: queueCapacity ?? Infinity,
  };
}

/** `loss-3fa2b1c0`: from the content, so that moving an entry changes nobody's chance; the second of two equal ones gets `-2`. */
function idsFor(
  entries: readonly { readonly given: string | undefined; readonly kind: string; readonly content: Plain }[],
  key: string,
  issues: Issues,
): string[] {
  const taken = new Set<string>();
  entries.forEach(({ given }, index) => {
    if (given === undefined) return;
    if (taken.has(given)) issues.reportAt([key, index, 'id'], `there are two with the id ${quoted(given)}`);
    taken.add(given);
  });
  return entries.map(({ given, kind, content }) => {
    if (given !== undefined) return given;
    const base = `${kind}-${textFingerprint(canonicalJson(content)).slice(0, 8)}`;
    let id = base;
    for (let twin = 2; taken.has(id); twin++) id = `${base}-${twin}`;
    taken.add(id);
    return id;
  });
}

function plainEntries(
  spec: ScenarioSpec,
  vocabulary: Vocabulary,
  key: 'faults' | 'adversaries',
): readonly Plain[] {
  const list = scenarioShape(vocabulary).fields[key].shape.plain(spec[key]);
  assert(Array.isArray(list), 'a list is written as a list');
  return list as readonly Plain[];
}

function planFaults(
  faults: readonly FaultSpec[],
  spec: ScenarioSpec,
  vocabulary: Vocabulary,
  issues: Issues,
): PlannedFault[] {
  const plain = plainEntries(spec, vocabulary, 'faults');
  const ids = idsFor(
    faults.map(({ entry, common }, index) => ({ given: common.id, kind: entry.name, content: plain[index] })),
    'faults',
    issues,
  );
  const planned = faults.map(({ entry }, index) => ({ id: ids[index], kind: entry }));
  faults.forEach(({ entry, parameters }, index) => {
    if (spec.processing === undefined && entry.needsProcessing?.(parameters as never) === true)
      issues.reportAt(
        ['faults', index, entry.name],
        'this multiplies what handling costs, and it costs nothing',
        'Add processing, such as processing: { messageTime: 100us }',
      );
    for (const { path, what, next } of entry.check?.(parameters as never, planned) ?? [])
      issues.reportAt(['faults', index, entry.name, ...path], what, next);
  });
  return faults.map(({ entry, parameters, common }, index) => ({
    id: ids[index],
    kind: entry,
    parameters,
    schedule: planSchedule(
      common,
      entry.lasts,
      spec.stopTime,
      ['faults', index],
      issues,
      common.when !== undefined,
    ),
    when: common.when?.condition,
  }));
}

function planAdversaries(
  adversaries: readonly AdversarySpec[],
  spec: ScenarioSpec,
  vocabulary: Vocabulary,
  issues: Issues,
): PlannedAdversary[] {
  const plain = plainEntries(spec, vocabulary, 'adversaries');
  const ids = idsFor(
    adversaries.map(({ entry, common }, index) => ({
      given: common.id,
      kind: entry.name,
      content: plain[index],
    })),
    'adversaries',
    issues,
  );
  return adversaries.map(({ entry, parameters: { nodes, ...parameters }, common }, index) => {
    checkWindow(common, spec.stopTime, ['adversaries', index], issues);
    return {
      id: ids[index],
      kind: entry,
      who: nodes as Who,
      parameters,
      fromUs: common.from ?? 0,
      untilUs: common.until ?? Infinity,
      rampUs: common.ramp ?? 0,
    };
  });
}

function planPattern(
  { entry, parameters }: ScenarioSpec['pattern'],
  options: ResolveOptions,
  issues: Issues,
): PatternFunction | undefined {
  return issues.attempt(['pattern'], () => {
    const settings: { -readonly [Key in keyof PatternSettings]: PatternSettings[Key] } = {};
    if (typeof parameters.seed === 'number') settings.seed = parameters.seed;
    if (typeof parameters.phaseResetInterval === 'number')
      settings.phaseResetInterval = parameters.phaseResetInterval;
    for (const [name, knob] of Object.entries(entry.knobs)) {
      const path = parameters[name];
      if (knob.kind === 'file' && typeof path === 'string')
        settings.key = withoutLineEnd(options.readFile(path));
    }
    return entry.create(settings);
  });
}

/** A key file that was made with an editor ends in a line end, which is not part of the key. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === 10) end--;
  if (end < bytes.length && bytes[end - 1] === 13) end--;
  return bytes.subarray(0, end);
}

function buildLayout(spec: ScenarioSpec, options: ResolveOptions, issues: Issues): Layout | undefined {
  const { entry, parameters } = spec.topology;
  const nodeCount = countSaid(spec.nodes);
  const early = nodeCount === undefined ? undefined : earlyPlan(spec, nodeCount, issues);
  const groupOf = early?.groupOf;
  return issues.attempt(['topology'], () =>
    entry.build(
      {
        nodeCount,
        chance: RandomStream.named(spec.seed, 'topology'),
        groupOf:
          early === undefined || groupOf === undefined
            ? undefined
            : (node) => early.groups[groupOf[node]].region ?? early.groups[groupOf[node]].id,
        readFile: options.readFile,
      },
      parameters as never,
    ),
  );
}

/** The groups as they are if the topology brings no names; topologies that do have no use for groups. */
function earlyPlan(spec: ScenarioSpec, nodeCount: number, issues: Issues): NodePlan | undefined {
  const trial = issues.trial();
  return spec.nodes.groups.length === 0
    ? undefined
    : planNodes(spec.nodes, nodeCount, undefined, spec.seed, trial);
}

function checkEveryWho(spec: ScenarioSpec, plan: NodePlan, issues: Issues): void {
  spec.assertions.forEach(({ mode, expression }, index) =>
    checkExpressionNames(expression, plan, ['assertions', index, mode], issues),
  );
  spec.faults.forEach(({ common: { when } }, index) => {
    if (when !== undefined) checkExpressionNames(when, plan, ['faults', index, 'when'], issues);
  });
  if (spec.recovery?.until !== undefined)
    checkExpressionNames(spec.recovery.until, plan, ['recovery', 'until'], issues);
  spec.workload.forEach((item, index) => {
    const kind = lineKindOf(item);
    if (kind !== undefined) checkWho(actorsOf(item), plan, ['workload', index, kind, 'nodes'], issues);
  });
  if (spec.observers !== undefined && spec.observers !== 'none')
    checkWho(spec.observers, { ...plan, hasLeaders: undefined }, ['observers'], issues);
  for (const key of ['faults', 'adversaries'] as const) {
    spec[key].forEach((occasion, index) => {
      const path = [key, index, occasion.entry.name];
      if (key === 'adversaries') checkWho(occasion.parameters.nodes as Who, plan, [...path, 'nodes'], issues);
      checkKnobs(occasion, plan, path, issues);
    });
  }
  checkKnobs(spec.topology, plan, ['topology'], issues);
  for (const { chosen, path } of chosenSlots(spec)) checkKnobs(chosen, plan, path, issues);
}

/** A message carries a step, and somebody has to take it along. */
function checkPublishers(spec: ScenarioSpec, issues: Issues): void {
  if (!spec.workload.some(({ broadcast, rumor }) => broadcast !== undefined || rumor !== undefined)) return;
  for (const { key } of [slotSections.clock, slotSections.spread]) {
    if (spec[key] !== 'none') continue;
    issues.reportAt(
      [key],
      'nodes that publish cannot do without, and the workload lets some publish',
      `Take ${key}: none out, or the workload`,
    );
  }
}

/** Counting voices means nothing where one can speak with many. */
function checkIdentity(spec: ScenarioSpec, issues: Issues): void {
  if (spec.authentication !== 'none') return;
  const spread = spec[slotSections.spread.key] as SlotSpec | undefined;
  if (spread !== undefined && spread !== 'none' && spread.entry.isStraight === true) return;
  for (const { chosen, path } of chosenSlots(spec)) {
    if ((chosen.entry as Partial<Protocol>).needsIdentity !== true) continue;
    issues.reportAt(
      path,
      `${chosen.entry.name} counts voices, and without authentication anybody can speak with many`,
      'Set authentication to hmac or ed25519, or dissemination to direct',
    );
  }
}

function planTargets({ targets }: ScenarioSpec): Targets | undefined {
  if (targets === undefined) return undefined;
  const { rounds, time, bytesPerNode, memoryPerNode } = targets;
  return { rounds, timeUs: time, bytesPerSecond: bytesPerNode, memoryBytes: memoryPerNode };
}

/** Who counts by levels needs levels. */
function checkLevels(spec: ScenarioSpec, layout: Layout, issues: Issues): void {
  if (layout.hierarchy !== undefined) return;
  for (const { chosen, path } of chosenSlots(spec)) {
    if ((chosen.entry as Partial<Protocol>).needsLevels !== true) continue;
    issues.reportAt(
      path,
      `${chosen.entry.name} needs to know who is below whom, and a ${spec.topology.entry.name} does not say it`,
      'Set topology to regions or hierarchical',
    );
  }
}

/** The protocol in the state slot. */
function stateOf(spec: ScenarioSpec): Protocol | undefined {
  const chosen = spec[slotSections.state.key] as SlotSpec | undefined;
  return chosen === undefined || chosen === 'none' ? undefined : chosen.entry;
}

/** Many writers may be more than the state slot can stand; those of the longest line count, since lines may share them. */
function checkWriters(spec: ScenarioSpec, plan: NodePlan, issues: Issues): void {
  const chosen = spec[slotSections.state.key] as SlotSpec | undefined;
  if (chosen === undefined || chosen === 'none') return;
  const max = chosen.entry.writersMax?.(chosen.parameters as never) ?? Infinity;
  spec.workload.forEach((item, index) => {
    const kind = lineKindOf(item);
    if (max === Infinity || kind === undefined || kind === 'broadcast' || kind === 'rumor') return;
    const writers = pickNodes(actorsOf(item), plan, new KeyedDraws(spec.seed, 'writers')).length;
    if (writers <= max) return;
    issues.reportAt(
      ['workload', index, kind, 'nodes'],
      `${writers} writers are more than the ${max} that ${chosen.entry.name} can tell apart in this way`,
      'Let fewer nodes write, or set state.exchange to merkle',
    );
  });
}

function* chosenSlots(spec: ScenarioSpec): Iterable<{ chosen: Chosen<Kind>; path: Path }> {
  for (const { key } of Object.values(slotSections)) {
    const chosen = spec[key] as SlotSpec | undefined;
    if (chosen !== undefined && chosen !== 'none') yield { chosen, path: [key] };
  }
}

/** Follows the knobs of a chosen thing to every set of nodes in them. */
function checkKnobs({ entry, parameters }: Chosen<Kind>, plan: NodePlan, path: Path, issues: Issues): void {
  for (const [name, knob] of Object.entries(entry.knobs)) {
    const value = parameters[name];
    if (value === undefined) continue;
    const at = [...path, name];
    if (knob.kind === 'who') checkWho(value as Who, plan, at, issues);
    else if (knob.kind === 'who-list')
      (value as readonly Who[]).forEach((who, index) => checkWho(who, plan, [...at, index], issues));
    else if (knob.kind === 'section') {
      const inner = {
        entry: { ...entry, knobs: knob.knobs as Kind['knobs'] },
        parameters: value as Record<string, unknown>,
      };
      checkKnobs(inner, plan, at, issues);
    }
  }
}

/** Where each node is: what its group says, else the topology. */
function regionsOf({ groups, groupOf }: NodePlan, { regions }: Layout): NodePlan['regionOf'] {
  if (regions === undefined && groups.every(({ region }) => region === undefined)) return undefined;
  return (address) => {
    const region = groupOf === undefined ? undefined : groups[groupOf[address]].region;
    return region ?? (regions?.[address] === '' ? undefined : regions?.[address]);
  };
}

/** The nodes of the role `observer`, unless the scenario says who. */
function observersOf(spec: ScenarioSpec, plan: NodePlan): Who | 'none' {
  if (spec.observers !== undefined) return spec.observers;
  return plan.groups.some(({ role }) => role === 'observer') ? { role: 'observer' } : 'none';
}

function lateStarts(plan: NodePlan): { address: number; atUs: number }[] {
  const { groups, groupOf } = plan;
  if (groupOf === undefined || groups.every(({ startAt }) => startAt === 0)) return [];
  const late: { address: number; atUs: number }[] = [];
  groupOf.forEach((group, address) => {
    if (groups[group].startAt > 0) late.push({ address, atUs: groups[group].startAt });
  });
  return late;
}

/** The slots from guards to app. */
function planStack(spec: ScenarioSpec, vocabulary: Vocabulary): StackLayer[] {
  const layers: StackLayer[] = [];
  const push = (slot: SlotSpec | undefined): void => {
    if (slot !== undefined && slot !== 'none')
      layers.push({ protocol: slot.entry, parameters: slot.parameters });
  };
  for (const slot of slotNames) {
    if (slot !== 'guards') {
      push(spec[slotSections[slot as SectionSlot].key] as SlotSpec | undefined);
      continue;
    }
    const authentication = authenticationProtocol(vocabulary);
    if (spec.authentication !== 'none' && authentication !== undefined)
      push({ entry: authentication, parameters: {} });
    for (const key of guardSections(vocabulary).keys()) push(spec[key] as SlotSpec | undefined);
  }
  return layers;
}
