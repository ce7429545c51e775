/** From `NOTES_DATABASE` to a store. */
import { ConfigError } from '@sallyport/core';
import type { NoteStoreError } from './note-fault.ts';
import { type NoteStore, openNoteStore } from './notes.ts';
import type { NotesListener } from './postgres-notes.ts';

const variable = 'NOTES_DATABASE';

/**
 * Opens the store of notes: a file for SQLite, or a database of PostgreSQL by its URL.
 *
 * @param place The variable's text. Default: memory.
 * @param onEvent Receives an event when PostgreSQL cannot be reached at the start.
 * @throws {ConfigError} When another start would fail as well.
 */
export async function openNotes(
  place: string | undefined,
  onEvent: NotesListener,
): Promise<NoteStore> {
  const path = place?.trim() || ':memory:';
  if (/^postgres(?:ql)?:/i.test(path)) {
    // The client is loaded only where it is used.
    const { openPostgresNotes } = await import('./postgres-notes.ts');
    return openPostgresNotes(variable, path, onEvent);
  }
  try {
    return await openNoteStore(path);
  } catch (error) {
    const { fault } = error as NoteStoreError;
    if (fault === 'busy') throw error;
    throw new ConfigError(
      variable,
      'must be a file on a local disk that this user may write, in a directory that exists, or a postgres:// URL',
    );
  }
}
