/**
 * The way into the scenario language:
 *
 *     loadScenario({ text, fileName, readFile, set: ['nodes.count=50'] }) -> { experiment, resolved, cost }
 *
 * `experiment` is what the simulator runs. `resolved` is the scenario as a plain object with every default written out; `scenarioText`
 * prints it as YAML that loads to the same experiment. Everything that is wrong is reported at once, with its place, as one UserError.
 */
import { AssertionError } from '../base/assert.js';
import { checkCost, estimateCost, type Cost } from './cost.js';
import { Issues } from './issues.js';
import { scenarioShape, type ScenarioSpec } from './language.js';
import { applyOverride } from './overrides.js';
import { confine } from './paths.js';
import { resolve, type Resolution, type SignerMaker } from './resolve.js';
import { wrong } from './shape.js';
import { fullVocabulary, type Vocabulary } from './vocabulary.js';
import { readYaml } from './yaml.js';

export interface LoadOptions {
  /** The scenario: YAML 1.2, at most 1 MiB. Bytes are checked to be UTF-8. */
  readonly text: string | Uint8Array;
  /** As the user gave it; for messages, and for the name of the experiment. Not trusted. */
  readonly fileName: string;
  /**
   * Bytes of a file beside the scenario. The path is relative to the scenario's folder and stays inside it, unless `filesAnywhere`
   * is set; that no link leads outside has to be seen here.
   * @throws UserError when it cannot be read
   */
  readonly readFile: (path: string) => Uint8Array;
  /** Overrides in order, each `path=value` with the value in YAML. */
  readonly set?: readonly string[];
  /** Allows files outside of the scenario's folder. Default: false. */
  readonly filesAnywhere?: boolean;
  /** Allows runs of absurd cost. Default: false. */
  readonly force?: boolean;
  /** Makes signers where `authentication` is on; without it, the experiment has none and the caller must see to it. */
  readonly makeSigner?: SignerMaker;
  /** The words for registered things. Default: everything that mesh has. */
  readonly vocabulary?: Vocabulary;
}

export interface LoadedScenario extends Resolution {
  readonly cost: Cost;
}

/**
 * Reads a scenario.
 * @throws UserError `bad-scenario` with every problem, or `too-expensive` with the estimate
 */
export function loadScenario(options: LoadOptions): LoadedScenario {
  const vocabulary = options.vocabulary ?? fullVocabulary;
  const filesAnywhere = options.filesAnywhere ?? false;
  const issues = new Issues(options.fileName, filesAnywhere);
  let tree = readYaml(options.text, issues);
  for (const override of options.set ?? [])
    if (tree !== undefined) tree = applyOverride(tree, override, issues);
  issues.throwIfAny();
  if (tree === undefined) return unreadable();
  issues.root = tree;
  const spec = scenarioShape(vocabulary).read(tree, [], issues);
  issues.throwIfAny();
  if (spec === wrong) return unreadable();
  const resolution = resolve(
    spec as unknown as ScenarioSpec,
    {
      vocabulary,
      defaultName: nameOfFile(options.fileName),
      readFile: (path) => options.readFile(confine(path, filesAnywhere)),
      makeSigner: options.makeSigner,
    },
    issues,
  );
  issues.throwIfAny();
  if (resolution === undefined) return unreadable();
  const cost = estimateCost(resolution.experiment);
  if (options.force !== true) checkCost(cost, issues);
  issues.throwIfAny('too-expensive');
  return { ...resolution, cost };
}

/** Every path to here has reported something; this line tells the compiler, and us should we be wrong. */
function unreadable(): never {
  throw new AssertionError('invariant broken: what cannot be read has an issue');
}

/** `folder/abilene.yaml` -> `abilene`. */
function nameOfFile(fileName: string): string {
  const base = fileName.split(/[\\/]/).pop() ?? '';
  return base.replace(/\.[^.]*$/, '') || 'scenario';
}
