/** The use case of `mesh init`: four answers become a commented scenario in a file. It is read back first, so that it surely runs. */
import { UserError } from '../base/errors.js';
import { openOutput } from '../io/output-file.js';
import { loadScenario } from '../scenario/load.js';
import { starterText, type StarterAnswers } from '../scenario/starter.js';
import { fullVocabulary } from '../scenario/vocabulary.js';

export {
  starterDefaults,
  starterDemands,
  starterKinds,
  starterNetworks,
  starterNodesMax,
  starterNodesMin,
  type StarterAnswers,
} from '../scenario/starter.js';

export interface InitRequest {
  /** Where the scenario shall appear. */
  readonly file: string;
  readonly answers: StarterAnswers;
  /** Replace a file that exists. */
  readonly force?: boolean;
}

export interface InitReport {
  readonly file: string;
  readonly answers: StarterAnswers;
  readonly bytes: number;
  /** Rough number of events that a run takes. */
  readonly events: number;
}

/** @throws UserError `output-exists`, `output-unwritable`, `output-lost` */
export async function init({ file, answers, force }: InitRequest): Promise<InitReport> {
  const text = starterText(answers, fullVocabulary);
  const { cost } = loadScenario({
    text,
    fileName: file,
    readFile: (path) => {
      throw new UserError('input-unreadable', { place: path, what: 'a first scenario names no files' });
    },
  });
  const output = await openOutput(file, { force });
  try {
    await output.write(text);
  } catch (error) {
    await output.discard();
    throw error;
  }
  await output.commit();
  return { file, answers, bytes: output.bytesWritten, events: cost.events };
}
