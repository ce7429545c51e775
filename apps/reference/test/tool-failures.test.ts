/** What caller and operator read of a tool that fails, at the real server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { NoteStoreError } from '../src/notes/note-fault.ts';
import { createToolWatch, type ToolFailure } from '../src/notes/tool-watch.ts';
import { callTool, startReference } from './reference-server.ts';

const token = 'dev-token-12345';

it('CASE-24, CASE-53: says that the database is busy, to the caller and in one line of the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  const path = join(folder, 'notes.db');
  const { server, log } = await startReference({
    FASTMCP_SERVER_AUTH_TYPE: 'static',
    NOTES_DATABASE: path,
  });
  const other = new DatabaseSync(path);
  onTestFinished(async () => {
    other.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  other.exec('BEGIN IMMEDIATE');
  const input = { title: 'a', text: 'b' };
  const answer = await callTool(server, token, 'write_note', input);
  const body = (await answer.json()) as { isError: boolean; content: { text: string }[] };
  other.exec('ROLLBACK');
  const again = await callTool(server, token, 'write_note', input);

  expect(body).toMatchObject({
    isError: true,
    content: [{ text: 'The notes are busy. Try again in a moment' }],
  });
  expect(await again.json()).not.toHaveProperty('isError');
  const lines = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'tool_failed');
  expect(lines).toMatchObject([{ severity: 'ERROR', tool: 'write_note', reason: 'busy' }]);
});

it.each([
  [new TypeError('Cannot read properties of undefined'), 'unexpected', { error: 'TypeError' }],
  [Object.assign(new Error('x'), { name: 'secret-eyJhbGciOi' }), 'unexpected', {}],
  ['a text', 'unexpected', {}],
  [undefined, 'unexpected', {}],
  [new NoteStoreError('full'), 'full', {}],
])(
  'CASE-24: hides what a tool throws (%s) from its caller, and logs it',
  async (thrown, reason, about) => {
    const failures: ToolFailure[] = [];
    const watch = createToolWatch((failure) => failures.push(failure));
    const result = await watch('write_note', () => Promise.reject(thrown));

    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain('undefined');
    expect(failures).toEqual([{ type: 'tool_failed', tool: 'write_note', reason, ...about }]);
  },
);

it('CASE-24: logs a tool that answers with an error by its name alone', async () => {
  const { server, log } = await startReference({ FASTMCP_SERVER_AUTH_TYPE: 'static' });
  onTestFinished(() => server.stop());
  const id = 'secret-argument-5b1f';
  const answer = await callTool(server, token, 'read_note', { id });
  await callTool(server, token, 'hello', { name: id });

  expect(await answer.json()).toMatchObject({ isError: true });
  const lines = log
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event.startsWith('tool_'));
  expect(lines).toMatchObject([
    { severity: 'INFO', tool: 'read_note', message: 'tool_answered_error: read_note' },
  ]);
  expect(log.join('')).not.toContain(id);
});

it('CASE-69: logs no caller that is over the quota', async () => {
  const failures: ToolFailure[] = [];
  const watch = createToolWatch((failure) => failures.push(failure));
  const result = await watch('write_note', () => Promise.reject(new NoteStoreError('quota_notes')));

  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('Delete one') }],
  });
  expect(failures).toEqual([]);
});
