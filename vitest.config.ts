/** Tests live in test/<folder of src>/<name>.test.ts. Those that start processes need a build: `npm test` makes one. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Examples import the library by its name; tests run the sources.
  resolve: { alias: { 'mesh-toolkit': fileURLToPath(new URL('src/core/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    // Else the output of commands that run in the test's own process is swallowed.
    disableConsoleIntercept: true,
    // One for each core: the usual one less is a single one on a machine with two cores.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
