import { setTimeout as sleep } from 'node:timers/promises';
import { toNoteStoreError } from './note-fault.ts';

const longestWaitMs = 2_000;
const stepMs = 5;

/**
 * Retries while another process holds the database. SQLite's own wait would block every other request
 * of this process.
 *
 * @throws {NoteStoreError} `busy` after 2 seconds, and at once for every other fault.
 */
export async function untilFree<Value>(work: () => Value): Promise<Value> {
  const end = performance.now() + longestWaitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const failure = toNoteStoreError(error);
      if (failure.fault !== 'busy' || performance.now() >= end) throw failure;
    }
    await sleep(stepMs * (1 + Math.random()));
  }
}
