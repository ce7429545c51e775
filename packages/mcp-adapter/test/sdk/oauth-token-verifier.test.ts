import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { requireBearerAuth as requireBearerAuthV2 } from '@modelcontextprotocol/server';
import { AuthError, type AuthErrorCode, type TokenVerifier } from '@sallyport/core';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { toOAuthTokenVerifier as forSdkV1 } from '../../src/sdk.ts';
import { toOAuthTokenVerifier as forSdkV2 } from '../../src/server.ts';
import { resource } from '../fixture.ts';

const fails = (error: unknown): TokenVerifier => ({
  name: 'test',
  verify: () => Promise.reject(error),
});
const works: TokenVerifier = {
  name: 'test',
  verify: async (_token, { nowSeconds }) => ({
    issuer: 'https://auth.example.com',
    subject: 'user-1',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(['notes:read']),
    expiresAt: nowSeconds + 60,
    claims: {},
  }),
};

/** The status of the SDK's own gate with our verifier in it. */
const gates: Readonly<Record<string, (verifier: TokenVerifier) => Promise<number>>> = {
  async 'SDK v1'(verifier) {
    const app = express();
    app.use(requireBearerAuth({ verifier: forSdkV1({ verifier, resource }) }));
    app.use((_request, response) => void response.end());
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = { Authorization: 'Bearer token-that-may-read' };
    const { status } = await fetch(`http://127.0.0.1:${port}`, { headers });
    server.closeAllConnections();
    server.close();
    return status;
  },
  async 'SDK v2'(verifier) {
    const gate = requireBearerAuthV2({
      verifier: forSdkV2({ verifier, resource }),
      expectedResource: new URL(resource),
    });
    const headers = { Authorization: 'Bearer token-that-may-read' };
    const outcome = await gate(new Request(resource, { headers }));
    return outcome instanceof Response ? outcome.status : 200;
  },
};

it.each([
  ['v1', forSdkV1],
  ['v2', forSdkV2],
])('CASE-34: tells the verifier the longest token of %s', async (_line, adapt) => {
  const limits: unknown[] = [];
  const verifier: TokenVerifier = {
    name: 'test',
    verify: async (token, context) => {
      limits.push(context.maximumTokenBytes);
      return works.verify(token, context);
    },
  };

  await adapt({ verifier, resource, maximumTokenBytes: 12_000 }).verifyAccessToken('a');
  await adapt({ verifier, resource }).verifyAccessToken('a');
  expect(limits).toEqual([12_000, undefined]);
  expect(() => adapt({ verifier, resource, maximumTokenBytes: 70_000 })).toThrow(
    'gate.maximumTokenBytes: must be a whole number from 1024 to 65536',
  );
});

describe.each(Object.entries(gates))('toOAuthTokenVerifier in the gate of %s', (_name, ask) => {
  it('lets a good token in', async () => {
    expect(await ask(works)).toBe(200);
  });

  it.each<AuthErrorCode>(['token_signature_invalid', 'token_expired', 'token_inactive'])(
    'has %s answered with 401 (SDK-07)',
    async (code) => {
      expect(await ask(fails(new AuthError(code)))).toBe(401);
    },
  );

  it('lets no bound token in, even where a verifier does: nobody asks for the proof (CLM-17)', async () => {
    const confirmation = { method: 'jkt', thumbprint: 'of a key' } as const;
    const verifier: TokenVerifier = {
      name: 'careless',
      verify: async (token, context) => ({ ...(await works.verify(token, context)), confirmation }),
    };

    expect(await ask(verifier)).toBe(401);
  });

  // 503 would be right, but these gates have no way to say it.
  it.each([
    ['an outage', new AuthError('upstream_unavailable')],
    ['a bug', new TypeError('boom')],
  ])('has %s blamed on nobody, and not answered with 500', async (_name, error) => {
    expect(await ask(fails(error))).toBe(400);
  });
});
