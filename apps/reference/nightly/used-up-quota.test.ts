/** What clients that are programs of their own show when a quota is used up. The SDK lines are in `test/clients`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { expect, it, onTestFinished } from 'vitest';
import { startMcpRemote } from '../test/clients/mcp-remote.ts';
import { createPerson } from '../test/clients/person.ts';
import { serveNotes } from '../test/clients/served-notes.ts';

const quota = { QUOTA_CALLS: '2', QUOTA_WINDOW_SECONDS: '8' };
const refusal = /Too many calls of this caller\. Retry after \d+ s/;
const inspector = fileURLToPath(
  new URL(
    '../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
    import.meta.url,
  ),
);

it('RL-19: mcp-remote answers the call with the text of the error, and the session goes on', async () => {
  const { person, client, connect, call: callTool } = await startMcpRemote(3_600, quota);
  await connect();
  const call = () => callTool('whoami');

  for (const _ of [1, 2]) expect(await call()).toContain('alice');
  for (const _ of [1, 2, 3]) await expect(call()).rejects.toThrow(refusal);
  // What does not count is answered all the same.
  expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  await expect.poll(call, { timeout: 30_000, interval: 1_000 }).toContain('alice');
  expect(person.asked()).toHaveLength(1);
});

it('RL-19: the Inspector ends with the text of the error and the time to wait, and keeps its token', async () => {
  const notes = await serveNotes(3_600, { ...quota, QUOTA_WINDOW_SECONDS: '600' });
  const person = createPerson();
  const callback = `http://127.0.0.1:${await findFreePort()}/oauth/callback`;
  onTestFinished(async () => {
    person.leave();
    await notes.stop();
  });
  const send = (...method: readonly string[]) =>
    new Promise<{ code: number; out: string; error: string }>((resolve) => {
      const args = [
        inspector,
        ...['--cli', '--server-url', notes.url.href, '--transport', 'http'],
        ...['--callback-url', callback, '--method', ...method],
      ];
      const env = {
        ...person.environment,
        MCP_AUTO_OPEN_ENABLED: 'true',
        MCP_INSPECTOR_SECRET_STORE: 'file',
      };
      execFile(process.execPath, args, { env, timeout: 60_000 }, (problem, out, error) =>
        resolve({ code: Number(problem?.code ?? 0), out, error }),
      );
    });
  const call = ['tools/call', '--tool-name', 'whoami'] as const;
  for (const _ of [1, 2]) expect((await send(...call)).out).toContain('alice');
  const { code, error } = await send(...call);

  expect(code).toBe(1);
  expect(error).toMatch(/Rate limited by the server \(HTTP 429\).*retry after \d+m\d+s/);
  expect(error).toMatch(refusal);
  expect((await send('tools/list')).code).toBe(0);
  expect(notes.refusals()).toEqual(['credentials_missing', 'quota_exceeded']);
  expect(person.asked()).toHaveLength(1);
});
