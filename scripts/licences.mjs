/** Gathers the licence texts of all packages that ended up in a bundle, as their licences ask. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fromRoot } from './paths.mjs';

/**
 * @param {string[]} inputs paths of bundled files, relative to the root
 * @returns {Promise<string>} one section a package, sorted by name
 */
export async function licenceTexts(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const sections = await Promise.all([...folders].sort().map((folder) => section(fromRoot(folder))));
  return `The program bundles the following packages.\n\n${sections.join('\n')}`;
}

/** @param {string} folder */
async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${(await readFile(path.join(folder, file), 'utf8')).trim()}\n`;
  return `--- ${name} ${version} (${license})\n${text}`;
}
