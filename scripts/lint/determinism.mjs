/**
 * A lint rule: code whose results must repeat on every machine may not look at the world. No clock, no dice, no locale, no
 * terminal; and no arithmetic whose last digit the language leaves to the engine. Of `Math` only exact functions remain,
 * and the rest of the world arrives as arguments.
 */

/** Exactly specified, so the same everywhere. */
const exactMath = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'trunc'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
]);

/** Globals that reach the world, with what to use instead. */
const worldly = new Map([
  ['performance', 'take a clock as an argument'],
  ['process', 'take what you need as an argument'],
  ['console', 'return a value; cli prints'],
  ['Intl', 'format by hand, in no locale'],
  ['crypto', 'draw from base/random'],
  ['fetch', 'core has no network'],
  ['setTimeout', 'use the host’s timers'],
  ['setInterval', 'use the host’s timers'],
  ['setImmediate', 'use the host’s timers'],
  ['queueMicrotask', 'use the host’s timers'],
  ['WeakRef', 'the garbage collector keeps no order'],
  ['FinalizationRegistry', 'the garbage collector keeps no order'],
  ['globalThis', 'name what you need'],
  ['global', 'name what you need'],
]);

/** Methods that depend on locale or time zone. */
const localMethod =
  /^(?:toLocale\w+|localeCompare|toDateString|toTimeString|getTimezoneOffset|[gs]et(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds))$/;

/** @param {import('estree').MemberExpression} node @returns {string | undefined} */
function memberName(node) {
  const { property, computed } = node;
  if (!computed && property.type === 'Identifier') return property.name;
  return property.type === 'Literal' ? String(property.value) : undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const determinism = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid clocks, chance, locales and inexact arithmetic' },
    messages: {
      world: '{{name}} reaches out of the program: {{instead}}.',
      clock: 'The time of day is not for core: take a clock as an argument.',
      chance: 'Chance comes from base/random, so that a run can be repeated.',
      inexact: '{{name}} may differ in the last digit between engines: use base/math.',
      local: '{{name}} depends on the locale or time zone.',
      evasion: 'Math and Date are only for direct use, so that this rule can see what is used.',
    },
    schema: [],
  },
  create(context) {
    /** @param {import('estree').Node & {parent: import('estree').Node}} node */
    function checkMath(node) {
      const { parent } = node;
      const name =
        parent.type === 'MemberExpression' && parent.object === node ? memberName(parent) : undefined;
      if (name === undefined) context.report({ node, messageId: 'evasion' });
      else if (name === 'random') context.report({ node: parent, messageId: 'chance' });
      else if (!exactMath.has(name)) {
        context.report({ node: parent, messageId: 'inexact', data: { name: `Math.${name}` } });
      }
    }

    /** @param {import('estree').Node & {parent: import('estree').Node}} node */
    function checkDate(node) {
      const { parent } = node;
      // A date made of a given moment, or of numbers in UTC, is arithmetic.
      const made = parent.type === 'NewExpression' && parent.callee === node && parent.arguments.length > 0;
      const utc =
        parent.type === 'MemberExpression' && parent.object === node && memberName(parent) === 'UTC';
      if (!made && !utc) context.report({ node: parent, messageId: 'clock' });
    }

    return {
      Program(node) {
        const scope = context.sourceCode.getScope(node);
        const globals = scope.set;
        const references = [
          ...scope.through,
          ...[...globals.values()]
            .filter(({ defs }) => defs.length === 0)
            .flatMap(({ references }) => references),
        ];
        for (const { identifier, isTypeReference } of /** @type {any[]} */ (references)) {
          if (isTypeReference === true) continue;
          const { name } = identifier;
          const instead = worldly.get(name);
          if (name === 'Math') checkMath(identifier);
          else if (name === 'Date') checkDate(identifier);
          else if (instead !== undefined) {
            context.report({ node: identifier, messageId: 'world', data: { name, instead } });
          }
        }
      },
      MemberExpression(node) {
        const name = memberName(node);
        if (name !== undefined && localMethod.test(name)) {
          context.report({ node, messageId: 'local', data: { name } });
        }
      },
      'BinaryExpression[operator="**"]'(/** @type {any} */ node) {
        // Powers of two are exact when they are written down.
        if (node.left.value === 2 && Number.isInteger(node.right.value)) return;
        context.report({ node, messageId: 'inexact', data: { name: 'The ** operator' } });
      },
      'AssignmentExpression[operator="**="]'(/** @type {any} */ node) {
        context.report({ node, messageId: 'inexact', data: { name: 'The **= operator' } });
      },
    };
  },
};
