/** What the validator is told, made from what the user said. The same on every thread. */
import { patternCheck } from '../checks/registry.js';
import type { SignatureKeys } from '../io/signature-keys.js';
import { patternDefaults } from '../model/pattern.js';
import type { ValidatorOptions } from '../parts/log-validator.js';
import { patterns } from '../patterns/registry.js';
import { signatureCheck } from './observe-signatures.js';

/** The part of a request that can be sent to another thread. */
export interface PortableRequest {
  /** Name in the registry of patterns; default `digit-collapse`. */
  readonly pattern?: string;
  /** Integer 1..2^53-1; default 7. */
  readonly seed?: number;
  /** Integer 1..2^53-1; default 100. */
  readonly phaseResetInterval?: number;
  /** The key of a keyed pattern. */
  readonly patternKey?: Uint8Array;
  /** Default true. */
  readonly checksPattern?: boolean;
  readonly validator?: Omit<ValidatorOptions, 'patternCheck' | 'onFinding' | 'signatureCheck'>;
  /** Keys of senders; without them signatures are not looked at. */
  readonly keys?: SignatureKeys;
}

/** @throws UserError when there is no such pattern, or it lacks its key */
export function validatorOptions(request: PortableRequest): ValidatorOptions {
  const options: ValidatorOptions = {
    ...request.validator,
    signatureCheck: request.keys === undefined ? undefined : signatureCheck(request.keys),
  };
  if (request.checksPattern === false) return options;
  const pattern = patterns.get(request.pattern ?? patternDefaults.name).create({
    seed: request.seed,
    phaseResetInterval: request.phaseResetInterval,
    key: request.patternKey,
  });
  return { ...options, patternCheck: patternCheck((step) => pattern.valueUnchecked(step)) };
}
