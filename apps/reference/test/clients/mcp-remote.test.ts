/** `mcp-remote`, as desktop clients start it: a process that speaks stdio, with a browser beside it. */
import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPerson } from './person.ts';
import { serveNotes } from './served-notes.ts';

const program = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');
const note = { title: 'Milk', text: 'Two bottles' };

async function start(accessTokenTtlSeconds?: number) {
  const notes = await serveNotes(accessTokenTtlSeconds);
  const person = createPerson();
  const client = new Client({ name: 'test', version: '1.0.0' });
  onTestFinished(async () => {
    await client.close();
    await notes.stop();
    person.leave();
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, notes.url.href],
    env: { ...person.environment },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const call = async (name: string, input: Record<string, unknown> = {}) =>
    JSON.stringify(await client.callTool({ name, arguments: input }));
  const connect = () => client.connect(transport as Parameters<typeof client.connect>[0]);
  return { ...notes, person, connect, call, said: () => said };
}

describe('mcp-remote', () => {
  it('signs in, calls, and steps up', async () => {
    const { person, connect, call } = await start();
    await connect();

    expect(await call('whoami')).toContain('alice');
    expect(person.asked()).toEqual(['read:data offline_access']);
    expect(await call('write_note', note)).toContain('Milk');
    expect(person.asked().slice(1)).toContain('read:data write:data offline_access');
  });

  it('refreshes without asking again', async () => {
    const { person, connect, call, log } = await start(2);
    await connect();
    const before = await call('whoami');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const after = await call('whoami');

    expect(after).toContain('alice');
    expect(after).not.toBe(before);
    expect(person.asked()).toHaveLength(1);
    expect(log.join('')).toContain('whoami');
  });

  it('is refused when the person says no, with a reason', async () => {
    const { person, connect, said, log } = await start();
    person.refuse();

    // It tells its person, and goes on waiting.
    connect().catch(() => {});

    await expect.poll(said, { timeout: 15_000 }).toContain('access_denied - the person said no');
    expect(log.join('')).toContain('credentials_missing');
    expect(log.join('')).not.toContain('"authenticated"');
  });
});
