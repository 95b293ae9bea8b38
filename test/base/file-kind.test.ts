/** Files are told by what their own formats promise: signatures from RFC 1952, RFC 8878, APPNOTE and the docs of our traces. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fileKind } from '../../src/core/base/file-kind.js';
import { magic } from '../../src/core/trace/format.js';

it.each<[Uint8Array, string | undefined]>([
  [gzipSync('version: 1'), 'gzip-compressed'],
  [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), 'Zstandard-compressed'],
  [Buffer.from('PK\x03\x04'), 'a ZIP archive'],
  [Buffer.from('BZh91AY'), 'bzip2-compressed'],
  [Buffer.from('\ufeffversion: 1', 'utf16le'), 'UTF-16'],
  [Buffer.from('version: 1', 'utf16le'), 'UTF-16'],
  [magic, 'a trace of mesh simulate --record'],
  [Buffer.from('version: 1'), undefined],
  [Buffer.from('\ufeffversion: 1'), undefined],
  [Buffer.from(''), undefined],
])('%#', (bytes, name) => {
  expect(fileKind(bytes)?.name).toBe(name);
});
