import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@sallyport/core';
import { exportJWK, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { createDpop } from '../src/index.ts';
import { hashOf } from './fixture.ts';
import { createClient, startGate, toolCall } from './gate.ts';

const createPair = () => oauth.generateKeyPair('ES256', { extractable: true });

describe.each(['jwt', 'opaque'] as const)('with tokens that are %s', (format) => {
  it('lets the holder of the key in, again and again', async () => {
    const started = await startGate([createDpop()], format);
    const client = await createClient(started, await createPair());

    expect(client.tokenType).toBe('dpop');
    expect((await client.call('read')).status).toBe(200);
    expect((await client.call('read')).status).toBe(200);
    expect(started.events.map(({ event }) => event)).toEqual([
      'authenticated',
      'authorized',
      'authenticated',
      'authorized',
    ]);
  });

  it('refuses the same token as Bearer (DPOP-10)', async () => {
    const started = await startGate([createDpop()], format);
    const { token } = await createClient(started, await createPair());
    const { status, headers } = await fetch(started.resource, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(toolCall('read')),
    });

    expect(status).toBe(401);
    expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(started.events).toMatchObject([
      {
        code: 'token_sender_constrained',
        detail: 'bound to a DPoP key, and sent as Bearer',
        clientId: 'machine',
      },
    ]);
    expect(started.seen).toEqual([]);
  });

  it('refuses a bound token where no proof is asked for, as ever (CLM-17)', async () => {
    const started = await startGate([], format);
    const { token } = await createClient(started, await createPair());
    const headers = { Authorization: `Bearer ${token}` };

    expect((await fetch(started.resource, { headers })).status).toBe(401);
    expect(started.events).toMatchObject([
      {
        code: 'token_sender_constrained',
        detail: expect.stringContaining('cnf: bound to a DPoP key'),
      },
    ]);
  });

  it('refuses a bearer token under the scheme DPoP (DPOP-10)', async () => {
    const started = await startGate([createDpop()], format);
    const client = await createClient(started);
    const proof = oauth.DPoP({}, await createPair());
    await expect(client.call('read', proof)).rejects.toThrow();

    expect((await client.call('read')).status).toBe(200);
    expect(started.events[0]).toMatchObject({ code: 'token_not_sender_constrained' });
  });

  it('refuses a bearer token where bound ones are required', async () => {
    const started = await startGate([createDpop({ required: true })], format);
    const plain = await createClient(started);
    const bound = await createClient(started, await createPair());
    await expect(plain.call('read')).rejects.toThrow();

    expect((await bound.call('read')).status).toBe(200);
    expect(started.events[0]).toMatchObject({ code: 'token_not_sender_constrained' });
  });

  it('refuses a thief with a key of their own (DPOP-09)', async () => {
    const started = await startGate([createDpop()], format);
    const client = await createClient(started, await createPair());
    const thief = oauth.DPoP({}, await createPair());
    const error = await client.call('read', thief).catch((reason: unknown) => reason);

    // The standard's own reader of challenges finds the error where it belongs.
    expect(error).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    expect((error as oauth.WWWAuthenticateChallengeError).cause).toMatchObject([
      { scheme: 'bearer', parameters: { scope: 'notes:read' } },
      { scheme: 'dpop', parameters: { error: 'invalid_token', algs: 'ES256 Ed25519 EdDSA' } },
    ]);
  });
});

it('asks for its nonce, which the client picks up, and renews it on the way (DPOP-11)', async () => {
  const secret = new Secret('kJ8s-3Gq0_vVb7Yx2LmN5pRtUwZaCdEfHiKoQs4T6u1');
  const started = await startGate([createDpop({ nonce: { secret } })]);
  const client = await createClient(started, await createPair());
  const error = await client.call('read').catch((reason: unknown) => reason);

  expect(oauth.isDPoPNonceError(error)).toBe(true);
  expect((await client.call('read')).status).toBe(200);
  expect(started.events.map(({ code }) => code)).toEqual([
    'dpop_nonce_required',
    undefined,
    undefined,
  ]);
});

it('says which scopes are missing, in the scheme that was used', async () => {
  const started = await startGate([createDpop()]);
  const client = await createClient(started, await createPair());
  const error = await client.call('admin').catch((reason: unknown) => reason);

  expect((error as oauth.WWWAuthenticateChallengeError).cause).toMatchObject([
    { scheme: 'bearer', parameters: { scope: 'notes:admin' } },
    { scheme: 'dpop', parameters: { error: 'insufficient_scope' } },
  ]);
});

