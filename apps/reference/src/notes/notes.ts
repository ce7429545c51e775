import { DatabaseSync } from 'node:sqlite';
import { NoteStoreError } from './note-fault.ts';
import { makeNoteId } from './note-id.ts';
import { defaultQuota, longestPage, type NoteQuota } from './note-quota.ts';
import { untilFree } from './until-free.ts';

/** The owner of notes. A subject is unique only together with its issuer. */
export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

/** One note. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Which part of a list. */
export interface PageRequest {
  /** The `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
  /** Most notes of the page, 1 to 100. Default 100. */
  readonly limit?: number | undefined;
}

/** One part of a list, in the order of writing. */
export interface NotePage {
  readonly notes: readonly Pick<Note, 'id' | 'title'>[];
  /** Present where there are more. */
  readonly nextCursor?: string;
}

/**
 * Notes by owner. An owner cannot read another owner's notes, or learn that they exist. Several processes
 * may share one file or database. Every method rejects with a `NoteStoreError`.
 */
export interface NoteStore {
  list(owner: Owner, page?: PageRequest): Promise<NotePage>;
  read(owner: Owner, id: string): Promise<Note | undefined>;
  write(owner: Owner, note: Pick<Note, 'title' | 'text'>): Promise<Note>;
  delete(owner: Owner, id: string): Promise<boolean>;
  close(): void | Promise<void>;
}

/**
 * @param path A file on a local disk, or `:memory:` for notes that end with the process.
 * @throws {NoteStoreError} When it cannot be opened.
 */
export async function openNoteStore(
  path: string,
  quota: NoteQuota = defaultQuota,
): Promise<NoteStore> {
  const database = await untilFree(() => new DatabaseSync(path));
  try {
    await untilFree(() => prepareDatabase(database, quota));
  } catch (error) {
    database.close();
    throw error;
  }
  const mine = 'issuer = ? AND subject = ?';
  const list = database.prepare(
    `SELECT id, title FROM notes WHERE ${mine} AND id > ? ORDER BY id LIMIT ?`,
  );
  const read = database.prepare(`SELECT id, title, text FROM notes WHERE ${mine} AND id = ?`);
  const count = `SELECT count(*) FROM notes WHERE ${mine}`;
  const bytes = `SELECT coalesce(sum(octet_length(title) + octet_length(text)), 0) FROM notes WHERE ${mine}`;
  const isFull = database.prepare(`SELECT (${count}) >= ? AS full`);
  // One statement, so that two processes cannot pass the limit together.
  const insert = database.prepare(
    `INSERT INTO notes (id, issuer, subject, title, text) SELECT ?, ?, ?, ?, ? WHERE (${count}) < ? AND (${bytes}) + ? <= ?`,
  );
  const remove = database.prepare(`DELETE FROM notes WHERE ${mine} AND id = ?`);

  return {
    list: ({ issuer, subject }, { cursor = '', limit = longestPage } = {}) =>
      untilFree(() => {
        const size = Math.max(1, Math.min(limit, longestPage));
        const rows = list.all(issuer, subject, cursor, size + 1);
        const notes = rows
          .slice(0, size)
          .map(({ id, title }) => ({ id: String(id), title: String(title) }));
        const last = notes.at(-1);
        return rows.length > size && last ? { notes, nextCursor: last.id } : { notes };
      }),

    read: ({ issuer, subject }, id) =>
      untilFree(() => {
        const row = read.get(issuer, subject, id);
        return (
          row && { id: String(row['id']), title: String(row['title']), text: String(row['text']) }
        );
      }),

    write: ({ issuer, subject }, { title, text }) =>
      untilFree(() => {
        const id = makeNoteId();
        const size = Buffer.byteLength(title) + Buffer.byteLength(text);
        const owner = [issuer, subject] as const;
        const { notesPerOwner, bytesPerOwner } = quota;
        const values = [id, ...owner, title, text] as const;
        const limits = [...owner, notesPerOwner, ...owner, size, bytesPerOwner] as const;
        if (insert.run(...values, ...limits).changes > 0) return { id, title, text };
        const { full } = isFull.get(...owner, notesPerOwner) ?? {};
        throw new NoteStoreError(full === 1 ? 'quota_notes' : 'quota_bytes');
      }),

    delete: ({ issuer, subject }, id) =>
      untilFree(() => remove.run(issuer, subject, id).changes > 0),

    close: () => database.close(),
  };
}

function prepareDatabase(database: DatabaseSync, { totalBytes }: NoteQuota): void {
  // Readers and one writer do not wait for each other. A crash loses no confirmed note.
  database.exec(`
    PRAGMA busy_timeout = 0;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS notes (
      id TEXT PRIMARY KEY,
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      title TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS notes_by_owner_and_id ON notes (issuer, subject, id);
    DROP INDEX IF EXISTS notes_by_owner;
  `);
  const { page_size: pageSize } = database.prepare('PRAGMA page_size').get() ?? {};
  database.exec(`PRAGMA max_page_count = ${Math.floor(totalBytes / Number(pageSize))}`);
}
