/** The whole OAuth dance, by unmodified clients of both SDK lines, against real servers. */
import { setTimeout } from 'node:timers/promises';
import { createOAuthClient, type Line, lines } from '@sallyport/test-parts/sdk-clients';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveNotes } from './served-notes.ts';

const write = { name: 'write_note', arguments: { title: 'Milk', text: 'Two bottles' } };
const refreshing = ['authorization_code', 'refresh_token'];

/** Somebody who has signed in, with a client that is connected. */
async function signIn(
  { newTransport, unauthorized, grantTypes }: Line,
  { accessTokenTtlSeconds = 3_600, mayRefresh = false, variables = {} } = {},
) {
  const notes = await serveNotes(accessTokenTtlSeconds, variables);
  onTestFinished(notes.stop);
  const person = createOAuthClient({
    subject: 'alice',
    grantTypes: mayRefresh ? refreshing : grantTypes,
  });
  const first = newTransport(notes.url, person);
  await expect(first.connect()).rejects.toThrow(unauthorized);
  const asked = person.kept.authorizationUrl?.searchParams;
  await first.finish(await person.consent());
  const transport = newTransport(notes.url, person);
  const client = await transport.connect();
  onTestFinished(() => client.close());
  const call = async (name: string) =>
    JSON.stringify(await client.callTool({ name, arguments: {} }));
  return { ...notes, person, asked, transport, client, call };
}

describe.each(Object.entries(lines))('the client of %s', (_name, line) => {
  const { unauthorized } = line;

  it('goes 401 → metadata → registration → code with PKCE → token → tool → 403 → step-up → tool', async () => {
    const { url, authorizationServer, person, asked, transport, client, call, refusals } =
      await signIn(line);

    expect(person.kept.client?.client_id).toBeTruthy();
    expect(asked?.get('code_challenge_method')).toBe('S256');
    expect(asked?.get('resource')).toBe(url.href);
    expect(asked?.get('scope')).toMatch(/^read:data\b/);
    expect(await call('whoami')).toContain('alice');
    expect(await call('whoami')).toContain(person.kept.client?.client_id);

    await expect(client.callTool(write)).rejects.toThrow(unauthorized);
    expect(person.kept.authorizationUrl?.searchParams.get('scope')).toContain('write:data');
    await transport.finish(await person.consent());

    expect(JSON.stringify(await client.callTool(write))).toContain('Milk');
    expect(authorizationServer.hits('/register')).toBe(1);
    expect(authorizationServer.hits('/authorize')).toBe(2);
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient']);
  });

  it('refreshes again and again without asking again', async () => {
    const { authorizationServer, person, call, refusals } = await signIn(line, {
      accessTokenTtlSeconds: 3,
      mayRefresh: true,
    });
    for (const times of [1, 2]) {
      await setTimeout(3_100);
      expect(await call('whoami')).toContain('alice');
      expect(authorizationServer.hits('/token')).toBeGreaterThan(times);
    }
    expect(person.kept.authorizationUrl).toBeUndefined();
    expect(authorizationServer.hits('/authorize')).toBe(1);
    expect(refusals()).toContain('token_expired');
  });

  it('asks the person again when the refresh token is revoked', async () => {
    const { authorizationServer, person, call, refusals } = await signIn(line, {
      accessTokenTtlSeconds: 3,
      mayRefresh: true,
    });
    const { client, tokens } = person.kept;
    const revoked = await fetch(authorizationServer.revocationUrl, {
      method: 'POST',
      body: new URLSearchParams({
        token: tokens?.refresh_token ?? '',
        client_id: client?.client_id ?? '',
      }),
    });
    expect(revoked.status).toBe(200);
    await setTimeout(3_100);

    await expect(call('whoami')).rejects.toThrow(unauthorized);
    expect(person.kept.authorizationUrl?.href).toContain(authorizationServer.authorizationUrl);
    expect(refusals()).toContain('token_expired');
  });

  it('RL-19: shows a used-up quota with the time to wait, and the session goes on', async () => {
    // Long enough for six calls on a busy machine.
    const variables = { QUOTA_CALLS: '2', QUOTA_WINDOW_SECONDS: '9' };
    const { client, call, person, refusals } = await signIn(line, { variables });
    for (const _ of [1, 2]) expect(await call('whoami')).toContain('alice');

    const refusal = /Too many calls of this caller\. Retry after \d s/;
    for (const _ of [1, 2, 3]) await expect(call('whoami')).rejects.toThrow(refusal);
    await expect(call('whoami')).rejects.toMatchObject({
      message: expect.stringMatching(/"id":\d/),
    });
    // What does not count is answered all the same.
    expect(JSON.stringify(await client.listTools())).toContain('whoami');
    await expect.poll(() => call('whoami'), { timeout: 20_000, interval: 250 }).toContain('alice');
    expect(person.kept.authorizationUrl).toBeUndefined();
    expect(new Set(refusals())).toEqual(new Set(['credentials_missing', 'quota_exceeded']));
  });

  it('is refused what the person does not allow, and keeps what it has', async () => {
    const { person, client, call, refusals } = await signIn(line);
    await expect(client.callTool(write)).rejects.toThrow(unauthorized);

    expect((await person.consent({ deny: true })).get('error')).toBe('access_denied');
    expect(await call('list_notes')).toContain('[]');
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient']);
  });
});

describe('a client with a refresh token', () => {
  it('of SDK v2 steps up all the same', async () => {
    const { person, transport, client } = await signIn(lines['SDK v2'], {
      mayRefresh: true,
    });
    await expect(client.callTool(write)).rejects.toThrow(/Unauthorized/);
    await transport.finish(await person.consent());

    expect(JSON.stringify(await client.callTool(write))).toContain('Milk');
  });

  it('of SDK v1 refreshes in place of stepping up, and says that it is still refused', async () => {
    const { authorizationServer, client, call, refusals } = await signIn(lines['SDK v1'], {
      mayRefresh: true,
    });
    await expect(client.callTool(write)).rejects.toThrow('403 after trying upscoping');

    expect(authorizationServer.hits('/token')).toBe(2);
    expect(authorizationServer.hits('/authorize')).toBe(1);
    expect(await call('list_notes')).toContain('[]');
    expect(refusals()).toEqual(['credentials_missing', 'scope_insufficient', 'scope_insufficient']);
  });
});
