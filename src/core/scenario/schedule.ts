/** When: `at`, or `every` with `from` and `until`, and `duration`; always beside the thing that they schedule. */
import type { Schedule } from '../model/experiment.js';
import type { Issues } from './issues.js';
import { optional } from './section.js';
import { unitShape } from './shape.js';
import type { Path } from './tree.js';

const moment = unitShape('duration');
const stretch = unitShape('duration', 1);

export const timeDocs = {
  at: 'The one moment when it happens.',
  every: 'It happens again and again, this far apart, first at `from`.',
  from: 'When it begins. Default: 0s.',
  until: 'Nothing begins at this moment or later, and what lasts ends here. Default: the end of the run.',
  duration: 'How long each occurrence lasts.',
} as const;

export const windowFields = {
  from: optional(moment, timeDocs.from),
  until: optional(moment, timeDocs.until),
};
export const repeatFields = {
  at: optional(moment, timeDocs.at),
  every: optional(stretch, timeDocs.every),
  ...windowFields,
};
export const scheduleFields = {
  ...repeatFields,
  duration: optional(stretch, timeDocs.duration),
};

/** Times as they were given, in microseconds. */
export interface Times {
  readonly at?: number;
  readonly every?: number;
  readonly from?: number;
  readonly until?: number;
  readonly duration?: number;
}

/** Checks times against each other and the end of the run; the issues say what is wrong. */
export function checkWindow(times: Times, stopTimeUs: number, path: Path, issues: Issues): void {
  const { at, from, until } = times;
  for (const [name, us] of Object.entries({ at, from })) {
    if (us !== undefined && us > stopTimeUs)
      issues.reportAt([...path, name], 'this is after stopTime, so it would never happen');
  }
  if (until !== undefined && until <= (at ?? from ?? 0)) {
    issues.reportAt([...path, 'until'], 'this is not after the beginning, so it would never happen');
  }
}

export const whenDoc =
  'It begins once, when this holds for the first time at a regular look (`measureEvery`), from `from` on and before `until`: an expression as in assertions. Instead of `at` and `every`.';

/** The schedule of something that may repeat and, if `lasts`, goes on for a while. */
export function planSchedule(
  times: Times,
  lasts: boolean,
  stopTimeUs: number,
  path: Path,
  issues: Issues,
  isConditional = false,
): Schedule {
  const { at, every, from, until, duration } = times;
  checkWindow(times, stopTimeUs, path, issues);
  if (at !== undefined && every !== undefined)
    issues.reportAt(path, 'at and every cannot both hold', 'Use from with every');
  if (at !== undefined && from !== undefined)
    issues.reportAt(path, 'at and from cannot both hold', 'Keep one of the two');
  if (isConditional) {
    for (const [name, us] of Object.entries({ at, every })) {
      if (us !== undefined)
        issues.reportAt(
          [...path, name],
          `when says when it begins, so ${name} means nothing`,
          'Keep one of the two',
        );
    }
  } else if (!lasts && at === undefined && every === undefined) {
    issues.reportAt(path, 'expected at or every, found neither', 'Add one of them');
  }
  if (!lasts && duration !== undefined)
    issues.reportAt([...path, 'duration'], 'it happens in one moment and cannot last');
  if (lasts && every === undefined && duration !== undefined && until !== undefined && !isConditional)
    issues.reportAt(
      [...path, 'until'],
      'duration and until both say when it ends',
      'Keep one of the two, or add every',
    );
  if (!lasts && at !== undefined && until !== undefined)
    issues.reportAt([...path, 'until'], 'it happens in one moment, at `at`');
  if (lasts && every !== undefined) {
    if (duration === undefined) issues.reportAt(path, 'what comes again needs a duration', 'Add one');
    else if (duration > every)
      issues.reportAt([...path, 'duration'], 'this is longer than every, so that it would overlap itself');
  }
  return {
    atUs: at ?? from ?? 0,
    everyUs: every ?? 0,
    untilUs: until ?? Infinity,
    durationUs: duration ?? Infinity,
  };
}
