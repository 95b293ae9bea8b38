/** Fills the tables of docs/scenario.md and writes docs/scenario.schema.json. Run: npx tsx scripts/docs-scenario.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { fillDocs, scenarioDocs } from '../src/core/scenario/docs.js';
import { scenarioSchema } from '../src/core/scenario/json-schema.js';
import { fullVocabulary } from '../src/core/scenario/vocabulary.js';

const docs = new URL('../docs/scenario.md', import.meta.url);
const schema = new URL('../docs/scenario.schema.json', import.meta.url);
writeFileSync(docs, fillDocs(readFileSync(docs, 'utf8'), scenarioDocs(fullVocabulary)));
writeFileSync(
  schema,
  await format(JSON.stringify(scenarioSchema(fullVocabulary)), { parser: 'json', printWidth: 110 }),
);
