/**
 * The use case of `mesh pattern`: looks up a pattern, fetches its key where it needs one, and hands back the function, its analysis and
 * the stretch of steps that was asked for. It computes no values: whoever writes them takes as many as the reader wants.
 */
import { UserError } from '../base/errors.js';
import { keyFromText, readKeyFile } from '../io/key-file.js';
import { type PatternFunction, patternDefaults, stepMax } from '../model/pattern.js';
import type { PatternAnalysis } from '../model/pattern-analysis.js';
import { patterns } from '../patterns/registry.js';
import { analyze } from '../patterns/strength.js';

/** The variable of the environment that may hold the key. */
export const keyVariable = 'MESH_PATTERN_KEY';

export interface PatternRequest {
  /** Name in the registry; default `digit-collapse`. */
  readonly pattern?: string;
  /** Integer 1..2^53-1; default 7. Refused for a keyed pattern. */
  readonly seed?: number;
  /** Integer 1..2^53-1; default 100. Refused for a keyed pattern. */
  readonly phaseResetInterval?: number;
  /** First step; default 0. */
  readonly from?: number;
  /** How many steps; default 200. */
  readonly steps?: number;
  /** Path of the key. Refused for a pattern without one. */
  readonly keyFile?: string;
  /** The value of `MESH_PATTERN_KEY`, used where a key is needed and no file is named. */
  readonly keyText?: string;
  /** Settings of a stray node to compare with. Refused for a keyed pattern. */
  readonly againstSeed?: number;
  readonly againstInterval?: number;
}

export interface PatternReport {
  readonly name: string;
  readonly pattern: PatternFunction;
  readonly from: number;
  readonly steps: number;
  readonly analysis: PatternAnalysis;
}

/**
 * @throws UserError `unknown-kind`, `invalid-seed`, `invalid-interval`, `invalid-step`, `bad-flag`, `missing-key` or `input-unreadable`
 */
export async function openPattern(request: PatternRequest): Promise<PatternReport> {
  const { from = 0, steps = 200, seed, phaseResetInterval, againstSeed, againstInterval } = request;
  const kind = patterns.get(request.pattern ?? patternDefaults.name);
  const refuse = (flags: Readonly<Record<string, unknown>>, because: string): void => {
    const given = Object.keys(flags).find((flag) => flags[flag] !== undefined);
    if (given !== undefined) {
      throw new UserError('bad-flag', {
        place: given,
        what: `the pattern ${kind.name} ${because}`,
        next: 'Leave it out',
      });
    }
  };
  if (kind.keyed) {
    refuse(
      {
        '--seed': seed,
        '--interval': phaseResetInterval,
        '--against-seed': againstSeed,
        '--against-interval': againstInterval,
      },
      'has a key, and neither seed nor interval',
    );
  } else {
    refuse({ '--key-file': request.keyFile }, 'has no key');
  }
  if (from > stepMax - steps + 1) {
    throw new UserError('invalid-step', {
      place: '--steps',
      what: `${steps} steps from step ${from} go beyond the last step there is`,
      expected: `at most ${stepMax - from + 1}`,
    });
  }
  const settings = { seed, phaseResetInterval, key: kind.keyed ? await fetchKey(request) : undefined };
  const asksAgainst = againstSeed !== undefined || againstInterval !== undefined;
  return {
    name: kind.name,
    pattern: kind.create(settings),
    from,
    steps,
    analysis: analyze(
      kind,
      settings,
      asksAgainst ? { seed: againstSeed, phaseResetInterval: againstInterval } : undefined,
    ),
  };
}

async function fetchKey(request: PatternRequest): Promise<Uint8Array> {
  if (request.keyFile !== undefined) return readKeyFile(request.keyFile);
  if (request.keyText !== undefined) return keyFromText(request.keyText, keyVariable);
  throw new UserError('missing-key', {
    what: 'this pattern needs a key',
    next: `Name a file with --key-file, or set ${keyVariable}`,
  });
}
