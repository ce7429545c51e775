import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, providers } from '../../src/index.ts';
import { judge } from '../fixture.ts';
import { createFixtureIssuer, development, production } from './fixture-issuer.ts';
import { keycloak as shape } from './self-hosted-shapes.ts';

const { jwk, keys, mint } = await createFixtureIssuer();
const realm = {
  environment: production,
  keys,
  baseUrl: 'https://sso.acme.com/auth',
  realm: 'staff',
};
const [audience] = shape.principal.audience;
const right = { ...realm, audience: `${audience}` };

describe('the scopes of providers.keycloak', () => {
  it.each([
    ['realm', new Set(['editor'])],
    [{ client: 'mcp-server' }, new Set(['reader'])],
    [{ client: 'another' }, new Set()],
  ] as const)('are the roles of %j, and no others (CLM-14)', async (roles, scopes) => {
    const verifier = createJwtVerifier(providers.keycloak({ ...right, roles }));
    const principal = await verifier.verify(await mint(shape.claims), testContext());

    expect(principal.scopes).toEqual(scopes);
  });
});

describe('the clients of providers.keycloak', () => {
  const trusted = providers.keycloak({ ...realm, clientIds: ['notes-app'] });

  it('stand in for an audience that nobody set', async () => {
    const verifier = createJwtVerifier(trusted);
    const verdict = async (claims: object) =>
      (await judge(await mint({ ...shape.claims, aud: 'account', ...claims }), verifier)).code;

    expect(await verdict({})).toBe('verified');
    expect(await verdict({ aud: undefined })).toBe('verified');
    expect(await verdict({ azp: 'wiki' })).toBe('token_audience_mismatch');
    expect(await verdict({ azp: undefined })).toBe('token_claim_invalid');
    expect(await verdict({ azp: 'wiki', client_id: 'notes-app' })).toBe('token_audience_mismatch');
  });
});

it('fetches the keys of a Keycloak at hand, with the options it was given', async () => {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { environment: development, baseUrl, realm: 'staff', audience: `${audience}` };
  const verifier = createJwtVerifier(providers.keycloak(options));
  const token = await mint({ ...shape.claims, iss: `${baseUrl}/realms/staff` });

  expect(await judge(token, verifier)).toEqual({ code: 'verified' });
  expect(paths).toEqual(['/realms/staff/protocol/openid-connect/certs']);
  expect(() => providers.keycloak({ ...options, cacheTtlSeconds: 0 })).toThrow(
    expect.objectContaining({ option: 'jwt.keys.cacheTtlSeconds' }),
  );
  expect(() => providers.keycloak({ ...options, environment: production })).toThrow(
    expect.objectContaining({ option: 'jwt.provider.baseUrl' }),
  );
  await verifier.close?.();
  server.close();
});
