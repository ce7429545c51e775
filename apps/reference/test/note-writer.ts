/** A process for one test: `note-writer.ts <file> <subject> <count>` writes notes, and says how it went. */
import { openNoteStore } from '../src/notes/notes.ts';

const [, , path = '', subject = '', count = '0'] = process.argv;
const failed: Record<string, number> = {};
let written = 0;
const store = await openNoteStore(path);
for (let index = 0; index < Number(count); index += 1) {
  try {
    await store.write({ issuer: 'https://a.example', subject }, { title: 'a', text: 'b' });
    written += 1;
  } catch (error) {
    const { fault } = error as { fault: string };
    failed[fault] = (failed[fault] ?? 0) + 1;
  }
}
await store.close();
process.stdout.write(JSON.stringify({ written, failed }));
