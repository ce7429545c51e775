/** Row JWK-22: an issuer with a path, and keys on another host. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createJwtVerifier, discoverJwks } from '../../../src/index.ts';
import { audience, judge, jwks, mint } from '../../fixture.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'development' });

async function serve(documents: (origin: string) => Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const document = documents(origin)[path];
    response.writeHead(document === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked };
}

async function ask(issuer: string, jwksOrigins?: readonly string[]) {
  const keys = discoverJwks({ issuer, environment, ...(jwksOrigins && { jwksOrigins }) });
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['ES256'], keys });
  onTestFinished(async () => verifier.close?.());
  return judge(await mint({ iss: issuer }), verifier);
}

describe('an issuer with a path', () => {
  it.each([
    '/tenant/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/tenant',
    '/.well-known/openid-configuration/tenant',
  ])('may have its metadata at %s', async (path) => {
    const { origin } = await serve((own) => ({
      [path]: { issuer: `${own}/tenant`, jwks_uri: `${own}/keys` },
      '/keys': jwks,
    }));

    expect(await ask(`${origin}/tenant`)).toEqual({ code: 'verified' });
  });

  it('is asked at those addresses only, and says where the first one is', async () => {
    const { origin, asked } = await serve(() => ({}));

    expect(await ask(`${origin}/tenant/`)).toEqual({
      code: 'upstream_unavailable',
      detail: 'keys: HTTP 404',
    });
    expect(asked).toEqual([
      '/tenant/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
    ]);
    expect(discoverJwks({ issuer: `${origin}/tenant`, environment }).url).toBe(
      `${origin}/tenant/.well-known/openid-configuration`,
    );
  });
});

describe('keys on another host', () => {
  it('are fetched where that origin is allowed, and from no other (JWK-22)', async () => {
    const elsewhere = await serve(() => ({ '/keys': jwks }));
    const { origin } = await serve((own) => ({
      '/.well-known/openid-configuration': { issuer: own, jwks_uri: `${elsewhere.origin}/keys` },
    }));

    expect(await ask(origin)).toMatchObject({ code: 'upstream_unavailable' });
    expect(await ask(origin, ['https://keys.example.com'])).toMatchObject({
      code: 'upstream_unavailable',
    });
    expect(elsewhere.asked).toEqual([]);
    expect(await ask(origin, [elsewhere.origin])).toEqual({ code: 'verified' });
  });

  it.each(['keys.example.com', 'https://keys.example.com/', '*', 'file:///keys', ''])(
    'are not allowed by %j, which is no origin',
    (origin) => {
      const options = { issuer: 'https://auth.example.com', environment, jwksOrigins: [origin] };

      expect(() => discoverJwks(options)).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: 'jwt.keys.jwksOrigins' }),
      );
    },
  );
});

it.each([
  ['/', 'differs by a trailing slash from'],
  ['/v2', 'differs by the path from'],
  [undefined, 'absent'],
  [7, 'not a string'],
])('CASE-37: says how the issuer of the metadata differs: %s', async (suffix, difference) => {
  const { origin } = await serve((own) => ({
    '/.well-known/openid-configuration': {
      issuer: typeof suffix === 'string' ? `${own}${suffix}` : suffix,
      jwks_uri: `${own}/keys`,
    },
    '/keys': jwks,
  }));
  const { code, detail } = await ask(origin);

  expect(code).toBe('upstream_unavailable');
  expect(detail).toContain(`keys: the metadata names another issuer: ${difference}`);
});

it.each([
  ['https://ada@auth.example.com', 'must not contain credentials'],
  ['https://ada:pw@auth.example.com', 'must not contain credentials'],
  ['https://auth.example.com/?tenant=1', 'must be a URL without query and fragment'],
  ['https://auth.example.com/#keys', 'must be a URL without query and fragment'],
  ['auth.example.com', 'must be a URL without query and fragment'],
])('does not look for the metadata of %s, and says why', (issuer, problem) => {
  expect(() => discoverJwks({ issuer, environment }).open(['ES256'])).toThrow(
    `jwt.keys.issuer: ${problem}`,
  );
});
