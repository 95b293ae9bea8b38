/**
 * Profiles: how the logs of others say what ours say, in a small YAML file. Read by the same strict reader as scenarios.
 *
 *     fields: {sender: dev_eui, step: fcnt, timestamp: _timestamp}
 *     pattern: false
 *     data: false
 *     resync: true
 */
import { quoteText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import { Issues } from './issues.js';
import type { MapTree, Place, Tree } from './tree.js';
import { readYaml } from './yaml.js';

const fieldNames = [
  'sender',
  'step',
  'pattern',
  'data',
  'timestamp',
  'sequence',
  'signature',
  'incarnation',
] as const;
const switchNames = ['pattern', 'data', 'timestamp', 'resync'] as const;
const numberNames = ['maxJump', 'tolerance', 'maxRate', 'maxSkewMs'] as const;
const textNames = ['title', 'source'] as const;

export interface LogProfile {
  readonly fields: Partial<Record<(typeof fieldNames)[number], string>>;
  /** False: the log has no pattern values, payloads or timestamps of ours. */
  readonly pattern?: boolean;
  readonly data?: boolean;
  readonly timestamp?: boolean;
  readonly resync?: boolean;
  readonly maxJump?: number;
  readonly tolerance?: number;
  readonly maxRate?: number;
  readonly maxSkewMs?: number;
}

/**
 * @param fileName for messages
 * @throws UserError `bad-profile` with line and column of everything that is wrong
 */
export function readLogProfile(bytes: Uint8Array, fileName: string): LogProfile {
  const issues = new Issues(fileName);
  const profile: Record<string, unknown> = {};
  const fields: Record<string, string> = {};
  const report = (place: Place, what: string, next?: string): void => issues.report(place, [], what, next);
  const unknown = (name: string, known: readonly string[], place: Place): void => {
    const near = suggest(name, known);
    const next = near === undefined ? `Known are ${known.join(', ')}` : `Did you mean ${near}?`;
    report(place, `${quoteText(name)} is not known here`, next);
  };
  const readFields = (tree: MapTree): void => {
    for (const [name, { keyPlace, value }] of tree.entries) {
      if (!(fieldNames as readonly string[]).includes(name)) unknown(name, fieldNames, keyPlace);
      else if (value.kind !== 'scalar' || typeof value.value !== 'string')
        report(value.place, `${name} is not the name of a field`);
      else fields[name] = value.value;
    }
  };
  const readEntry = (name: string, keyPlace: Place, value: Tree): void => {
    const scalar = value.kind === 'scalar' ? value.value : undefined;
    if (name === 'fields') {
      if (value.kind === 'map') readFields(value);
      else report(value.place, 'fields is not a section');
    } else if ((switchNames as readonly string[]).includes(name)) {
      if (typeof scalar === 'boolean') profile[name] = scalar;
      else report(value.place, `${name} is neither true nor false`);
    } else if ((numberNames as readonly string[]).includes(name)) {
      if (typeof scalar === 'number' && Number.isSafeInteger(scalar) && scalar >= 0) profile[name] = scalar;
      else report(value.place, `${name} is not a whole number`);
    } else if (!(textNames as readonly string[]).includes(name)) {
      unknown(name, ['fields', ...switchNames, ...numberNames, ...textNames], keyPlace);
    }
  };
  const tree = readYaml(bytes, issues);
  if (tree?.kind === 'map') {
    for (const [name, { keyPlace, value }] of tree.entries) readEntry(name, keyPlace, value);
  } else if (tree !== undefined) {
    report(tree.place, 'a profile is a section', 'Begin with fields:');
  }
  issues.throwIfAny('bad-profile');
  return { ...profile, fields };
}
