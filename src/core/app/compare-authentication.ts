/**
 * `mesh simulate --compare-authentication`: the same scenario without signatures, with a group key and with key pairs, and each time with
 * liars that hold the keys of their node and with liars that hold none. What the pattern sees stands beside it, in its own column.
 */
import type { Experiment } from '../model/experiment.js';
import { keyHoldings, type KeyHolding } from '../model/fault.js';
import type { AuthenticationComparison, ComparisonRow } from '../model/result.js';
import { Simulation } from '../sim/simulation.js';
import { resultOf } from '../sim/result.js';
import { drive, openScenario, type ScenarioRequest } from './simulate.js';
import { UserError } from '../base/errors.js';

const schemes = ['none', 'hmac', 'ed25519'] as const;

function withKeys(experiment: Experiment, keys: KeyHolding): Experiment {
  const adversaries = experiment.adversaries.map((liar) =>
    'keys' in liar.kind.knobs ? { ...liar, parameters: { ...liar.parameters, keys } } : liar,
  );
  return { ...experiment, adversaries };
}

/** @throws UserError for whatever is wrong with the scenario, or when nobody lies in it */
export async function compareAuthentication(
  request: ScenarioRequest & { readonly signal?: AbortSignal },
): Promise<AuthenticationComparison> {
  const first = openScenario(request);
  if (first.experiment.adversaries.length === 0) {
    throw new UserError('bad-scenario', {
      place: '--compare-authentication',
      what: 'the scenario has no adversaries, so there is nothing to detect',
      next: 'Add some, see docs/adversaries.md.',
    });
  }
  if (first.sweep !== undefined) {
    throw new UserError('bad-flag', {
      place: '--compare-authentication',
      what: 'it compares runs of one variant, and there is a sweep',
      next: 'Pass --set sweep=null.',
    });
  }
  const again = { ...request, text: first.text };
  const rows: ComparisonRow[] = [];
  let interrupted = false;
  for (const keys of keyHoldings) {
    const found = first.experiment.adversaries.map(({ id, kind }) => ({
      id,
      kind: kind.name,
      keys,
      reached: 0,
      pattern: null as number | null,
      none: null as number | null,
      hmac: null as number | null,
      ed25519: null as number | null,
    }));
    for (const scheme of schemes) {
      const set = [...(request.set ?? []), `authentication=${scheme}`];
      const simulation = new Simulation(withKeys(openScenario({ ...again, set }).experiment, keys));
      await drive(simulation, { signal: request.signal });
      interrupted ||= !simulation.finished;
      resultOf(simulation).detection.adversaries.forEach((row, index) => {
        const line = found[index];
        const seenBy = (check: string): number | null =>
          row.reached === 0 ? null : (row.checks[check]?.detected ?? 0) / row.reached;
        line[scheme] = scheme === 'none' ? row.detectionRate : seenBy('bad-signature');
        if (scheme !== 'none') return;
        line.reached = row.reached;
        line.pattern = seenBy('pattern-mismatch');
      });
    }
    rows.push(...found);
  }
  const { name, seed } = first.experiment;
  return { scenario: name, seed, interrupted, rows };
}
