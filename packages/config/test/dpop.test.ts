/** Tokens that are bound to a key of the client, by variables (SDK-23, DPOP-08). */
import { createHash, randomUUID, webcrypto } from 'node:crypto';
import { mintToken } from '@sallyport/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig } from '../src/index.ts';
import { mintWithSecret } from './mint-with-secret.ts';
import { type Changes, hmacKey, load, opaque, problemsOf } from './set-up.ts';

const resource = 'https://notes.acme-corp.dev/mcp';
const issuer = 'https://internal-auth.acme-corp.dev';
const hmac = {
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: 'notes',
  JWT_JWKS_URI: undefined,
  JWT_PUBLIC_KEY: hmacKey,
  JWT_REQUIRED_SCOPES: undefined,
  JWT_ALGORITHM: 'HS256',
  RESOURCE_URL: resource,
};
const secret = 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe2Xb4';
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
]);
const { crv, kty, x, y } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
// RFC 7638 §3.2: the members in this order.
const thumbprint = digest(JSON.stringify({ crv, kty, x, y }));

const tokenWith = (claims: Readonly<Record<string, unknown>> = {}) =>
  mintWithSecret({ iss: issuer, aud: 'notes', ...claims });
const boundToken = () => tokenWith({ cnf: { jkt: thumbprint } });

const proofFor = (token: string, claims: Readonly<Record<string, unknown>> = {}) =>
  mintToken({
    key: pair.privateKey,
    header: { alg: 'ES256', typ: 'dpop+jwt', jwk: { crv, kty, x, y } },
    claims: {
      ...{ jti: randomUUID(), htm: 'POST', htu: resource, ath: digest(token) },
      ...{ iat: Math.floor(Date.now() / 1_000), ...claims },
    },
  });

async function open(changes: Changes) {
  const { gate, close } = await createGateFromConfig(await load({ ...hmac, ...changes }), {
    tools: { read: [] },
    audit: { emit: () => {} },
    onEvent: () => {},
  });
  onTestFinished(close);
  /** The status, and the fields of the answer. */
  return async (scheme: string, token: string, proof?: string) => {
    const fields: Record<string, string> = { authorization: `${scheme} ${token}` };
    if (proof !== undefined) fields['dpop'] = proof;
    const decision = await gate.handle({
      method: 'POST',
      target: '/mcp',
      host: new URL(resource).host,
      field: (name) => (fields[name] === undefined ? [] : [fields[name]]),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({
        ok: true,
        value: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read' } },
      }),
    });
    if (decision.pass) return { status: 200, headers: {} as Readonly<Record<string, string>> };
    return decision.answer;
  };
}

it('SDK-23, DPOP-08: accepts a bound token with its proof once, and any other token as before', async () => {
  const send = await open({ DPOP: 'accepted' });
  const token = await boundToken();
  const proof = await proofFor(token);

  expect((await send('DPoP', token, proof)).status).toBe(200);
  expect((await send('DPoP', token, proof)).status).toBe(401);
  expect((await send('Bearer', token)).status).toBe(401);
  expect((await send('Bearer', await tokenWith())).status).toBe(200);
});

it('SDK-23: requires bound tokens where a variable says so', async () => {
  const send = await open({ DPOP: 'required' });
  const token = await boundToken();

  expect((await send('DPoP', token, await proofFor(token))).status).toBe(200);
  expect((await send('Bearer', await tokenWith())).status).toBe(401);
});

it('SDK-23: refuses bound tokens without the variable', async () => {
  const send = await open({});
  const token = await boundToken();

  expect((await send('DPoP', token, await proofFor(token))).status).toBe(401);
});

