import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** Whose notes. A subject means nothing without its issuer. */
export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

interface Note {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Notes by owner. Nobody can reach, or learn of, a note of somebody else. */
export interface NoteStore {
  list(owner: Owner): readonly Pick<Note, 'id' | 'title'>[];
  read(owner: Owner, id: string): Note | undefined;
  write(owner: Owner, note: Pick<Note, 'title' | 'text'>): Note;
  delete(owner: Owner, id: string): boolean;
  close(): void;
}

/** @param path A file, or `:memory:` for notes that end with the process. */
export function openNoteStore(path: string): NoteStore {
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE IF NOT EXISTS notes (
      id TEXT PRIMARY KEY,
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      title TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS notes_by_owner ON notes (issuer, subject);
  `);
  const mine = 'issuer = ? AND subject = ?';
  const list = database.prepare(`SELECT id, title FROM notes WHERE ${mine} ORDER BY rowid`);
  const read = database.prepare(`SELECT id, title, text FROM notes WHERE ${mine} AND id = ?`);
  const insert = database.prepare('INSERT INTO notes VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare(`DELETE FROM notes WHERE ${mine} AND id = ?`);

  return {
    list: ({ issuer, subject }) =>
      list.all(issuer, subject).map(({ id, title }) => ({ id: String(id), title: String(title) })),

    read({ issuer, subject }, id) {
      const row = read.get(issuer, subject, id);
      return (
        row && { id: String(row['id']), title: String(row['title']), text: String(row['text']) }
      );
    },

    write({ issuer, subject }, { title, text }) {
      const id = randomUUID();
      insert.run(id, issuer, subject, title, text);
      return { id, title, text };
    },

    delete: ({ issuer, subject }, id) => remove.run(issuer, subject, id).changes > 0,

    close: () => database.close(),
  };
}
