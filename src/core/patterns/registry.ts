/** All patterns, in the order in which lists show them. A new one is a file beside this one and a line here. */
import { Registry } from '../base/registry.js';
import type { Pattern } from '../model/pattern.js';
import { digitCollapse } from './digit-collapse.js';
import { hmacPattern } from './hmac.js';

export const patterns = new Registry<Pattern>('pattern', [digitCollapse, hmacPattern]);
