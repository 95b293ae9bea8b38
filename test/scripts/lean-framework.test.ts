/** The bundle leaves out much of the framework; whoever reads its help must not notice. `bin/dev.js` runs it untouched. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.js';
import { repositoryRoot, runMesh } from '../helpers/run-mesh.js';

const untouched = path.join(repositoryRoot, 'bin', 'dev.js');

describe('the bundled framework', () => {
  it.each<[line: string, colour?: string]>([
    ['--help'],
    ...Object.keys(commands).map((name) => [`${name} --help`]),
    ['pattern --help', '1'],
    ['pattern --steps'],
    ['pattern one two --sed 7 --bogus'],
    ['observe --workers x'],
    ['patern'],
  ])('says what the whole framework says: mesh %s', async (line, colour) => {
    const words = line.split(' ');
    const env = { FORCE_COLOR: colour, MESH_CODE_CACHE: 'off' };
    const whole = await runMesh(words, { entry: untouched, env });
    expect(await runMesh(words, { env })).toEqual(whole);
    expect(whole.stdout + whole.stderr).not.toBe('');
  });
});
