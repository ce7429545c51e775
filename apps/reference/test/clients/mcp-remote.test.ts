/** Sign-in, step-up and refusal. The nightly tests have the rest. */
import { describe, expect, it } from 'vitest';
import { startMcpRemote } from './mcp-remote.ts';

const note = { title: 'Milk', text: 'Two bottles' };

describe('mcp-remote', () => {
  it('goes 401 → metadata → registration → code with PKCE → token → tool', async () => {
    const { url, authorizationServer, person, connect, call } = await startMcpRemote();
    await connect();

    expect(await call('whoami')).toContain('alice');
    expect(authorizationServer.hits('/register')).toBe(1);
    expect(authorizationServer.hits('/token')).toBe(1);
    expect(person.asked()).toEqual(['read:data offline_access']);
    expect(person.visits()[0]?.get('code_challenge_method')).toBe('S256');
    expect(person.visits()[0]?.get('resource')).toBe(url.href);
  });

  it('steps up within the call that lacks a scope, and asks the person once', async () => {
    const { person, connect, call, refusals } = await startMcpRemote();
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

  it('says why it is not let in when the person says no', async () => {
    const { authorizationServer, person, connect, said, refusals, hasAuthenticated } =
      await startMcpRemote();
    person.refuse();
    // It tells its person, and does not answer.
    connect().catch(() => {});

    await expect.poll(said, { timeout: 20_000 }).toContain('access_denied - the person said no');
    expect(new Set(refusals())).toEqual(new Set(['credentials_missing']));
    expect(hasAuthenticated()).toBe(false);
    expect(authorizationServer.hits('/token')).toBe(0);
  });
});
