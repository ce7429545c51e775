import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contractThumbprint, describeTokenVerifier } from '@sallyport/contract-tests';
import { detectEnvironment, Secret } from '@sallyport/core';
import { exportSPKI, SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  discoverJwks,
  hmacSecret,
  localJwks,
  publicKey,
  remoteJwks,
} from '../src/index.ts';
import {
  audience,
  es256,
  goodClaims,
  goodOptions,
  issuer,
  judge,
  jwks,
  mint,
  now,
  otherEs256,
} from './fixture.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'test' });

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  const discovered = { issuer: origin, jwks_uri: `${origin}/jwks` };
  response.end(JSON.stringify(request.url === '/jwks' ? jwks : discovered));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
// Nothing listens there: connecting is refused at once.
const nowhere = 'http://127.0.0.1:9';

type Mint = (claims?: Record<string, unknown>) => Promise<string>;

async function tamper(token: string): Promise<string> {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' }));
  return [header, changed.toString('base64url'), signature].join('.');
}

const tokensOf = (sign: Mint) => ({
  valid: () => sign(),
  garbage: async () => 'a-legal-b64token-but-not-a-jwt',
  tampered: async () => tamper(await sign()),
  expired: () => sign({ iat: now - 7_200, exp: now - 3_600 }),
  notYetValid: () => sign({ nbf: now + 3_600 }),
  otherIssuer: () => sign({ iss: 'https://evil.example.com' }),
  otherAudience: () => sign({ aud: 'https://other.example.com' }),
  withoutAudience: () => sign({ aud: undefined }),
  senderConstrained: () => sign({ cnf: { jkt: contractThumbprint } }),
});
const validUntilSeconds = now + 300;

describe('with a local key set', () => {
  describeTokenVerifier({
    create: () => createJwtVerifier({ ...goodOptions, keys: localJwks(jwks) }),
    upstream: 'none',
    tokens: tokensOf(mint),
    validUntilSeconds,
  });
});

describe('with a remote key set', () => {
  const open = (url: string) => () =>
    createJwtVerifier({
      issuer,
      audience,
      algorithms: ['ES256'],
      keys: remoteJwks({ url, environment }),
    });
  describeTokenVerifier({
    create: open(`${origin}/jwks`),
    upstream: { kind: 'keys', createWithOutage: open(`${nowhere}/jwks`) },
    tokens: tokensOf(mint),
    validUntilSeconds,
  });
});

describe('with a discovered key set', () => {
  const open = (from: string) => () =>
    createJwtVerifier({
      issuer: from,
      audience,
      algorithms: ['ES256'],
      keys: discoverJwks({ issuer: from, environment }),
    });
  const sign: Mint = (claims) => mint({ iss: origin, ...claims });
  describeTokenVerifier({
    create: open(origin),
    upstream: {
      kind: 'keys',
      createWithOutage: () =>
        createJwtVerifier({
          issuer: origin,
          audience,
          algorithms: ['ES256'],
          keys: discoverJwks({ issuer: nowhere, environment }),
        }),
    },
    tokens: tokensOf(sign),
    validUntilSeconds,
  });
});

describe('with a public key', async () => {
  const pem = await exportSPKI(es256.publicKey);
  describeTokenVerifier({
    create: () =>
      createJwtVerifier({ issuer, audience, algorithms: ['ES256'], keys: publicKey(pem) }),
    upstream: 'none',
    tokens: tokensOf(mint),
    validUntilSeconds,
  });
});

describe('with a shared secret', () => {
  const secret = 'kJ8s-3Gq0_vVb7Yx2LmN5pRtUwZaCdEfHiKoQs4T6u1';
  const sign: Mint = (claims = {}) =>
    new SignJWT({ ...goodClaims, ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from(secret));
  describeTokenVerifier({
    create: () =>
      createJwtVerifier({
        issuer,
        audience,
        algorithms: ['HS256'],
        keys: hmacSecret(new Secret(secret)),
      }),
    upstream: 'none',
    tokens: tokensOf(sign),
    validUntilSeconds,
  });
});

it('refuses a good token under somebody else’s key', async () => {
  const keys = publicKey(await exportSPKI(otherEs256.publicKey));
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['ES256'], keys });

  expect(await judge(await mint(), verifier)).toMatchObject({ code: 'token_signature_invalid' });
});
