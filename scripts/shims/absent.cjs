/** A package that the bundle does without. Whoever does use it hears so, instead of a riddle. */
'use strict';

module.exports = new Proxy(
  {},
  {
    get(_, name) {
      throw new Error(`the bundle does without ${String(name)}; see scripts/lean-framework.mjs`);
    },
  },
);