it('SDK-23: takes the lifetime of proofs and the secret of nonces from variables', async () => {
  const send = await open({
    DPOP: 'accepted',
    DPOP_PROOF_LIFETIME_SECONDS: '20',
    DPOP_NONCE_SECRET: secret,
  });
  const token = await boundToken();
  const now = Math.floor(Date.now() / 1_000);
  const { status, headers } = await send('DPoP', token, await proofFor(token));
  const nonce = headers['DPoP-Nonce'];

  expect(status).toBe(401);
  expect(nonce).toMatch(/^[\w-]{43}$/);
  expect((await send('DPoP', token, await proofFor(token, { nonce }))).status).toBe(200);
  expect((await send('DPoP', token, await proofFor(token, { nonce, iat: now - 90 }))).status).toBe(
    401,
  );
});

it.each<[string, Changes, string]>([
  ['another word', { DPOP: 'yes' }, 'DPOP: must be accepted or required'],
  [
    'a lifetime alone',
    { DPOP_PROOF_LIFETIME_SECONDS: '60' },
    'DPOP_PROOF_LIFETIME_SECONDS: has no effect without FASTMCP_SERVER_AUTH_DPOP=accepted or required',
  ],
  ['a Redis alone', { DPOP_REDIS_URL: 'rediss://redis:6379' }, 'DPOP_REDIS_URL: has no effect'],
  ['a secret alone', { DPOP_NONCE_SECRET: secret }, 'DPOP_NONCE_SECRET: has no effect'],
  [
    'a proof that lives too long',
    { DPOP: 'accepted', DPOP_PROOF_LIFETIME_SECONDS: '3601' },
    'DPOP_PROOF_LIFETIME_SECONDS: must be a whole number from 10 to 3600',
  ],
  ['a short secret', { DPOP: 'accepted', DPOP_NONCE_SECRET: 'short' }, 'DPOP_NONCE_SECRET: must'],
  [
    'a secret that can be guessed',
    { DPOP: 'accepted', DPOP_NONCE_SECRET: 'a'.repeat(64) },
    'DPOP_NONCE_SECRET: ',
  ],
  [
    'another URL',
    { DPOP: 'accepted', DPOP_REDIS_URL: 'http://redis' },
    'DPOP_REDIS_URL: must be a URL that begins with redis:// or rediss://',
  ],
  [
    'options of Redis',
    { DPOP: 'accepted', DPOP_REDIS_URL: 'rediss://redis:6379?tls=false' },
    'DPOP_REDIS_URL: must not have options',
  ],
  [
    'API keys that could never come in',
    { DPOP: 'required', API_KEY_FILE: '/srv/keys.json', API_KEY_SECRET: secret },
    'DPOP: would refuse every API key of FASTMCP_SERVER_AUTH_API_KEY_FILE',
  ],
  [
    'API keys alone',
    {
      ...{ DPOP: 'accepted', TYPE: 'api-key', API_KEY_FILE: '/srv/keys.json' },
      ...{ API_KEY_SECRET: secret, JWT_ISSUER: undefined, JWT_AUDIENCE: undefined },
      ...{ JWT_PUBLIC_KEY: undefined, JWT_ALGORITHM: undefined },
    },
    'DPOP: has no effect: no token of this type is bound to a key',
  ],
])('SDK-23: refuses %s at the start', async (_name, changes, sentence) => {
  expect(await problemsOf({ ...hmac, ...changes })).toEqual([expect.stringContaining(sentence)]);
});

it('SDK-23: is there for opaque tokens, and refused for a proxy that adds tokens', async () => {
  expect(await problemsOf({ ...opaque, DPOP: 'required' })).toEqual([]);
  const iap = {
    ...{ ...hmac, JWT_PUBLIC_KEY: undefined, JWT_ALGORITHM: undefined, JWT_ISSUER: undefined },
    ...{ JWT_PROVIDER: 'google-iap', DPOP: 'accepted' },
    JWT_AUDIENCE: '/projects/738495021846/global/backendServices/1234567890',
  };
  expect(await problemsOf(iap)).toContainEqual(
    expect.stringContaining('DPOP: has no effect: the proxy of'),
  );
});
