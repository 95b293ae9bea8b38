/** A thread of `mesh observe`: scans the stretches of a file that it is given and reports what stands in them. */
import { LineRangeReader } from '../io/line-range.js';
import { serve, task } from '../io/workers.js';
import { LineBlock, buffersOf } from '../parts/log-block.js';
import { NameTable } from '../parts/log-names.js';
import { LogScanner } from '../parts/log-scanner.js';
import { scanSettingsOf } from '../parts/log-validator.js';
import { validatorOptions } from './observe-options.js';
import {
  type PartOrder,
  type PartReport,
  type ScanTask,
  namesKept,
  unlimitedNames,
} from './observe-parts.js';

const { path, request, notesMax } = task<ScanTask>();
const settings = { ...scanSettingsOf(validatorOptions(request)), notesMax };
const reader = new LineRangeReader(path);
const names = new NameTable(unlimitedNames);
let part = new LineBlock();
const scanner = new LogScanner(settings, names, (block) => part.append(block));

serve<PartOrder, PartReport>(({ index, from, to, spent }) => {
  part = new LineBlock(spent === undefined ? undefined : 0);
  if (spent !== undefined) part.adopt(spent);
  const forgets = names.count > namesKept;
  if (forgets) names.clear();
  const before = names.count;
  scanner.begin(from === 0);
  let problem: string | null = null;
  try {
    reader.read(from, to, (piece) => scanner.push(piece));
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  scanner.end();
  const fresh = names.since(before);
  return {
    report: { index, forgets, names: fresh, part: { ...part }, problem },
    transfer: buffersOf(part),
  };
});
