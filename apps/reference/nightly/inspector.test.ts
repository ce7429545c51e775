/** The command line of the MCP Inspector: a process for each call, which keep their tokens in a file. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPerson } from '../test/clients/person.ts';
import { serveNotes } from '../test/clients/served-notes.ts';

const program = fileURLToPath(
  new URL(
    '../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
    import.meta.url,
  ),
);
const note = { title: 'Milk', text: 'Two bottles' };

async function start(accessTokenTtlSeconds?: number) {
  const notes = await serveNotes(accessTokenTtlSeconds);
  const person = createPerson();
  // Its own, so that an Inspector that somebody has open is not in the way.
  const callback = `http://127.0.0.1:${await findFreePort()}/oauth/callback`;
  onTestFinished(async () => {
    person.leave();
    await notes.stop();
  });
  const withServer =
    (server: readonly string[]) =>
    (tool: string, input = {}, answer = '') =>
      new Promise<{ code: number; out: string; error: string }>((resolve) => {
        const child = execFile(
          process.execPath,
          [
            program,
            ...['--cli', ...server, '--callback-url', callback],
            ...['--method', 'tools/call', '--tool-name', tool],
            ...['--tool-args-json', JSON.stringify(input)],
          ],
          {
            env: {
              ...person.environment,
              MCP_AUTO_OPEN_ENABLED: 'true',
              MCP_INSPECTOR_SECRET_STORE: 'file',
            },
            timeout: 25_000,
          },
          (problem, out, error) => resolve({ code: Number(problem?.code ?? 0), out, error }),
        );
        child.stdin?.end(answer);
      });
  const config = join(person.folder, 'mcp.json');
  const server = { type: 'streamable-http', url: notes.url.href, oauth: { scopes: 'read:data' } };
  writeFileSync(config, JSON.stringify({ mcpServers: { notes: server } }));
  return {
    ...notes,
    person,
    callByAddress: withServer(['--server-url', notes.url.href, '--transport', 'http']),
    callByConfig: withServer(['--config', config, '--server', 'notes']),
  };
}

describe("the Inspector's command line", () => {
  it('goes 401 → metadata → registration → code with PKCE → token → tool, and keeps the token', async () => {
    const { url, authorizationServer, person, callByAddress } = await start();
    const { code, out } = await callByAddress('whoami');

    expect(out).toContain('alice');
    expect(code).toBe(0);
    expect(authorizationServer.hits('/register')).toBe(1);
    expect(person.asked()).toEqual(['read:data offline_access']);
    expect(person.visits()[0]?.get('code_challenge_method')).toBe('S256');
    expect(person.visits()[0]?.get('resource')).toBe(url.href);
    expect((await callByAddress('list_notes')).code).toBe(0);
    expect(person.asked()).toHaveLength(1);
  });

  it('steps up when it has a configuration with scopes, and the person says yes', async () => {
    const { person, callByConfig, refusals } = await start();
    await callByConfig('whoami');
    const { code, out, error } = await callByConfig('write_note', note, 'y\n');

    expect(error).toContain('This operation needs additional scope: write:data.');
    expect(out).toContain('Milk');
    expect(code).toBe(0);
    expect(person.asked()).toEqual([
      'read:data offline_access',
      'read:data write:data offline_access',
    ]);
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient']);
  });

  it('ends with the reason when the person does not want to step up, and keeps what it has', async () => {
    const { person, callByConfig, refusals } = await start();
    await callByConfig('whoami');
    const { code, error } = await callByConfig('write_note', note, 'n\n');

    expect(error).toContain('Step-up authorization declined.');
    expect(code).toBe(1);
    expect((await callByConfig('list_notes')).code).toBe(0);
    expect(person.asked()).toHaveLength(1);
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient']);
  });

  it('with nothing but an address refreshes in place of stepping up, and ends with an error of its own', async () => {
    const { authorizationServer, person, callByAddress, refusals } = await start();
    await callByAddress('whoami');
    const { code, error } = await callByAddress('write_note', note, 'y\n');

    expect(error).toContain('Unexpected: auth() returned AUTHORIZED without authorization code');
    expect(code).toBe(1);
    expect(authorizationServer.hits('/token')).toBe(2);
    expect(person.asked()).toHaveLength(1);
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient']);
  });

  it('refreshes without asking again', async () => {
    const { authorizationServer, person, callByAddress, refusals } = await start(6);
    await callByAddress('whoami');
    await setTimeout(6_100);
    const { code, out } = await callByAddress('whoami');

    expect(out).toContain('alice');
    expect(code).toBe(0);
    expect(authorizationServer.hits('/token')).toBeGreaterThan(1);
    expect(refusals()).toContain('token_expired');
    expect(person.asked()).toHaveLength(1);
  });

  it('ends with the reason when the person says no', async () => {
    const { authorizationServer, person, callByAddress, refusals, hasAuthenticated } =
      await start();
    person.refuse();
    const { code, error } = await callByAddress('whoami');

    expect(error).toContain('the person said no');
    expect(code).toBe(1);
    expect(refusals()).toEqual(['credentials_missing']);
    expect(hasAuthenticated()).toBe(false);
    expect(authorizationServer.hits('/token')).toBe(0);
  });
});
