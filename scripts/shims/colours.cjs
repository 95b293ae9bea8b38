/** The framework may colour its help as it likes: src/cli/help.ts takes the colours off again where none are wanted. */
'use strict';

const colours = { level: 1, hasBasic: true, has256: false, has16m: false };
module.exports = { stdout: colours, stderr: colours, supportsColor: () => colours };
