import { mintToken } from '@sallyport/testing';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { describe, expect, it } from 'vitest';
import {
  authorize,
  basic,
  introspect,
  machine,
  notes,
  post,
  register,
  start,
  vault,
} from './client.ts';

async function fetchKids(jwksUri: string): Promise<unknown[]> {
  const { keys } = (await (await fetch(jwksUri)).json()) as JSONWebKeySet;
  return keys.map(({ kid }) => kid);
}

describe('client credentials', () => {
  const request = { grant_type: 'client_credentials', scope: 'notes:read' };

  it('are taken from a form-encoded Basic header', async () => {
    const server = await start();
    const body = new URLSearchParams({ ...request, resource: notes.resource });

    const { status, json } = await post(server.tokenUrl, body, basic());

    expect(status).toBe(200);
    expect(decodeJwt(String(json['access_token']))).toMatchObject({
      aud: notes.resource,
      sub: machine.clientId,
      client_id: machine.clientId,
      scope: 'notes:read',
    });
  });

  it.each([
    ['another secret', basic({ ...machine, clientSecret: 'a:b%c+d è&=/' })],
    ['an empty secret', basic({ ...machine, clientSecret: '' })],
    ['an unknown client', basic({ ...machine, clientId: 'machine:2' })],
    ['a secret without form-encoding', { Authorization: `Basic ${btoa('machine%3A1:a%c')}` }],
    ['no secret', {}],
  ])('are refused with %s', async (_name, headers) => {
    const server = await start();

    const { status, json } = await post(server.tokenUrl, new URLSearchParams(request), headers);

    expect([400, 401]).toContain(status);
    expect(json['error']).toMatch(/^invalid_(?:client|request)$/);
  });

  it('are taken from the body as well', async () => {
    const client = { clientId: 'plain', clientSecret: 'p:%+' };
    const server = await start({ clients: [client] });
    const body = new URLSearchParams({
      ...request,
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });

    expect((await post(server.tokenUrl, body)).status).toBe(200);
  });

  it('get no more scopes than the options allow', async () => {
    const server = await start({ clients: [{ ...machine, scopes: ['notes:read'] }] });
    const ask = (scope?: string) =>
      post(
        server.tokenUrl,
        new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }),
        basic(),
      );

    expect((await ask()).json['scope']).toBe('notes:read');
    expect((await ask('notes:read notes:write')).json['scope']).toBe('notes:read');
    expect((await ask('notes:write')).json['error']).toBe('invalid_scope');
  });
});

describe('an opaque token', () => {
  it('is active until it is revoked', async () => {
    const server = await start();
    const token = await server.issueToken({
      scopes: ['vault:open'],
      resource: vault.resource,
      clientId: machine.clientId,
      subject: 'ada',
    });

    const before = await introspect(server, token);
    await post(server.revocationUrl, new URLSearchParams({ token }), basic());

    expect(before).toMatchObject({
      active: true,
      aud: vault.resource,
      client_id: machine.clientId,
      scope: 'vault:open',
      sub: 'ada',
    });
    expect(await introspect(server, token)).toEqual({ active: false });
  });

  it('is nothing that a public client can look into', async () => {
    const server = await start();
    const clientId = await register(server);
    const token = await server.issueToken({ scopes: [], resource: vault.resource });

    const { json } = await post(
      server.introspectionUrl,
      new URLSearchParams({ token, client_id: clientId }),
    );

    expect(json).toEqual({ active: false });
  });

  it('is not revoked by another client', async () => {
    const server = await start();
    const token = await server.issueToken({ scopes: [], resource: vault.resource });

    await post(server.revocationUrl, new URLSearchParams({ token }), basic());

    expect(await introspect(server, token)).toMatchObject({ active: true });
  });
});

it('issues tokens to a client alone', async () => {
  const server = await start();
  const token = await server.issueToken({
    scopes: ['notes:write'],
    grantType: 'client_credentials',
    format: 'opaque',
  });

  const { sub, ...rest } = await introspect(server, token);

  expect(sub).toBeUndefined();
  expect(rest).toMatchObject({
    active: true,
    client_id: 'sallyport-testing',
    scope: 'notes:write',
  });
});

it('issues JWTs that look like those of the token endpoint', async () => {
  const server = await start();
  const clientId = await register(server);
  const { json } = await authorize(server, { clientId, scope: 'notes:read' });

  const issued = await server.issueToken({ scopes: ['notes:read'], clientId });

  const [one, other] = [String(json['access_token']), issued].map(decodeJwt);
  expect(Object.keys(one ?? {}).sort()).toEqual(Object.keys(other ?? {}).sort());
  expect(other).toMatchObject({ aud: notes.resource, sub: 'developer', client_id: clientId });
});

it('cannot issue what its resources do not have', async () => {
  const server = await start();

  await expect(server.issueToken({ scopes: ['other'] })).rejects.toThrow(TypeError);
  await expect(server.issueToken({ scopes: [], resource: 'urn:other' })).rejects.toThrow(TypeError);
});

describe('a minted token', () => {
  it('is as good as an issued one', async () => {
    const server = await start();
    const keys = createRemoteJWKSet(new URL(server.jwksUri));

    const { payload, protectedHeader } = await jwtVerify(await server.mintToken(), keys, {
      issuer: server.issuer,
      audience: notes.resource,
      typ: 'at+jwt',
    });

    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
    expect(payload).toMatchObject({
      sub: 'developer',
      client_id: 'sallyport-testing',
      scope: 'notes:read notes:write',
      jti: expect.any(String),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600);
  });

  it('has what it is told to have', async () => {
    const server = await start();

    const token = await server.mintToken(
      { sub: undefined, exp: 1, aud: ['a', 'b'], roles: { admin: true } },
      { kid: undefined, typ: 'JWT' },
    );

    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ exp: 1, aud: ['a', 'b'], roles: { admin: true } });
    expect(claims).not.toHaveProperty('sub');
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT' });
  });

  it('can be signed with a foreign key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');

    const token = await mintToken({
      key: privateKey,
      claims: { iss: 'https://evil.example', exp: undefined },
      header: { alg: 'EdDSA' },
    });

    const { payload } = await jwtVerify(token, publicKey);
    expect(payload).toEqual({ iss: 'https://evil.example' });
  });
});

describe('a key rotation', () => {
  it('signs with a new key, publishes both, and forgets nothing', async () => {
    const server = await start();
    const clientId = await register(server);
    const opaque = await server.issueToken({ scopes: [], resource: vault.resource });
    const [before] = await fetchKids(server.jwksUri);

    const { kid } = await server.rotateKeys();

    expect(kid).not.toBe(before);
    expect(await fetchKids(server.jwksUri)).toEqual([kid, before]);
    expect(decodeProtectedHeader(await server.mintToken()).kid).toBe(kid);
    expect(await introspect(server, opaque)).toMatchObject({ active: true });
    const { json } = await authorize(server, { clientId, scope: 'openid notes:read' });
    expect(decodeProtectedHeader(String(json['access_token'])).kid).toBe(kid);
    expect(decodeProtectedHeader(String(json['id_token'])).kid).toBe(kid);
  });

  it('can take the old keys away', async () => {
    const server = await start();
    await server.rotateKeys();

    const { kid } = await server.rotateKeys({ retireOld: true });

    expect(await fetchKids(server.jwksUri)).toEqual([kid]);
  });
});
