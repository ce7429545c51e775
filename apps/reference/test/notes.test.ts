import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { defaultQuota } from '../src/notes/note-quota.ts';
import { openNoteStore } from '../src/notes/notes.ts';

const alice = { issuer: 'https://a.example', subject: 'alice' };
const bob = { ...alice, subject: 'bob' };
const note = { title: 'Milk', text: 'Two bottles' };

function makeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'notes.db');
}

it('lists, reads and deletes what was written', async () => {
  const store = await openNoteStore(':memory:');
  const { id } = await store.write(alice, note);

  expect(await store.list(alice)).toEqual({ notes: [{ id, title: 'Milk' }] });
  expect(await store.read(alice, id)).toEqual({ id, ...note });
  expect(await store.delete(alice, id)).toBe(true);
  expect(await store.read(alice, id)).toBeUndefined();
  expect(await store.delete(alice, id)).toBe(false);
});

it.each([
  ['another subject', bob],
  ['the same subject of another issuer (CLM-16)', { ...alice, issuer: 'https://b.example' }],
])('hides notes from %s', async (_name, stranger) => {
  const store = await openNoteStore(':memory:');
  const { id } = await store.write(alice, note);

  expect(await store.list(stranger)).toEqual({ notes: [] });
  expect(await store.read(stranger, id)).toBeUndefined();
  expect(await store.delete(stranger, id)).toBe(false);
  expect(await store.read(alice, id)).toBeDefined();
});

it('takes hostile text as text', async () => {
  const store = await openNoteStore(':memory:');
  const hostile = { title: "'; DROP TABLE notes; --", text: '\u202e<script>' };
  const { id } = await store.write(alice, hostile);

  expect(await store.read(alice, id)).toEqual({ id, ...hostile });
});

it('keeps notes in a file', async () => {
  const path = makeFile();
  const first = await openNoteStore(path);
  const { id } = await first.write(alice, note);
  await first.close();
  const second = await openNoteStore(path);

  expect((await second.read(alice, id))?.title).toBe('Milk');
  await second.close();
});

it('CASE-69: lists 250 notes in three pages, each note once', async () => {
  const store = await openNoteStore(':memory:');
  const written = new Set<string>();
  for (let count = 0; count < 250; count += 1) written.add((await store.write(alice, note)).id);
  await store.write(bob, note);
  const pages: number[] = [];
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(alice, { cursor });
    pages.push(page.notes.length);
    listed.push(...page.notes.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);

  expect(pages).toEqual([100, 100, 50]);
  expect(new Set(listed)).toEqual(written);
  expect(listed).toHaveLength(250);
});

it('CASE-69: goes on with a list although its notes are deleted meanwhile', async () => {
  const store = await openNoteStore(':memory:');
  for (let count = 0; count < 10; count += 1) await store.write(alice, note);
  const first = await store.list(alice, { limit: 5 });
  for (const { id } of first.notes) await store.delete(alice, id);
  const second = await store.list(alice, { limit: 5, cursor: first.nextCursor });

  expect(second.notes).toHaveLength(5);
  expect(second).not.toHaveProperty('nextCursor');
});

it.each([
  ['as many notes as one person may keep', { notesPerOwner: 3 }, 'quota_notes'],
  ['notes as long as those of one person may be', { bytesPerOwner: 40 }, 'quota_bytes'],
] as const)('CASE-69: refuses %s, and lets others write', async (_name, quota, fault) => {
  const store = await openNoteStore(':memory:', { ...defaultQuota, ...quota });
  const ids = [];
  for (let count = 0; count < 2; count += 1) ids.push((await store.write(alice, note)).id);
  const fill = async () => {
    for (let count = 0; count < 3; count += 1) await store.write(alice, note);
  };

  await expect(fill()).rejects.toMatchObject({ fault });
  await store.write(bob, note);
  await store.delete(alice, ids[0] ?? '');
  await store.write(alice, note);
});

it('CASE-69: counts bytes and not characters', async () => {
  const store = await openNoteStore(':memory:', { ...defaultQuota, bytesPerOwner: 5 });

  await expect(store.write(alice, { title: '', text: '🔑🔑' })).rejects.toMatchObject({
    fault: 'quota_bytes',
  });
});

it('CASE-69: bounds all notes together', async () => {
  const store = await openNoteStore(':memory:', { ...defaultQuota, totalBytes: 262_144 });
  const fill = async () => {
    for (let person = 0; person < 10; person += 1) {
      await store.write(
        { ...alice, subject: `${person}` },
        { title: '', text: 'a'.repeat(50_000) },
      );
    }
  };

  await expect(fill()).rejects.toMatchObject({ fault: 'full' });
});

it('CASE-69: answers a page of an owner with 20,000 notes from before there was a quota', async () => {
  const path = makeFile();
  await (await openNoteStore(path)).close();
  const database = new DatabaseSync(path);
  database.exec(`
    WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 20000)
    INSERT INTO notes SELECT 'id-' || n, 'https://a.example', 'alice', 'title', 'text' FROM counting`);
  database.close();
  const store = await openNoteStore(path);
  const { notes, nextCursor } = await store.list(alice, { limit: 1_000_000 });

  expect(notes).toHaveLength(100);
  expect(nextCursor).toBe(notes.at(-1)?.id);
  await expect(store.write(alice, note)).rejects.toMatchObject({ fault: 'quota_notes' });
  await store.close();
});

it('CASE-53: loses no write of three processes that share a file', async () => {
  const path = makeFile();
  const writer = new URL('./note-writer.ts', import.meta.url).pathname;
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map(async (subject) => {
      const child = spawn(process.execPath, [writer, path, subject, '80']);
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      await once(child, 'close');
      return JSON.parse(output) as unknown;
    }),
  );

  expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ written: 80, failed: {} })));
  const file = new DatabaseSync(path);
  expect(file.prepare('SELECT count(*) AS notes FROM notes').get()).toEqual({ notes: 240 });
  file.close();
  expect(readFileSync(path).subarray(18, 20)).toEqual(Buffer.from([2, 2]));
});

it('CASE-53: says that the notes are busy while another process holds them', async () => {
  const path = makeFile();
  const store = await openNoteStore(path);
  const { id } = await store.write(alice, note);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 10);
  const write = store.write(alice, note);

  await expect(write).rejects.toMatchObject({ fault: 'busy' });
  clearInterval(timer);
  // Other requests went on, and so does reading.
  expect(turns).toBeGreaterThan(10);
  expect(await store.read(alice, id)).toBeDefined();
  other.exec('ROLLBACK');
  await store.write(alice, note);
  await store.close();
});
