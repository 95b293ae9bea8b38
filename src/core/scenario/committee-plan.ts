/**
 * Who speaks for the step in a network that is too large for everybody to. Drawn here, before the run, so that the scenario can name the
 * members (`role: committee`): in the workload, or as the ones that lie.
 */
import { formatCount } from '../base/units.js';
import { drawCommittee } from '../parts/committee.js';
import type { Issues } from './issues.js';
import { slotSections, type ScenarioSpec, type SlotSpec } from './language.js';

const { key } = slotSections.clock;

/** @returns addresses, ascending; undefined when everybody's claims count, or when something is wrong with the committee */
export function planCommittee(spec: ScenarioSpec, nodeCount: number, issues: Issues): Int32Array | undefined {
  const clock = spec[key] as SlotSpec | undefined;
  if (clock === undefined || clock === 'none') return undefined;
  const { entry, parameters } = clock;
  const size = entry.committeeSize?.(nodeCount, parameters as never);
  if (size === undefined) return undefined;
  const before = issues.count;
  if (size > nodeCount)
    issues.reportAt(
      [key, 'committee'],
      `a committee of ${formatCount(size)} cannot be drawn from ${formatCount(nodeCount)} nodes`,
      'Make it smaller, or leave it out where everybody is to be heard',
    );
  else if (typeof parameters.f === 'number' && parameters.f >= size)
    issues.reportAt(
      [key, 'f'],
      `a clock would wait for ${formatCount(parameters.f + 1)} voices, and the committee has ${formatCount(size)}`,
      'Make f smaller than the committee',
    );
  if (spec.authentication === 'none')
    issues.reportAt(
      [key],
      `a committee of ${formatCount(size)} speaks for ${formatCount(nodeCount)} nodes, and without signatures anybody can speak for it`,
      'Set authentication to ed25519 or hmac, or the rule to local',
    );
  return issues.count > before ? undefined : drawCommittee(spec.seed, nodeCount, size);
}

/** The clock section with the size of the committee written out. */
export function withCommittee(
  spec: ScenarioSpec,
  committee: Int32Array | undefined,
): Readonly<Record<string, SlotSpec>> {
  const clock = spec[key] as SlotSpec | undefined;
  if (committee === undefined || clock === undefined || clock === 'none') return {};
  return { [key]: { ...clock, parameters: { ...clock.parameters, committee: committee.length } } };
}
