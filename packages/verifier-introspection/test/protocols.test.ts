/** Answers that are signed, and endpoints with words of their own. */
import { Secret } from '@sallyport/core';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  bearerToken,
  clerkVerify,
  googleTokeninfo,
  noClientAuthentication,
  signedResponse,
} from '../src/index.ts';
import { answer, goodAnswer, judge, rogueIssuer, startRogue } from './fixture.ts';

describe('signedResponse (RFC 9701)', async () => {
  const own = await generateKeyPair('ES256', { extractable: true });
  const stranger = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k', alg: 'ES256' }] };
  const protocol = signedResponse({
    issuer: rogueIssuer,
    audience: 'resource-server',
    jwks,
    algorithms: ['ES256'],
  });
  const mediaType = 'application/token-introspection+jwt';
  const sign = ({
    typ = 'token-introspection+jwt',
    key = own.privateKey,
    ...claims
  }: Record<string, unknown> & {
    typ?: string;
    key?: CryptoKeyLike;
  } = {}) =>
    new SignJWT({
      iss: rogueIssuer,
      aud: 'resource-server',
      iat: Math.floor(Date.now() / 1_000),
      token_introspection: goodAnswer(),
      ...claims,
    } as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ })
      .sign(key as never);
  type CryptoKeyLike = typeof own.privateKey;
  const seconds = () => Math.floor(Date.now() / 1_000);
  const deep = (depth: number): unknown => (depth === 0 ? 0 : [deep(depth - 1)]);
  const ask = async (text: string, type = mediaType) => {
    const rogue = await startRogue(answer(text, 200, { 'Content-Type': type }));
    const code = await judge(rogue.create({ protocol }), 'opaque');
    expect(rogue.headers[0]?.accept).toBe(mediaType);
    return code;
  };

  it('reads what the server signed', async () => {
    expect(await ask(await sign())).toBe('verified');
    expect(await ask(await sign({ token_introspection: { active: false } }))).toBe(
      'token_inactive',
    );
  });

  it.each<[string, () => Promise<string>]>([
    ['signed by somebody else', () => sign({ key: stranger.privateKey })],
    ['for another server', () => sign({ aud: 'another' })],
    ['of another issuer', () => sign({ iss: 'https://evil.example.com' })],
    ['of another type', () => sign({ typ: 'at+jwt' })],
    ['without a time', () => sign({ iat: undefined })],
    ['without an answer', () => sign({ token_introspection: undefined })],
    ['no JWT', async () => 'x'],
    ['signed a year ago (CASE-66)', () => sign({ iat: seconds() - 365 * 86_400 })],
    ['signed two minutes ago (CASE-66)', () => sign({ iat: seconds() - 125 })],
    ['signed in a day (CASE-66)', () => sign({ iat: seconds() + 86_400 })],
    ['signed in two minutes (CASE-66)', () => sign({ iat: seconds() + 125 })],
    ['signed at no time (CASE-66)', () => sign({ iat: `${seconds()}` })],
    ['over (CASE-66)', () => sign({ exp: seconds() - 120 })],
    [
      'nested too deeply (CASE-70)',
      () => sign({ token_introspection: goodAnswer({ x: deep(40) }) }),
    ],
  ])('believes no answer that is %s', async (_name, make) => {
    expect(await ask(await make())).toBe('upstream_unavailable');
  });

  it.each([-90, 0, 50])(
    'CASE-66: allows a minute and the difference of clocks: %i s',
    async (age) => {
      expect(await ask(await sign({ iat: seconds() + age }))).toBe('verified');
    },
  );

  it('CASE-70: takes no signed answer that can be read in two ways', async () => {
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const header = encode('{"alg":"ES256","kid":"k","typ":"token-introspection+jwt"}');
    const claims = { iss: rogueIssuer, aud: 'resource-server', iat: seconds() };
    const answers = '"token_introspection":{"active":false},"token_introspection":';
    const payload = encode(
      `${JSON.stringify(claims).slice(0, -1)},${answers}${JSON.stringify(goodAnswer())}}`,
    );
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      own.privateKey,
      Buffer.from(`${header}.${payload}`),
    );

    expect(await ask(`${header}.${payload}.${Buffer.from(signature).toString('base64url')}`)).toBe(
      'upstream_unavailable',
    );
  });

  it('takes no answer without a signature', async () => {
    expect(await ask(JSON.stringify(goodAnswer()), 'application/json')).toBe(
      'upstream_unavailable',
    );
  });

  it.each<{ algorithms: readonly unknown[] }>(
    [
      ...[[], ['HS256'], ['none'], ['RSA1_5'], ['RSA-OAEP'], ['ES256', 'RS1'], ['ES256K']],
      ...[['ECDH-ES'], ['Edwards'], ['es256'], [undefined], ['PS']],
    ].map((algorithms) => ({ algorithms })),
  )('CASE-66: takes no algorithms like $algorithms', ({ algorithms }) => {
    expect(() =>
      signedResponse({ issuer: 'i', audience: 'a', jwks, algorithms: algorithms as never }),
    ).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});

