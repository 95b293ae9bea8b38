/** docs/errors.md is the table of errors in words; after a change of the table, `npx vitest run test/docs/errors.test.ts -u` writes it anew. */
import { expect, it } from 'vitest';
import { errorTable, type ErrorRow } from '../../src/core/base/errors.js';

it('docs/errors.md says what the table says', async () => {
  const rows = Object.entries(errorTable as Record<string, ErrorRow>).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(
    ([code, { exitCode, meaning, nextStep, nothingHappened }]) =>
      `- \`${code}\` (exit ${exitCode}, ${nothingHappened ? 'nothing was done' : 'something may have been done'}): ${meaning}. ${nextStep[0].toUpperCase()}${nextStep.slice(1)}.`,
  );
  const page = [
    '# Errors',
    '',
    'Every mishap that a user, a file or a peer can cause has a code. With `--json` it stands in `error.code`; the exit code is a promise to scripts.',
    '',
    ...lines,
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/errors.md');
});
