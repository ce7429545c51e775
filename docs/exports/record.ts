/**
 * Records what every package exports, and prints what changed. With `--released`, which only the script `version` uses,
 * it also records that this is what the next release has.
 */
import { readExports } from './exports.ts';
import { compare, readRecord, writeRecord } from './record-files.ts';
import { digest, writeReleased } from './released.ts';
import { readSignatures } from './signatures.ts';

const signatures = readSignatures();
const present = {
  'recorded.txt': readExports(),
  'signatures.txt': Object.fromEntries([...signatures].map(([name, { own }]) => [name, own])),
} as const;

for (const file of ['recorded.txt', 'signatures.txt'] as const) {
  const changes = compare(readRecord(file), present[file]);
  writeRecord(file, present[file]);
  for (const change of changes) process.stdout.write(`${change}\n`);
  process.stdout.write(`docs/exports/${file}: ${changes.length} changes\n`);
}
if (process.argv.includes('--released')) {
  writeReleased(Object.fromEntries([...signatures].map(([name, each]) => [name, digest(each)])));
}
