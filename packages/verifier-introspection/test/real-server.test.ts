/** Opaque tokens of a real authorization server: issued, accepted, revoked. */
import { Secret } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSecretBasic, clientSecretPost, createHybridVerifier } from '../src/index.ts';
import { clientId, clientSecret, createVerifier, judge, resource, startServer } from './fixture.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const create = (overrides = {}) =>
  createVerifier(server.introspectionUrl, server.issuer, overrides);
const issue = (options = {}) => server.issueToken({ scopes: ['notes:read'], ...options });

async function revoke(token: string): Promise<void> {
  const response = await fetch(server.revocationUrl, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
    },
    body: new URLSearchParams({ token }),
  });
  expect(response.status).toBe(200);
}

it('accepts a token that was issued, with a secret of every odd character (INT-19)', async () => {
  expect(await judge(create(), await issue())).toBe('verified');
});

it('refuses it from the moment it is revoked', async () => {
  const verifier = create();
  const token = await issue({ clientId, grantType: 'client_credentials' });
  expect(await judge(verifier, token)).toBe('verified');
  await revoke(token);

  expect(await judge(verifier, token)).toBe('token_inactive');
});

it('refuses it within the time of the cache, and no later (INT-07, INT-09)', async () => {
  let clock = 0;
  const verifier = create({ cache: { ttlSeconds: 30 }, monotonicNow: () => clock });
  const token = await issue({ clientId, grantType: 'client_credentials' });
  expect(await judge(verifier, token)).toBe('verified');
  await revoke(token);

  clock = 29_999;
  expect(await judge(verifier, token)).toBe('verified');
  clock = 30_000;
  expect(await judge(verifier, token)).toBe('token_inactive');
});

it('refuses a token for another resource (INT-03)', async () => {
  const token = await issue({ resource: 'https://other.example.com/mcp', scopes: ['x'] });

  expect(await judge(create(), token)).toBe('token_audience_mismatch');
});

it.each(['nothing', 'a.b.c', ''])('refuses what was never issued: %j', async (token) => {
  expect(await judge(create(), token)).toBe('token_inactive');
});

it('takes the secret in the body as well, when it is plain enough for this server', async () => {
  const plain = { clientId: 'plain', clientSecret: 'a-secret-of-letters' };
  const other = await (await import('@sallyport/testing')).startAuthorizationServer({
    resources: [{ resource, scopes: ['notes:read'], accessTokenFormat: 'opaque' }],
    clients: [plain],
  });
  const secret = new Secret(plain.clientSecret);
  const clientAuthentication = clientSecretPost({ clientId: plain.clientId, secret });
  const verifier = createVerifier(other.introspectionUrl, other.issuer, { clientAuthentication });

  expect(await judge(verifier, await other.issueToken({ scopes: ['notes:read'] }))).toBe(
    'verified',
  );
  await other.stop();
});

describe('a secret that was changed', () => {
  it('is asked for once more, and then used (INT-13)', async () => {
    const asked: boolean[] = [];
    const secret = ({ isRefused }: { isRefused: boolean }) => {
      asked.push(isRefused);
      return new Secret(isRefused ? clientSecret : 'the one of yesterday');
    };
    const verifier = create({ clientAuthentication: clientSecretBasic({ clientId, secret }) });

    expect(await judge(verifier, await issue())).toBe('verified');
    expect(asked).toEqual([false, true]);
  });

  it('is our fault when nothing helps, and an operator hears of it (INT-13)', async () => {
    const events: unknown[] = [];
    const verifier = create({
      clientAuthentication: clientSecretBasic({ clientId, secret: new Secret('wrong') }),
      onEvent: (event: unknown) => events.push(event),
    });

    expect(await judge(verifier, await issue())).toBe('upstream_unavailable');
    expect(events).toEqual([{ type: 'credentials_refused', status: 401 }]);
  });
});

it('does not stop asking because of JWTs, which this server answers with 400 (INT-14)', async () => {
  const verifier = create();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  expect(await exportJWK(privateKey)).toBeDefined();
  const outcomes = new Set<string>();
  for (let count = 0; count < 60; count += 1) {
    outcomes.add(await judge(verifier, await server.mintToken({ jti: `${count}` })));
  }

  expect(outcomes).toEqual(new Set(['token_inactive']));
  expect(await judge(verifier, await issue())).toBe('verified');
});

it('is asked once for a thousand requests with one token (INT-17)', async () => {
  const verifier = create();
  const token = await issue();
  const path = new URL(server.introspectionUrl).pathname;
  const before = server.hits(path);
  const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => judge(verifier, token)));

  expect(new Set(outcomes)).toEqual(new Set(['verified']));
  expect(server.hits(path) - before).toBe(1);
});

describe('createHybridVerifier', () => {
  it('asks about opaque tokens and reads JWTs, and never tries both', async () => {
    const { createJwtVerifier, remoteJwks } = await import('@sallyport/verifier-jwt');
    const jwtServer = await (await import('@sallyport/testing')).startAuthorizationServer({
      resources: [{ resource, scopes: ['notes:read'] }],
    });
    const { environment } = await import('./fixture.ts');
    const jwt = createJwtVerifier({
      issuer: jwtServer.issuer,
      audience: resource,
      algorithms: ['RS256'],
      keys: remoteJwks({ url: jwtServer.jwksUri, environment }),
    });
    const hybrid = createHybridVerifier({ jwt, introspection: create() });
    const path = new URL(server.introspectionUrl).pathname;

    expect(await judge(hybrid, await issue())).toBe('verified');
    const before = server.hits(path);
    expect(await judge(hybrid, await jwtServer.mintToken())).toBe('verified');
    expect(await judge(hybrid, await jwtServer.mintToken({ aud: 'x' }))).toBe(
      'token_audience_mismatch',
    );
    expect(server.hits(path)).toBe(before);
    await hybrid.close?.();
    await jwtServer.stop();
  });
});
