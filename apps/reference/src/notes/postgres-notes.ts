/** Notes in PostgreSQL, for any number of instances. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@sallyport/core';
import pg from 'pg';
import { type NoteFault, NoteStoreError } from './note-fault.ts';
import { makeNoteId } from './note-id.ts';
import { defaultQuota, longestPage, type NoteQuota } from './note-quota.ts';
import type { NoteStore, Owner } from './notes.ts';
import { findStartProblem, toPostgresFault } from './postgres-fault.ts';
import { readPostgresUrl } from './postgres-url.ts';

/** PostgreSQL could not be reached at the start. No field has a part of its address. */
interface NotesUnavailable {
  readonly type: 'notes_unavailable';
  readonly reason: NoteFault;
  readonly [detail: string]: unknown;
}

/** Receives events. */
export type NotesListener = (event: NotesUnavailable) => void;

// For a connection, and for an answer: together less than the 8 seconds in which a server that stops finishes its requests.
const longestWaitMs = 3_000;
const longestCloseMs = 1_000;
const maximumConnections = 10;

// All texts are bytes: the type text refuses the character NUL, and its encoding is a setting of the database.
// One statement makes the tables, under a lock, so that instances can start together.
const createTables = `
  SELECT pg_advisory_xact_lock(7301849205518);
  CREATE TABLE IF NOT EXISTS sallyport_notes (
    id bytea PRIMARY KEY, owner bytea NOT NULL, title bytea NOT NULL, text bytea NOT NULL);
  CREATE INDEX IF NOT EXISTS sallyport_notes_by_owner ON sallyport_notes (owner, id);
  CREATE TABLE IF NOT EXISTS sallyport_note_owners (
    owner bytea PRIMARY KEY, notes bigint NOT NULL, bytes bigint NOT NULL);`;
// A user without the right to create tables may use those that are there.
const tablesExist = `SELECT to_regclass('sallyport_notes') IS NOT NULL
  AND to_regclass('sallyport_note_owners') IS NOT NULL AS exist`;

const list =
  'SELECT id, title FROM sallyport_notes WHERE owner = $1 AND id > $2 ORDER BY id LIMIT $3';
const read = 'SELECT title, text FROM sallyport_notes WHERE owner = $1 AND id = $2';
// The row of the owner is locked while it is changed, so that two instances cannot pass the limit together.
const write = `
  WITH counted AS (
    INSERT INTO sallyport_note_owners AS known (owner, notes, bytes)
    SELECT $2::bytea, 1, $5::bigint
    WHERE $6::bigint >= 1 AND $5 <= $7::bigint
      AND (SELECT coalesce(sum(bytes), 0) FROM sallyport_note_owners) + $5 <= $8::bigint
    ON CONFLICT (owner) DO UPDATE
    SET notes = known.notes + 1, bytes = known.bytes + excluded.bytes
    WHERE known.notes < $6 AND known.bytes + excluded.bytes <= $7
    RETURNING owner)
  INSERT INTO sallyport_notes (id, owner, title, text)
  SELECT $1::bytea, owner, $3::bytea, $4::bytea FROM counted`;
const usage = `
  SELECT coalesce(sum(notes) FILTER (WHERE owner = $1), 0) >= $2::bigint AS many,
    coalesce(sum(bytes), 0) + $3::bigint > $4::bigint AS full FROM sallyport_note_owners`;
const remove = `
  WITH gone AS (
    DELETE FROM sallyport_notes WHERE owner = $1 AND id = $2
    RETURNING octet_length(title) + octet_length(text) AS size)
  UPDATE sallyport_note_owners AS known SET notes = notes - 1, bytes = bytes - gone.size
  FROM gone WHERE known.owner = $1`;

/**
 * Opens the notes of a database, and creates its tables. If the database cannot be reached, the store opens all the same:
 * its calls fail with `unavailable` within 6 seconds until the database is back.
 *
 * @param variable What errors name.
 * @param url As `readPostgresUrl` reads it.
 * @throws {ConfigError} When another start would fail as well.
 */
export async function openPostgresNotes(
  variable: string,
  url: string,
  onEvent: NotesListener = () => {},
  quota: NoteQuota = defaultQuota,
): Promise<NoteStore> {
  const pool = new pg.Pool({
    ...readPostgresUrl(variable, url),
    application_name: 'sallyport-notes',
    max: maximumConnections,
    connectionTimeoutMillis: longestWaitMs,
    // A call that fails also closes its connection.
    query_timeout: longestWaitMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // The call that needs a lost connection reports it. Without a listener the process would end.
  pool.on('error', () => {});

  const run = async (text: string, values?: readonly unknown[]): Promise<pg.QueryResult> => {
    try {
      return values === undefined ? await pool.query(text) : await pool.query(text, [...values]);
    } catch (error) {
      throw toPostgresFault(error);
    }
  };
  let closing: Promise<void> | undefined;
  let prepared: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    const { rows } = await run(tablesExist);
    if (rows[0]?.exist !== true) await run(createTables);
  };
  const ask = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    prepared ??= prepare().catch((error) => {
      prepared = undefined;
      throw error;
    });
    await prepared;
    return run(text, values);
  };

  try {
    await ask(tablesExist, []);
  } catch (error) {
    const failure = toPostgresFault(error);
    const problem = findStartProblem(failure);
    if (problem !== undefined) {
      await pool.end();
      throw new ConfigError(variable, problem);
    }
    onEvent({ type: 'notes_unavailable', reason: failure.fault });
  }

  return {
    async list(owner, { cursor = '', limit = longestPage } = {}) {
      const size = Math.max(1, Math.min(limit, longestPage));
      const { rows } = await ask(list, [keyOf(owner), Buffer.from(cursor), size + 1]);
      const notes = rows
        .slice(0, size)
        .map(({ id, title }) => ({ id: `${id}`, title: `${title}` }));
      const last = notes.at(-1);
      return rows.length > size && last ? { notes, nextCursor: last.id } : { notes };
    },

    async read(owner, id) {
      const { rows } = await ask(read, [keyOf(owner), Buffer.from(id)]);
      const [row] = rows;
      return row && { id, title: `${row.title}`, text: `${row.text}` };
    },

    async write(owner, { title, text }) {
      const id = makeNoteId();
      const key = keyOf(owner);
      const [titleBytes, textBytes] = [Buffer.from(title), Buffer.from(text)];
      const size = titleBytes.length + textBytes.length;
      const { notesPerOwner, bytesPerOwner, totalBytes } = quota;
      const limits = [size, notesPerOwner, bytesPerOwner, totalBytes];
      const { rowCount } = await ask(write, [
        Buffer.from(id),
        key,
        titleBytes,
        textBytes,
        ...limits,
      ]);
      if (rowCount === 1) return { id, title, text };
      const { rows } = await ask(usage, [key, notesPerOwner, size, totalBytes]);
      if (rows[0]?.many) throw new NoteStoreError('quota_notes');
      throw new NoteStoreError(rows[0]?.full ? 'full' : 'quota_bytes');
    },

    async delete(owner, id) {
      return (await ask(remove, [keyOf(owner), Buffer.from(id)])).rowCount === 1;
    },

    async close() {
      // A connection that was cut off in silence never ends. Idle ones do not keep the process.
      closing ??= pool.end();
      await Promise.race([closing, sleep(longestCloseMs, undefined, { ref: false })]);
    },
  };
}

/** A digest: a subject may have any length and any character. JSON keeps issuer and subject apart. */
function keyOf({ issuer, subject }: Owner): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest();
}
