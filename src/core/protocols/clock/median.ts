/**
 * The median clock: follow the middle of all claims that were heard. It bears any minority of liars among those who speak, and is slow to
 * follow those who are right and few.
 */
import { cautiousClock } from '../../parts/cautious-clock.js';

export const median = cautiousClock({
  name: 'median',
  summary: 'follow the middle of all claims that were heard',
  knobs: {},
  hears: 'everybody',
  caution: () => ({
    // The lower of two middles: of an even number of claims, the smaller half decides.
    supported: (sorted) => sorted[Math.floor(sorted.length / 2)],
    // Once everybody has been heard: of floor(n/2) + 1 who claim as much, one is honest.
    faultsBorne: (voices) => Math.floor(voices / 2),
  }),
});
