/** Remote and discovered keys against a real authorization server, and against bad ones. */
import { detectEnvironment } from '@sallyport/core';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJwtVerifier, discoverJwks, remoteJwks } from '../../../src/index.ts';
import { audience, judge } from '../../fixture.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'test' });
const nowSeconds = () => Math.floor(Date.now() / 1_000);

let server: AuthorizationServer;
let clock: number;
beforeEach(async () => {
  clock = 0;
  server = await startAuthorizationServer({
    resources: [{ resource: audience, scopes: ['read'] }],
  });
});
afterEach(() => server.stop());

const now = () => clock;
const open = (timeoutSeconds = 5) =>
  createJwtVerifier({
    issuer: server.issuer,
    audience,
    algorithms: ['RS256'],
    keys: remoteJwks({ url: server.jwksUri, environment, timeoutSeconds, monotonicNow: now }),
  });
const discover = () =>
  createJwtVerifier({
    issuer: server.issuer,
    audience,
    algorithms: ['RS256'],
    keys: discoverJwks({ issuer: server.issuer, environment, monotonicNow: now }),
  });
const ask = async (verifier: ReturnType<typeof open>, token?: string) =>
  judge(token ?? (await server.mintToken()), verifier, nowSeconds());

describe('remoteJwks', () => {
  it('verifies tokens that were really issued, with one fetch', async () => {
    const verifier = open();
    const token = await server.issueToken({ resource: audience, scopes: ['read'] });

    expect(await ask(verifier, token)).toEqual({ code: 'verified' });
    expect(await ask(verifier)).toEqual({ code: 'verified' });
    expect(server.hits('/jwks')).toBe(1);
  });

  it('is not disturbed by whoever listens to what happens to keys', async () => {
    const seen: string[] = [];
    const keys = remoteJwks({
      url: server.jwksUri,
      environment,
      monotonicNow: now,
      onKeyEvent: ({ type }) => {
        seen.push(type);
        throw new Error('the log is full');
      },
    });
    const verifier = createJwtVerifier({
      issuer: server.issuer,
      audience,
      algorithms: ['RS256'],
      keys,
    });

    expect(await ask(verifier)).toEqual({ code: 'verified' });
    expect(seen).toEqual(['keys_loaded']);
  });

  it('fetches nothing for a token of another issuer (CLM-12, JWK-12)', async () => {
    const verifier = open();
    const foreign = await server.mintToken({ iss: 'https://evil.example.com' }, { kid: 'evil' });

    expect(await ask(verifier, foreign)).toMatchObject({ code: 'token_issuer_untrusted' });
    expect(server.hits('/jwks')).toBe(0);
  });

  it('follows a rotation within 5 seconds, and keeps taking the old key while it is published', async () => {
    const verifier = open();
    const old = await server.mintToken();
    await ask(verifier, old);
    await server.rotateKeys();
    const fresh = await server.mintToken();

    expect((await ask(verifier, fresh)).code).toBe('token_key_pending');
    clock = 5_000;
    expect((await ask(verifier, fresh)).code).toBe('verified');
    expect((await ask(verifier, old)).code).toBe('verified');
    expect(server.hits('/jwks')).toBe(2);
  });

  it('refuses a withdrawn key after the next fetch (JWK-14)', async () => {
    const verifier = open();
    const old = await server.mintToken();
    await ask(verifier, old);
    await server.rotateKeys({ retireOld: true });
    clock = 5_000;

    expect((await ask(verifier)).code).toBe('verified');
    // CASE-27: refused at once, and called unknown after a fetch that started later.
    expect((await ask(verifier, old)).code).toBe('token_key_pending');
    clock = 10_000;
    expect((await ask(verifier, old)).code).toBe('token_key_unknown');
  });

  it('verifies on while its origin is away, and says what is missing (JWK-15)', async () => {
    const verifier = open();
    const good = await server.mintToken();
    await ask(verifier, good);
    await server.pause();
    clock = 7_200_000;

    expect((await ask(verifier, good)).code).toBe('verified');
    expect(await ask(open(), good)).toEqual({
      code: 'upstream_unavailable',
      detail: 'keys: ECONNREFUSED',
    });
  });

  it.each([
    ['503', { kind: 'status', status: 503 }, 'keys: HTTP 503'],
    ['204', { kind: 'status', status: 204 }, 'keys: HTTP 204'],
    [
      'a redirect (JWK-03)',
      { kind: 'status', status: 302, headers: { Location: '/jwks2' } },
      'redirect',
    ],
    [
      'HTML (JWK-06)',
      { kind: 'status', status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' },
      'not JSON',
    ],
    [
      'an empty set (JWK-07)',
      {
        kind: 'status',
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: '{"keys":[]}',
      },
      'no usable key',
    ],
    [
      'no set (JWK-06)',
      { kind: 'status', status: 200, headers: { 'Content-Type': 'application/json' }, body: '[]' },
      'not a JWK set',
    ],
    [
      'too much (JWK-04)',
      {
        kind: 'status',
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: `"${'x'.repeat(262_143)}"`,
      },
      'more than',
    ],
    ['silence (JWK-05)', { kind: 'hang' }, 'within 300 ms'],
    ['a reset (JWK-05)', { kind: 'reset' }, 'keys: '],
    ['half an answer (JWK-05)', { kind: 'cut', afterBytes: 20 }, 'keys: '],
  ] as const)('takes %s for an outage, and keeps its keys', async (_name, fault, detail) => {
    const verifier = open(0.3);
    await ask(verifier);
    server.fault('/jwks', fault);
    clock = 7_200_000;

    expect((await ask(verifier)).code).toBe('verified');
    expect(await ask(open(0.3))).toEqual({
      code: 'upstream_unavailable',
      detail: expect.stringContaining(detail),
    });
  });
});

describe('discoverJwks', () => {
  it('finds the keys through the issuer’s metadata', async () => {
    expect(await ask(discover())).toEqual({ code: 'verified' });
    expect(server.hits('/.well-known/openid-configuration')).toBe(1);
    expect(server.hits('/jwks')).toBe(1);
  });

  it('asks the other well-known address when there is nothing at the first', async () => {
    server.fault('/.well-known/openid-configuration', { kind: 'status', status: 404 });

    expect(await ask(discover())).toEqual({ code: 'verified' });
    expect(server.hits('/.well-known/oauth-authorization-server')).toBe(1);
  });

  const metadata = (changes: object) => ({
    kind: 'status' as const,
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ issuer: server.issuer, jwks_uri: server.jwksUri, ...changes }),
  });

  it.each<[string, () => object, string]>([
    ['another issuer', () => ({ issuer: 'https://evil.example.com' }), 'another issuer'],
    ['the issuer with a slash', () => ({ issuer: `${server.issuer}/` }), 'another issuer'],
    ['no issuer', () => ({ issuer: undefined }), 'another issuer'],
    ['no jwks_uri', () => ({ jwks_uri: undefined }), 'no jwks_uri'],
    [
      'keys of another host',
      () => ({ jwks_uri: 'https://evil.example.com/jwks' }),
      'another origin',
    ],
    ['keys of another port', () => ({ jwks_uri: 'http://127.0.0.1:1/jwks' }), 'another origin'],
    ['keys in a file', () => ({ jwks_uri: 'file:///etc/passwd' }), 'another origin'],
  ])('does not trust metadata with %s (JWK-22)', async (_name, changes, detail) => {
    server.fault('/.well-known/openid-configuration', metadata(changes()));

    expect(await ask(discover())).toEqual({
      code: 'upstream_unavailable',
      detail: expect.stringContaining(detail),
    });
  });

  it('follows keys that move to another address', async () => {
    const verifier = discover();
    const token = await server.mintToken();
    await ask(verifier, token);
    const body = await (await fetch(server.jwksUri)).text();
    const hits = server.hits('/jwks');
    const moved = new URL('/moved-jwks', server.jwksUri).href;
    const headers = { 'Content-Type': 'application/json' };
    server.fault('/.well-known/openid-configuration', metadata({ jwks_uri: moved }));
    server.fault('/moved-jwks', { kind: 'status', status: 200, headers, body });
    clock = 7_200_000;

    expect((await ask(verifier, token)).code).toBe('verified');
    expect([server.hits('/moved-jwks'), server.hits('/jwks')]).toEqual([1, hits]);
  });

  it('gives up after one time limit for all its fetches (JWK-05)', async () => {
    const keys = discoverJwks({
      issuer: server.issuer,
      environment,
      monotonicNow: now,
      timeoutSeconds: 0.4,
    });
    const verifier = createJwtVerifier({
      issuer: server.issuer,
      audience,
      algorithms: ['RS256'],
      keys,
    });
    const token = await server.mintToken();
    server.fault('/.well-known/openid-configuration', { kind: 'hang' });
    server.fault('/.well-known/oauth-authorization-server', { kind: 'hang' });

    expect(await ask(verifier, token)).toEqual({
      code: 'upstream_unavailable',
      detail: 'keys: no answer within 400 ms',
    });
    // The first document took all the time that there was for both.
    expect(server.hits('/.well-known/oauth-authorization-server')).toBe(0);
  });

  it('is an outage when nobody answers', async () => {
    const token = await server.mintToken();
    await server.pause();

    expect(await ask(discover(), token)).toMatchObject({ code: 'upstream_unavailable' });
  });
});
