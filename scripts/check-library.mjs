/**
 * Is the package that we would publish a library? Imports it by its name, as a user's program does, from the compiled files and not from the
 * sources that the tests run, and has it do something.
 */
import assert from 'node:assert/strict';

const library = await import('mesh-toolkit');
for (const [name, value] of Object.entries(library))
  assert.notEqual(value, undefined, `${name} is undefined`);
const text = 'version: 1\nstopTime: 3s\nnodes: { count: 8 }\nworkload: [ { broadcast: {}, every: 1s } ]\n';
const result = await library.simulate(text);
assert.equal(result.metrics.totalNodes, 8);
assert.equal(result.status, 'passed');
console.log(`mesh-toolkit: ${Object.keys(library).length} names, and a network of 8 nodes`);
