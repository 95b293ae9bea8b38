#!/usr/bin/env node
// Runs the sources as they are, through tsx: `node bin/dev.js pattern --seed 7`. Slow to start, nothing to build.
'use strict';
const path = require('node:path');
const { tsImport } = require('tsx/esm/api');

const root = path.join(__dirname, '..');
tsImport('../src/commands/main.ts', __filename).then(({ main }) =>
  main({ root, pjson: require('../package.json') }, process.argv.slice(2)),
);
