/** A line of the workload: broadcasts that come again and again, or a rumor that starts once. */
import type { WorkItem } from '../model/experiment.js';
import { payloadMaker } from '../parts/payload.js';
import type { Issues } from './issues.js';
import type { WorkloadSpec } from './language.js';
import { checkWindow } from './schedule.js';
import type { Path } from './tree.js';

const usualDeadlineUs = 5_000_000;

export function planWork(item: WorkloadSpec, stopTimeUs: number, path: Path, issues: Issues): WorkItem {
  const { at, every, from, until, phase, deadline, broadcast, rumor } = item;
  checkWindow(item, stopTimeUs, path, issues);
  const what = broadcast ?? rumor ?? { nodes: {}, data: { kind: 'object', fields: [] } };
  if ((broadcast === undefined) === (rumor === undefined)) {
    const found = broadcast === undefined ? 'neither' : 'both';
    issues.reportAt(path, `expected either broadcast or rumor, found ${found}`, 'Keep one of them');
  }
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
    who: what.nodes,
    atUs,
    everyUs: every ?? 0,
    // Nothing is published at `until` or later; a single moment is its own end.
    untilUs: at ?? (rumor === undefined ? untilUs - 1 : 0),
    spreadPhases: every !== undefined && phase !== 'aligned',
    deadlineUs: deadline ?? (rumor === undefined ? usualDeadlineUs : Infinity),
    makePayload: payloadMaker(what.data),
  };
}
