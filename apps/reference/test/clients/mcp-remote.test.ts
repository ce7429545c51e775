/** `mcp-remote`, as desktop clients start it: a process that speaks stdio, with a browser beside it. */
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
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
    person.leave();
    await notes.stop();
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
  it('goes 401 → metadata → registration → code with PKCE → token → tool', async () => {
    const { url, authorizationServer, person, connect, call } = await start();
    await connect();

    expect(await call('whoami')).toContain('alice');
    expect(authorizationServer.hits('/register')).toBe(1);
    expect(authorizationServer.hits('/token')).toBe(1);
    expect(person.asked()).toEqual(['read:data offline_access']);
    expect(person.visits()[0]?.get('code_challenge_method')).toBe('S256');
    expect(person.visits()[0]?.get('resource')).toBe(url.href);
  });

  it('steps up within the call that lacks a scope, and asks the person once', async () => {
    const { person, connect, call, refusals } = await start();
    await connect();

    expect(await call('write_note', note)).toContain('Milk');
    expect(person.asked()).toEqual([
      'read:data offline_access',
      'read:data write:data offline_access',
    ]);
    expect(refusals().filter((code) => code !== 'credentials_missing')).toEqual([
      'scope_insufficient',
    ]);
  });

  it('answers with the reason when the person does not allow more, and keeps what it has', async () => {
    const { person, connect, call, refusals } = await start();
    await connect();
    person.refuse();

    await expect(call('write_note', note)).rejects.toThrow('access_denied - the person said no');
    expect(await call('list_notes')).toContain('[]');
    expect(person.asked()).toHaveLength(2);
    expect(refusals().filter((code) => code !== 'credentials_missing')).toEqual([
      'scope_insufficient',
    ]);
  });

  it('refreshes without asking again', async () => {
    const { authorizationServer, person, connect, call } = await start(8);
    await connect();
    const before = await call('whoami');
    await setTimeout(8_100);
    const after = await call('whoami');

    expect(after).toContain('alice');
    // It says when the token ends.
    expect(after).not.toBe(before);
    expect(authorizationServer.hits('/token')).toBeGreaterThan(1);
    expect(person.asked()).toHaveLength(1);
  });

  it('says why it is not let in when the person says no', async () => {
    const { authorizationServer, person, connect, said, refusals, hasAuthenticated } =
      await start();
    person.refuse();
    // It tells its person, and does not answer.
    connect().catch(() => {});

    await expect.poll(said, { timeout: 20_000 }).toContain('access_denied - the person said no');
    expect(new Set(refusals())).toEqual(new Set(['credentials_missing']));
    expect(hasAuthenticated()).toBe(false);
    expect(authorizationServer.hits('/token')).toBe(0);
  });
});
