/**
 * A small copy of the program with commands of a test's own: the same door, the same bundling, in a temporary folder.
 * `const program = await fixtureProgram(entry)` and then `runMesh(words, { entry: program.entry })`.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleProgram } from '../../scripts/bundle.mjs';
import { repositoryRoot } from './run-mesh.js';

export interface FixtureProgram {
  /** What to run instead of bin/run.js. */
  readonly entry: string;
  /** The folder of everything. */
  readonly root: string;
  remove(): Promise<void>;
}

/** @param commandsFile path, relative to the repository, of a module that exports `fixtureCommands` */
export async function fixtureProgram(commandsFile: string): Promise<FixtureProgram> {
  const root = await mkdtemp(path.join(tmpdir(), 'mesh-fixture-'));
  await mkdir(path.join(root, 'bin'));
  for (const file of ['run.js', 'package.json']) {
    await copyFile(path.join(repositoryRoot, 'bin', file), path.join(root, 'bin', file));
  }
  const pjson = {
    name: 'fixture',
    version: '1.2.3',
    description: 'A program for tests.',
    oclif: { bin: 'mesh', topicSeparator: ' ' },
  };
  await bundleProgram(
    path.join(root, 'dist', 'cli'),
    `import { main } from './src/cli/main.ts';
     import { fixtureCommands } from './${commandsFile}';
     export const commands = fixtureCommands;
     export const start = (root, words) => main(commands, { root, pjson: ${JSON.stringify(pjson)} }, words);`,
  );
  return {
    entry: path.join(root, 'bin', 'run.js'),
    root,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
