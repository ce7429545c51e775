/** A process for one test: `note-writer.ts <file> <subject> <count>` writes notes, and says how it went. It stops at the first fault. */
import { openNoteStore } from '../src/notes/notes.ts';

const [, , path = '', subject = '', count = '0'] = process.argv;
const failed: Record<string, number> = {};
let written = 0;
const store = await openNoteStore(path);
while (written < Number(count)) {
  try {
    await store.write({ issuer: 'https://a.example', subject }, { title: 'a', text: 'b' });
    written += 1;
  } catch (error) {
    const { fault } = error as { fault: string };
    // The other writers hold the file for longer on a busy machine. The answer asks to try again.
    if (fault === 'busy') continue;
    failed[fault] = (failed[fault] ?? 0) + 1;
    break;
  }
}
await store.close();
process.stdout.write(JSON.stringify({ written, failed }));
