import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openNoteStore } from '../src/notes.ts';

const alice = { issuer: 'https://a.example', subject: 'alice' };
const note = { title: 'Milk', text: 'Two bottles' };

it('lists, reads and deletes what was written', () => {
  const store = openNoteStore(':memory:');
  const { id } = store.write(alice, note);

  expect(store.list(alice)).toEqual([{ id, title: 'Milk' }]);
  expect(store.read(alice, id)).toEqual({ id, ...note });
  expect(store.delete(alice, id)).toBe(true);
  expect(store.read(alice, id)).toBeUndefined();
  expect(store.delete(alice, id)).toBe(false);
});

it.each([
  ['another subject', { ...alice, subject: 'bob' }],
  ['the same subject of another issuer (CLM-16)', { ...alice, issuer: 'https://b.example' }],
])('hides notes from %s', (_name, stranger) => {
  const store = openNoteStore(':memory:');
  const { id } = store.write(alice, note);

  expect(store.list(stranger)).toEqual([]);
  expect(store.read(stranger, id)).toBeUndefined();
  expect(store.delete(stranger, id)).toBe(false);
  expect(store.read(alice, id)).toBeDefined();
});

it('takes hostile text as text', () => {
  const store = openNoteStore(':memory:');
  const hostile = { title: "'; DROP TABLE notes; --", text: '\u202e<script>' };
  const { id } = store.write(alice, hostile);

  expect(store.read(alice, id)).toEqual({ id, ...hostile });
});

it('keeps notes in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  const path = join(folder, 'notes.db');
  const first = openNoteStore(path);
  const { id } = first.write(alice, note);
  first.close();
  const second = openNoteStore(path);

  expect(second.read(alice, id)?.title).toBe('Milk');
  second.close();
  rmSync(folder, { recursive: true });
});