describe('googleTokeninfo', () => {
  const clientId = '1-a.apps.googleusercontent.com';
  const info = {
    azp: clientId,
    aud: clientId,
    sub: '1067',
    scope: 'openid https://www.googleapis.com/auth/drive',
    exp: `${Math.floor(Date.now() / 1_000) + 300}`,
    expires_in: '300',
    email: 'ada@acme.com',
    email_verified: 'true',
  };
  const ask = async (value: unknown, status = 200) => {
    const rogue = await startRogue(answer(value, status));
    const verifier = rogue.create({
      protocol: googleTokeninfo,
      clientAuthentication: noClientAuthentication(),
      audience: clientId,
      issuer: 'https://accounts.google.com',
    });
    return { rogue, code: await judge(verifier, 'ya29.opaque') };
  };

  it('sends the token in a header, and nothing in the URL or a body', async () => {
    const { rogue, code } = await ask(info);

    expect(code).toBe('verified');
    expect(rogue.headers[0]?.authorization).toBe('Bearer ya29.opaque');
    expect(rogue.bodies).toEqual(['']);
  });

  it.each<[unknown, number, string]>([
    [{ ...info, aud: 'another' }, 200, 'token_audience_mismatch'],
    [{ ...info, exp: 'soon' }, 200, 'token_claim_invalid'],
    [{ ...info, exp: '1' }, 200, 'token_expired'],
    [{ error: 'invalid_token' }, 400, 'token_inactive'],
    [{ error_description: 'Invalid Value' }, 400, 'token_inactive'],
    [{ error: 'invalid_client' }, 400, 'upstream_unavailable'],
    ['<html>', 400, 'upstream_unavailable'],
    [{}, 500, 'upstream_unavailable'],
    [{}, 200, 'upstream_unavailable'],
    [{ error: 'server_error' }, 200, 'upstream_unavailable'],
  ])('makes of %j with %i: %s', async (value, status, expected) => {
    expect((await ask(value, status)).code).toBe(expected);
  });
});

describe('clerkVerify', () => {
  const good = {
    object: 'clerk_idp_oauth_access_token',
    client_id: 'client_1',
    subject: 'user_1',
    scopes: ['notes:read'],
    revoked: false,
    expired: false,
    expiration: Date.now() + 300_000,
  };
  const ask = async (value: unknown) => {
    const rogue = await startRogue(answer(value));
    const verifier = rogue.create({
      protocol: clerkVerify,
      clientAuthentication: bearerToken(new Secret('sk_test_1')),
      audience: undefined,
      audienceFromClient: true,
    } as object);
    return { rogue, code: await judge(verifier, 'oat_1') };
  };

  it('asks with the secret key, in JSON', async () => {
    const { rogue, code } = await ask(good);

    expect(code).toBe('verified');
    expect(rogue.headers[0]).toMatchObject({
      authorization: 'Bearer sk_test_1',
      'content-type': 'application/json',
    });
    expect(JSON.parse(rogue.bodies[0] ?? '')).toEqual({ access_token: 'oat_1' });
  });

  it.each([
    [{ ...good, revoked: true }, 'token_inactive'],
    [{ ...good, expired: true }, 'token_inactive'],
    [{ ...good, revoked: undefined }, 'token_inactive'],
    [{ ...good, expiration: Date.now() - 120_000 }, 'token_expired'],
    [{ ...good, expiration: null }, 'verified'],
    [{ ...good, subject: undefined }, 'verified'],
    [[], 'upstream_unavailable'],
    [{}, 'upstream_unavailable'],
    [{ errors: [{ code: 'internal' }] }, 'upstream_unavailable'],
  ])('makes of %j: %s', async (value, expected) => {
    expect((await ask(value)).code).toBe(expected);
  });
});
