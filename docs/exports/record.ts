/** Records what every package exports, and prints what changed. */
import { writeFileSync } from 'node:fs';
import { compare, readExports, readRecord, writeRecord } from './exports.ts';

const exports = readExports();
const changes = compare(readRecord(), exports);

writeFileSync(new URL('recorded.txt', import.meta.url), writeRecord(exports));
for (const change of changes) process.stdout.write(`${change}\n`);
process.stdout.write(`docs/exports/recorded.txt: ${changes.length} changes\n`);