it('shows no part of the proof to the server behind the gate', async () => {
  const started = await startGate([createDpop()]);
  const client = await createClient(started, await createPair());
  await client.call('read');
  const [seen] = started.seen;

  expect(seen?.scopes).toEqual(['notes:read']);
  expect(Object.keys(seen?.headers ?? {})).not.toContain('dpop');
  expect(seen?.raw.map((name) => name.toLowerCase())).not.toContain('dpop');
  expect(JSON.stringify(seen)).not.toContain('eyJ');
});

function send(
  url: string,
  headers: readonly string[],
  host: string = new URL(url).host,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const lines = ['Host', host, 'Content-Type', 'application/json', ...headers];
    const request = httpRequest(url, { method: 'POST', headers: lines });
    request.on('error', reject).on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.end(JSON.stringify(toolCall('read')));
  });
}

async function createProver(started: Awaited<ReturnType<typeof startGate>>) {
  const pair = await createPair();
  const { token } = await createClient(started, pair);
  const jwk = await exportJWK(pair.publicKey);
  const prove = (claims: Record<string, unknown> = {}) =>
    new SignJWT({
      jti: randomUUID(),
      htm: 'POST',
      htu: started.resource,
      ath: hashOf(token),
      ...claims,
    })
      .setIssuedAt()
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .sign(pair.privateKey);
  return { token, prove };
}

it('reads the header in any case, and once (DPOP-01)', async () => {
  const started = await startGate([createDpop()]);
  const { token, prove } = await createProver(started);
  const by = (...rest: string[]) =>
    send(started.resource, ['AUTHORIZATION', `dpop ${token}`, ...rest]);

  expect(await by('DPOP', await prove())).toBe(200);
  expect(await by('dpop', await prove())).toBe(200);
  expect(await by('DPoP', await prove(), 'dpop', await prove())).toBe(401);
  expect(await by('DPoP', `${await prove()}, ${await prove()}`)).toBe(401);
  expect(await by()).toBe(401);
});

it('takes the address from its configuration and never from Host (DPOP-06)', async () => {
  const started = await startGate([createDpop()]);
  const { token, prove } = await createProver(started);
  const authorization = ['Authorization', `DPoP ${token}`];
  const deceived = await prove({ htu: 'http://localhost:1/mcp' });
  const elsewhere = await prove({ htu: started.resource.replace('/mcp', '/other') });

  expect(
    await send(started.resource, [...authorization, 'DPoP', await prove()], 'localhost:1'),
  ).toBe(200);
  expect(await send(started.resource, [...authorization, 'DPoP', deceived], 'localhost:1')).toBe(
    401,
  );
  expect(await send(started.resource, [...authorization, 'DPoP', elsewhere])).toBe(401);
  expect(started.events.map(({ detail }) => detail)).toContain('htu');
});

it('lets one of many through that come with one proof (DPOP-08)', async () => {
  const started = await startGate([createDpop()]);
  const { token, prove } = await createProver(started);
  const lines = ['Authorization', `DPoP ${token}`, 'DPoP', await prove()];
  const statuses = await Promise.all(
    Array.from({ length: 20 }, () => send(started.resource, lines)),
  );

  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 401)).toHaveLength(19);
});

it('keeps a stream open for as long as the token is good, though its proof is used', async () => {
  const started = await startGate([createDpop()]);
  const { token, prove } = await createProver(started);
  const { gate, resource } = started;
  const lines = new Map([
    ['authorization', `DPoP ${token}`],
    ['dpop', await prove({ htm: 'GET' })],
  ]);
  const decision = await gate.handle({
    method: 'GET',
    target: '/mcp',
    host: new URL(resource).host,
    field: (name) => [lines.get(name) ?? []].flat(),
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    readJson: () => Promise.reject(new Error('there is no body')),
  });
  if (!decision.pass || decision.lease === undefined) return expect.fail('no stream was opened');
  let ended = false;
  const stop = decision.lease.watch(() => {
    ended = true;
  });
  await sleep(10);
  stop();

  expect(ended).toBe(false);
});

it('publishes what it takes (RFC 9728 §2)', async () => {
  const metadata = async (options: Parameters<typeof createDpop>[0]) => {
    const { resource } = await startGate([createDpop(options)]);
    const url = resource.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
    return (await fetch(url)).json();
  };
  const optional = await metadata({});

  expect(optional).toMatchObject({
    dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
  });
  expect(optional).not.toHaveProperty('dpop_bound_access_tokens_required');
  expect(optional).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
  expect(await metadata({ required: true })).toMatchObject({
    dpop_bound_access_tokens_required: true,
  });
});
