/** Plug-ins from the command line: modules whose exports join the vocabulary of the scenario language. */
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { loadModule } from '../io/modules.js';
import { listNames, withAdditions, type Additions } from '../scenario/additions.js';
import { fullVocabulary, type Vocabulary } from '../scenario/vocabulary.js';

/**
 * @param paths of modules that export lists such as `protocols`, by name or in a default export
 * @throws UserError `bad-plugin`
 */
export async function pluginVocabulary(paths: readonly string[] = []): Promise<Vocabulary> {
  let vocabulary = fullVocabulary;
  for (const path of paths) {
    const module = await loadModule(path);
    const exported = typeof module.default === 'object' && module.default !== null ? module.default : {};
    const additions = { ...exported, ...module } as Additions;
    if (listNames.every((list) => additions[list] === undefined)) {
      throw new UserError('bad-plugin', {
        place: showText(path),
        what: 'it brings nothing',
        expected: `an export called ${listNames.join(', ')}`,
        next: 'See examples/plugin.',
      });
    }
    vocabulary = withAdditions(vocabulary, additions, path);
  }
  return vocabulary;
}
