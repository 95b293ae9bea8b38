/**
 * What a message is about. A template is a value with blanks: constants stay as they are, and the blanks are filled anew for each
 * message from the chance of its node. Numbers are rounded to as many decimals as they are worth, so that JSON stays short and the
 * same on every machine.
 */
import { normalQuantile } from './distributions.js';
import type { PayloadMaker } from '../model/workload.js';

export type PayloadTemplate =
  /** Any JSON value. */
  | { readonly kind: 'constant'; readonly value: unknown }
  | {
      readonly kind: 'object';
      readonly fields: readonly (readonly [name: string, template: PayloadTemplate])[];
    }
  | { readonly kind: 'list'; readonly items: readonly PayloadTemplate[] }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** [low, high) */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** [low, high], at most 2^32 values */
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly items: readonly PayloadTemplate[] }
  /** start + the message's number at its node */
  | { readonly kind: 'counter'; readonly start: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'bytes'; readonly sizeBytes: number };

/** More decimals than this say nothing. */
const decimalsMax = 12;

/**
 * Compiles a template. What the maker returns is frozen all through and must not be changed; a template without blanks gives the
 * same object every time.
 */
export function payloadMaker(template: PayloadTemplate): PayloadMaker {
  switch (template.kind) {
    case 'constant': {
      const value = deepFreeze(template.value);
      return () => value;
    }
    case 'object':
      return objectMaker(template.fields);
    case 'list': {
      const makers = template.items.map(payloadMaker);
      if (template.items.every(isConstant)) return constantly(makers.map((make) => make(noChance, 0, 0)));
      return (chance, step, sequence) => Object.freeze(makers.map((make) => make(chance, step, sequence)));
    }
    case 'normal': {
      const { mean, deviation } = template;
      const decimals = decimalsFor(deviation, 10);
      return (chance) => rounded(mean + deviation * normalQuantile(chance.ratio()), decimals);
    }
    case 'uniform': {
      const { low, high } = template;
      const decimals = decimalsFor(high - low, 1000);
      return (chance) => rounded(low + (high - low) * chance.ratio(), decimals);
    }
    case 'integer': {
      const { low, high } = template;
      return (chance) => low + chance.below(high - low + 1);
    }
    case 'choice': {
      const makers = template.items.map(payloadMaker);
      return (chance, step, sequence) => makers[chance.below(makers.length)](chance, step, sequence);
    }
    case 'counter': {
      const { start } = template;
      return (_chance, _step, sequence) => start + sequence;
    }
    case 'step':
      return (_chance, step) => step;
    case 'bytes': {
      const ballast = 'x'.repeat(template.sizeBytes);
      return () => ballast;
    }
  }
}

function isConstant(template: PayloadTemplate): boolean {
  if (template.kind === 'object') return template.fields.every(([, field]) => isConstant(field));
  if (template.kind === 'list') return template.items.every(isConstant);
  return template.kind === 'constant' || template.kind === 'bytes';
}

function objectMaker(fields: readonly (readonly [string, PayloadTemplate])[]): PayloadMaker {
  const makers = fields.map(([name, field]) => [name, payloadMaker(field)] as const);
  // `fromEntries` makes plain properties even of names such as __proto__.
  const build: PayloadMaker = (chance, step, sequence) =>
    Object.freeze(Object.fromEntries(makers.map(([name, make]) => [name, make(chance, step, sequence)])));
  return fields.every(([, field]) => isConstant(field)) ? constantly(build(noChance, 0, 0)) : build;
}

/** Between what whole numbers all that a template makes lies; undefined when it may make anything else. */
export function wholeBounds(
  template: PayloadTemplate,
): { readonly low: number; readonly high: number } | undefined {
  switch (template.kind) {
    case 'constant': {
      const { value } = template;
      return typeof value === 'number' && Number.isSafeInteger(value)
        ? { low: value, high: value }
        : undefined;
    }
    case 'integer':
      return { low: template.low, high: template.high };
    case 'counter':
      return { low: template.start, high: Number.MAX_SAFE_INTEGER };
    case 'choice': {
      let low = Infinity;
      let high = -Infinity;
      for (const item of template.items) {
        const bounds = wholeBounds(item);
        if (bounds === undefined) return undefined;
        low = Math.min(low, bounds.low);
        high = Math.max(high, bounds.high);
      }
      return { low, high };
    }
    default:
      return undefined;
  }
}

const noChance = { ratio: () => 0, below: () => 0 };

function constantly(value: unknown): PayloadMaker {
  const frozen = deepFreeze(value);
  return () => frozen;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** The fewest decimals with which `size` has `parts` steps or more. */
function decimalsFor(size: number, parts: number): number {
  let decimals = 0;
  for (let steps = size; steps > 0 && steps < parts && decimals < decimalsMax; decimals++) steps *= 10;
  return decimals;
}

function rounded(value: number, decimals: number): number {
  // toFixed is exact decimal arithmetic by the standard; adding 0 turns -0 into 0.
  return Number(value.toFixed(decimals)) + 0;
}
