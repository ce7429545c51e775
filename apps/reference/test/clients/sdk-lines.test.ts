/** The whole OAuth dance, by unmodified clients of both SDK lines, against real servers. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOAuthClient } from '../oauth-client.ts';
import { lines } from './sdk-lines.ts';
import { serveNotes } from './served-notes.ts';

const write = { name: 'write_note', arguments: { title: 'Milk', text: 'Two bottles' } };

describe.each(Object.entries(lines))('%s', (_name, { newTransport, unauthorized, grantTypes }) => {
  /** Somebody who has signed in, with a client that is connected. */
  async function signIn({ accessTokenTtlSeconds = 3_600, mayRefresh = false } = {}) {
    const notes = await serveNotes(accessTokenTtlSeconds);
    onTestFinished(notes.stop);
    const person = createOAuthClient({
      subject: 'alice',
      grantTypes: mayRefresh ? ['authorization_code', 'refresh_token'] : grantTypes,
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

  it('goes 401 → metadata → registration → code with PKCE → token → tool → 403 → step-up → tool', async () => {
    const { url, person, asked, transport, client, call } = await signIn();

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
  });

  it('refreshes without asking again', async () => {
    const { person, call, log } = await signIn({ accessTokenTtlSeconds: 2, mayRefresh: true });
    const before = await call('whoami');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const after = await call('whoami');

    expect(after).toContain('alice');
    expect(after).not.toBe(before);
    expect(person.kept.authorizationUrl).toBeUndefined();
    expect(log.join('')).toContain('token_expired');
  });

  it('is refused what the person does not allow, and keeps what it has', async () => {
    const { person, client, call, log } = await signIn();
    await expect(client.callTool(write)).rejects.toThrow(unauthorized);

    expect((await person.consent({ deny: true })).get('error')).toBe('access_denied');
    await expect(client.callTool(write)).rejects.toThrow(/Unauthorized|403/);
    expect(await call('list_notes')).toContain('[]');
    expect(log.filter((line) => line.includes('missing write:data'))).not.toEqual([]);
  });
});
