/**
 * A scenario's text in, its result out, in one call: for programs and notebooks. Nothing is read or written; what the program brings
 * along (protocols of its own, files that the scenario names) it hands over.
 */
import type { RunListener } from '../model/record.js';
import type { RunResult } from '../model/result.js';
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { withAdditions, type Additions } from '../scenario/additions.js';
import { loadScenario } from '../scenario/load.js';
import type { SignerMaker } from '../scenario/resolve.js';
import { fullVocabulary } from '../scenario/vocabulary.js';
import { resultOf } from '../sim/result.js';
import { Simulation } from '../sim/simulation.js';

export interface SimulateTextOptions extends Additions {
  /** The run's seed. Default: the scenario's. */
  readonly seed?: number;
  /** Overrides in order, such as `nodes.count=50`. */
  readonly set?: readonly string[];
  /** Bytes of a file that the scenario names. Default: none can be read. */
  readonly readFile?: (path: string) => Uint8Array;
  /** Makes signers where `authentication` is on. */
  readonly makeSigner?: SignerMaker;
  /** Told of everything that happens. */
  readonly listener?: RunListener;
  /** Allows runs of absurd cost. */
  readonly force?: boolean;
}

const eventsPerSlice = 65_536;

/**
 * Runs a scenario to its end.
 * @param text YAML, see docs/scenario.md
 * @throws UserError `bad-scenario` with everything that is wrong, `bad-plugin`, `too-expensive`
 */
export function simulate(text: string, options: SimulateTextOptions = {}): RunResult {
  const { seed, set = [], readFile = noFile, makeSigner, listener, force } = options;
  const { experiment } = loadScenario({
    text,
    fileName: 'scenario',
    readFile,
    set: seed === undefined ? set : [...set, `seed=${seed}`],
    makeSigner,
    force,
    vocabulary: withAdditions(fullVocabulary, options, 'simulate'),
  });
  const simulation = new Simulation(experiment, { listener });
  simulation.begin();
  while (simulation.advance(eventsPerSlice));
  return resultOf(simulation);
}

function noFile(path: string): never {
  throw new UserError('input-unreadable', {
    place: quoteText(path),
    what: 'the scenario names a file, and none can be read here',
    next: 'Pass readFile.',
  });
}
