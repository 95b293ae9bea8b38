/** A line of the workload: broadcasts that come again and again, a rumor that starts once, or a write into the state slot. */
import type { Who } from '../base/who.js';
import type { WorkItem } from '../model/experiment.js';
import type { Protocol } from '../model/protocol.js';
import { writeVerbs } from '../model/workload.js';
import { payloadMaker, wholeBounds, type PayloadTemplate } from '../parts/payload.js';
import type { Issues } from './issues.js';
import type { WorkloadSpec } from './language.js';
import { checkWindow } from './schedule.js';
import { orList } from './shape.js';
import type { Path } from './tree.js';

const usualDeadlineUs = 5_000_000;
const lineKinds = ['broadcast', 'rumor', ...writeVerbs] as const;
type LineKind = (typeof lineKinds)[number];

/** What a line of the workload is: the first of its kinds, where the scenario wrongly has several. */
export function lineKindOf(item: WorkloadSpec): LineKind | undefined {
  return lineKinds.find((kind) => item[kind] !== undefined);
}

/** Who acts in a line. */
export function actorsOf(item: WorkloadSpec): Who {
  const kind = lineKindOf(item);
  return (kind === undefined ? undefined : item[kind]?.nodes) ?? {};
}

/** A write as one template: a section with everything that the verb needs. */
function templateOf(item: WorkloadSpec, kind: LineKind | undefined): PayloadTemplate {
  if (kind === undefined) return { kind: 'object', fields: [] };
  if (kind === 'broadcast' || kind === 'rumor') return item[kind]?.data ?? { kind: 'object', fields: [] };
  const { nodes: _nodes, ...operand } = item[kind] ?? {};
  return { kind: 'object', fields: Object.entries(operand as Record<string, PayloadTemplate>) };
}

export function planWork(item: WorkloadSpec, stopTimeUs: number, path: Path, issues: Issues): WorkItem {
  const { at, every, from, until, phase, deadline, rumor } = item;
  checkWindow(item, stopTimeUs, path, issues);
  const kind = lineKindOf(item);
  const found = lineKinds.filter((name) => item[name] !== undefined);
  if (found.length !== 1) {
    const what = found.length === 0 ? 'none of them' : found.join(' and ');
    issues.reportAt(
      path,
      `expected one of ${orList(lineKinds)}, found ${what}`,
      found.length === 0 ? 'Add one of them' : 'Make a line of each',
    );
  }
  const write = writeVerbs.find((verb) => verb === kind);
  if (write !== undefined && deadline !== undefined)
    issues.reportAt(
      [...path, 'deadline'],
      'what is written is not delivered, so a deadline means nothing',
      'Leave it out',
    );
  if (rumor === undefined && at === undefined && every === undefined)
    issues.reportAt(path, 'expected at or every, found neither', 'Add one of them');
  const reason = rumor === undefined ? 'at is one moment' : 'a rumor happens at one moment';
  if (at !== undefined || rumor !== undefined) {
    for (const [name, value] of Object.entries({ every, from, until, phase })) {
      if (value !== undefined)
        issues.reportAt([...path, name], `${reason}, so ${name} means nothing`, 'Keep one of the two');
    }
  }
  const untilUs = Math.min(until ?? Infinity, stopTimeUs);
  const atUs = at ?? from ?? 0;
  return {
    who: actorsOf(item),
    atUs,
    everyUs: every ?? 0,
    // Nothing is published at `until` or later; a single moment is its own end.
    untilUs: at ?? (rumor === undefined ? untilUs - 1 : 0),
    spreadPhases: every !== undefined && phase !== 'aligned',
    deadlineUs: deadline ?? (rumor === undefined && write === undefined ? usualDeadlineUs : Infinity),
    makePayload: payloadMaker(templateOf(item, kind)),
    ...(write === undefined ? {} : { write }),
  };
}

/**
 * Does the state slot understand what the workload writes into it?
 * @param known every protocol that could stand there
 */
export function checkWrites(
  workload: readonly WorkloadSpec[],
  state: Protocol | undefined,
  known: Iterable<Protocol>,
  issues: Issues,
): void {
  const protocols = [...known];
  workload.forEach((item, index) => {
    const verb = writeVerbs.find((name) => name === lineKindOf(item));
    if (verb === undefined) return;
    if (state?.writes?.includes(verb) !== true) {
      const able = protocols.filter(({ writes }) => writes?.includes(verb)).map(({ name }) => name);
      const found = state === undefined ? 'none' : state.name;
      issues.reportAt(
        ['workload', index, verb],
        `${verb} needs a state that understands it, found ${found}`,
        `Set state to ${orList(able)}`,
      );
    } else if (verb === 'increment') checkIncrement(item, state, ['workload', index, verb, 'by'], issues);
  });
}

function checkIncrement({ increment }: WorkloadSpec, state: Protocol, path: Path, issues: Issues): void {
  const bounds = increment === undefined ? undefined : wholeBounds(increment.by);
  const { incrementMin: min } = state;
  const isRight =
    bounds !== undefined && (min === undefined ? bounds.low !== 0 || bounds.high !== 0 : bounds.low >= min);
  if (isRight) return;
  const expected = min === undefined ? 'an integer other than 0' : `an integer from ${min}`;
  issues.reportAt(
    path,
    `expected ${expected}, or a template that makes one`,
    `${state.name} cannot count by anything else`,
  );
}
