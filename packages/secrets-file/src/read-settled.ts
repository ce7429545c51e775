import { setTimeout as sleep } from 'node:timers/promises';
import { type FileReading, type FileText, readSecretFile } from './read-secret-file.ts';

const pauseMs = 100;
const attempts = 10;
// A file that was last written longer ago is complete.
const freshMs = 2_000;

/**
 * Reads a file that a program may be writing (CASE-65): a text that is new is read again after 100 ms, until
 * two readings are equal.
 *
 * A file that a link leads to is replaced as a whole, as Kubernetes does, so one reading is enough. A writer
 * that pauses for longer than 100 ms can still be read half-way: it must replace the file by a rename.
 *
 * @param before What was read last.
 */
export async function readSettled(
  directory: string,
  name: string,
  before: FileText | undefined,
): Promise<FileReading> {
  let last = await readSecretFile(directory, name);
  if (!('text' in last) || isComplete(last, before)) return last;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await sleep(pauseMs, undefined, { ref: false });
    const next = await readSecretFile(directory, name);
    if (!('text' in next) || isSame(next, last)) return next;
    last = next;
  }
  return { fault: 'unreadable', detail: 'it changes all the time: replace it by a rename' };
}

function isComplete(reading: FileText, before: FileText | undefined): boolean {
  if (before !== undefined && isSame(reading, before)) return true;
  if (reading.isLinked && reading.identity !== before?.identity) return true;
  return before === undefined && Math.abs(Date.now() - reading.writtenAt) > freshMs;
}

function isSame(one: FileText, other: FileText): boolean {
  return (
    one.text === other.text &&
    one.identity === other.identity &&
    one.writtenAt === other.writtenAt &&
    one.storedBytes === other.storedBytes
  );
}
