/** How many columns a text takes. Plain letters need no table of emoji, whose expression alone takes milliseconds. */
'use strict';

const anyText = require('string-width');

module.exports = (text) =>
  typeof text === 'string' && /^[\x20-\x7e]*$/.test(text) ? text.length : anyText(text);
