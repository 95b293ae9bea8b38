/** Knobs that several adversaries have in common, with one story each. */
import { knobs } from '../base/knobs.js';
import { keyHoldings } from '../model/fault.js';

const keysDoc =
  'What the liar can sign with, where `authentication` is on. `insider`: the keys of its node, which is the group key with hmac (it can speak for anybody) and its own pair with ed25519. `outsider`: none.';

export const insiderKnobs = knobs({
  keys: { kind: 'choice', words: keyHoldings, default: 'insider', doc: keysDoc },
});
export const outsiderKnobs = knobs({
  keys: { kind: 'choice', words: keyHoldings, default: 'outsider', doc: keysDoc },
});
export const ratioKnobs = knobs({
  ratio: {
    kind: 'ratio',
    default: 1,
    doc: 'The share of the messages concerned, each by a draw of its own.',
  },
});
