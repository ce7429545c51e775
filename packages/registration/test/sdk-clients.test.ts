/** Unmodified clients of both SDK lines, in front of each kind of provider that registers nobody. */
import { createOAuthClient, type Line, lines } from '@sallyport/test-parts/sdk-clients';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Served, type ServedOptions, startServed } from './served.ts';
import { type StandInKind, standInKinds } from './stand-in.ts';

const refreshing = ['authorization_code', 'refresh_token'];
const read = { name: 'read_note', arguments: {} };
const write = { name: 'write_note', arguments: {} };

async function serve(kind: StandInKind, options?: ServedOptions): Promise<Served> {
  const served = await startServed(kind, options);
  onTestFinished(served.stop);
  return served;
}

async function signIn(served: Served, line: Line, grantTypes?: readonly string[]) {
  const person = createOAuthClient(grantTypes && { grantTypes });
  const url = new URL(served.resource);
  const first = line.newTransport(url, person);
  await expect(first.connect()).rejects.toThrow(line.unauthorized);
  await first.finish(await person.consent());
  const transport = line.newTransport(url, person);
  const client = await transport.connect();
  onTestFinished(() => client.close());
  const call = async (tool: typeof read) => JSON.stringify(await client.callTool(tool));
  return { person, transport, call };
}

describe.each(standInKinds)('at a provider of the kind: %s', (kind) => {
  it.each(Object.entries(lines))(
    'REG-02: the client of %s signs in, calls, steps up, refreshes, and takes no for an answer',
    async (_name, line) => {
      const served = await serve(kind);
      const { person, transport, call } = await signIn(served, line);

      expect(await call(read)).toContain('read_note for alice');
      await expect(call(write)).rejects.toThrow(line.unauthorized);
      await transport.finish(await person.consent());
      expect(await call(write)).toContain('write_note for alice');

      // With a refresh token, the client of SDK v1 refreshes where it should step up.
      const other = await signIn(served, line, refreshing);
      const { length: before } = served.standIn.tokenRequests;
      const first = other.person.kept.tokens?.refresh_token;
      for (const times of [1, 2]) {
        if (other.person.kept.tokens) other.person.kept.tokens.access_token = 'not.a.token';
        expect(await other.call(read)).toContain('read_note for alice');
        expect(served.standIn.tokenRequests).toHaveLength(before + times);
      }
      expect(other.person.kept.tokens?.refresh_token).not.toBe(first);

      const third = createOAuthClient();
      const refused = line.newTransport(new URL(served.resource), third);
      await expect(refused.connect()).rejects.toThrow(line.unauthorized);
      expect((await third.consent({ deny: true })).get('error')).toBe('access_denied');
      expect(third.kept.tokens).toBeUndefined();
      expect(served.standIn.authorizationRequests).toHaveLength(3);
      expect(served.events.filter(({ type }) => type.startsWith('sign_in'))).toEqual([]);
    },
  );

  it('REG-02: without the package, no client of the SDKs can sign in', async () => {
    const served = await serve(kind, { withoutSignIn: true });
    for (const line of Object.values(lines)) {
      const transport = line.newTransport(new URL(served.resource), createOAuthClient());

      await expect(transport.connect()).rejects.toThrow(/does not support dynamic client reg/);
    }
  });
});
