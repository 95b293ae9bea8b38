/** A thread of `mesh simulate` with repetitions: does one run after the other. */
import { UserError } from '../base/errors.js';
import { serve, task } from '../io/workers.js';
import { pluginVocabulary } from './plugins.js';
import { prepareRun, type RepeatOrder, type RepeatReport, type RepeatTask } from './repeat-run.js';

const given = task<RepeatTask>();

void pluginVocabulary(given.plugins).then((vocabulary) =>
  serve<RepeatOrder, RepeatReport>((order) => {
    try {
      const { simulation, outcome } = prepareRun(given, order, vocabulary);
      simulation.begin();
      while (simulation.advance(65_536));
      return { report: { run: outcome() }, transfer: [] };
    } catch (error) {
      // Class and code would be lost on the way; what is ours to mend is thrown on, and ends the thread.
      if (!(error instanceof UserError)) throw error;
      return { report: { problem: { code: error.code, problems: error.problems } }, transfer: [] };
    }
  }),
);
