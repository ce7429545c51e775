import { randomUUID } from 'node:crypto';

/** Makes an id that sorts by the time of writing, and cannot be guessed. */
export function makeNoteId(): string {
  return `${Date.now().toString(16).padStart(12, '0')}-${randomUUID()}`;
}
