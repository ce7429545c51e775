/**
 * The five scenarios of the quick start, from its variables: with values of one's own in place of the
 * placeholders, and with the server's public URL. Tokens look as each provider's do.
 */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthorizationServer, mintToken, startAuthorizationServer } from '@sallyport/testing';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../src/index.ts';
import { hmacKey, openGate } from './set-up.ts';

const P = 'FASTMCP_SERVER_AUTH_';
const resource = 'https://notes.acme-corp.dev/mcp';
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const application = '5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a';
const tools = { hello: ['read:data'], write_note: ['write:data'] };

let keys: AuthorizationServer;
beforeAll(async () => {
  keys = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'], accessTokenFormat: 'opaque' }],
    clients: [{ clientId: 'notes-service', clientSecret: 's:ecret/of+many %signs' }],
  });
});
afterAll(() => keys.stop());

type Variables = Readonly<Record<string, string>>;

/** Puts the secrets where the page puts them, with `echo`; the platform hands them on as well. */
async function boot(variables: Variables, secrets: Variables, bound: Variables) {
  const server = await startSecretManager({
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, `${text}\n`])),
  });
  onTestFinished(() => server.stop());
  const config = await loadConfig(
    {
      [`${P}SECRET_BACKEND`]: 'gcp_secret_manager',
      GCP_PROJECT_ID: server.projectId,
      [`${P}RESOURCE_URL`]: resource,
      ...variables,
      ...Object.fromEntries(
        Object.entries(bound).map(([name, secret]) => [name, `${secrets[secret]}\n`]),
      ),
    },
    { gcpClientOptions: { ...server.clientOptions }, nodeArguments: [] },
  );
  onTestFinished(() => config.secrets?.close?.());
  return config;
}

const boundJwt = {
  [`${P}JWT_ISSUER`]: 'jwt-issuer',
  [`${P}JWT_AUDIENCE`]: 'jwt-audience',
  [`${P}JWT_JWKS_URI`]: 'jwt-jwks-uri',
};
const now = () => Math.floor(Date.now() / 1_000);

async function statusesOf(
  call: (token: string) => Promise<number>,
  mint: (changes: Record<string, unknown>) => Promise<string>,
  changes: Readonly<Record<string, Record<string, unknown>>>,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const [name, change] of Object.entries(changes)) {
    statuses[name] = await call(await mint(change));
  }
  return statuses;
}

describe('scenario 1: Google', () => {
  const audience = '738495021846-notes.apps.googleusercontent.com';
  const secrets = {
    'jwt-issuer': 'https://accounts.google.com',
    'jwt-audience': audience,
    'jwt-jwks-uri': 'https://www.googleapis.com/oauth2/v3/certs',
  };
  const variables = {
    ENVIRONMENT: 'production',
    [`${P}TYPE`]: 'jwt',
    [`${P}JWT_ALGORITHM`]: 'RS256',
  };
  const mint = (changes: Record<string, unknown>) =>
    keys.mintToken(
      {
        iss: 'https://accounts.google.com',
        azp: '104857600123456789012',
        aud: audience,
        sub: '104857600123456789012',
        email: 'notes@acme-corp.iam.gserviceaccount.com',
        email_verified: true,
        iat: now(),
        exp: now() + 3_600,
        client_id: undefined,
        scope: undefined,
        ...changes,
      },
      { typ: 'JWT' },
    );

  it('boots in production', async () => {
    const { authentication, warnings } = await boot(variables, secrets, boundJwt);

    expect(authentication).toMatchObject({
      provider: { name: 'google' },
      audience,
      issuer: secrets['jwt-issuer'],
    });
    expect(warnings.join()).not.toContain('new version');
  });

  it('stops where the page asks for a scope, which ID tokens never have (CFG-17)', async () => {
    const asked = { ...variables, [`${P}JWT_REQUIRED_SCOPES`]: 'read:data' };

    await expect(boot(asked, secrets, boundJwt)).rejects.toThrow(
      'JWT_REQUIRED_SCOPES: asks for scopes, and the ID tokens of this issuer have none',
    );
  });

  it('lets Google’s ID tokens for this server in, and no others', async () => {
    const local = { ...variables, ENVIRONMENT: 'development', [`${P}TOOL_SCOPES`]: '{}' };
    const config = await boot(local, { ...secrets, 'jwt-jwks-uri': keys.jwksUri }, boundJwt);
    const { call } = await openGate(config, tools);

    expect(await call(await mint({}))).toBe(200);
    expect(await call(await mint({ iss: 'accounts.google.com' }))).toBe(200);
    expect(
      await statusesOf(call, mint, {
        audience: { aud: 'another-client.apps.googleusercontent.com' },
        issuer: { iss: 'https://accounts.google.com/' },
        expired: { exp: now() - 120, iat: now() - 3_600 },
        'no expiry': { exp: undefined },
      }),
    ).toEqual({ audience: 401, issuer: 401, expired: 401, 'no expiry': 401 });
  });
});

describe('scenario 2: Microsoft Entra ID', () => {
  const secrets = {
    'jwt-issuer': `https://login.microsoftonline.com/${tenant}/v2.0`,
    'jwt-audience': `api://${application}`,
    'jwt-jwks-uri': `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
  };
  const variables = {
    ENVIRONMENT: 'production',
    [`${P}TYPE`]: 'jwt',
    [`${P}JWT_ALGORITHM`]: 'RS256',
  };
  const mint = (changes: Record<string, unknown>) =>
    keys.mintToken(
      {
        iss: secrets['jwt-issuer'],
        aud: application,
        azp: '1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e',
        oid: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d',
        sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
        tid: tenant,
        ver: '2.0',
        scp: 'read:data',
        scope: undefined,
        client_id: undefined,
        iat: now(),
        exp: now() + 3_600,
        ...changes,
      },
      { typ: 'JWT' },
    );

  it('boots in production', async () => {
    const { authentication } = await boot(variables, secrets, boundJwt);

    expect(authentication).toMatchObject({
      provider: { name: 'entra' },
      audience: `api://${application}`,
    });
  });

  it('takes the client id for the audience, which is what tokens have', async () => {
    const local = { ...variables, ENVIRONMENT: 'development' };
    const config = await boot(local, { ...secrets, 'jwt-jwks-uri': keys.jwksUri }, boundJwt);
    const { call } = await openGate(config, tools);

    expect(await call(await mint({}))).toBe(200);
    expect(await call(await mint({ aud: `api://${application}` }))).toBe(200);
    expect(await call(await mint({}), 'write_note')).toBe(403);
    expect(
      await call(await mint({ scp: undefined, roles: ['write:data', 'read:data'] }), 'write_note'),
    ).toBe(200);
    expect(
      await statusesOf(call, mint, {
        audience: { aud: '00000003-0000-0000-c000-000000000000' },
        'another tenant': { tid: application },
        'another issuer': { iss: `https://login.microsoftonline.com/${application}/v2.0` },
        'version 1': { ver: '1.0', iss: `https://sts.windows.net/${tenant}/` },
        'an ID token': { azp: undefined, nonce: 'n' },
        expired: { exp: now() - 120, iat: now() - 3_600 },
      }),
    ).toEqual({
      audience: 401,
      'another tenant': 401,
      'another issuer': 401,
      'version 1': 401,
      'an ID token': 401,
      expired: 401,
    });
  });

  it('tells clients to ask for scopes by the names that Entra knows them by', async () => {
    const local = { ...variables, ENVIRONMENT: 'development' };
    const config = await boot(local, { ...secrets, 'jwt-jwks-uri': keys.jwksUri }, boundJwt);
    const { askedFor } = await openGate(config, tools);

    expect(await askedFor(await mint({}), 'write_note')).toBe(`api://${application}/write:data`);
  });
});

describe('scenario 3: introspection', () => {
  const bound = {
    [`${P}INTROSPECTION_URL`]: 'introspection-url',
    [`${P}INTROSPECTION_CLIENT_ID`]: 'introspection-client-id',
    [`${P}INTROSPECTION_CLIENT_SECRET`]: 'introspection-client-secret',
  };
  const variables = {
    ENVIRONMENT: 'production',
    [`${P}TYPE`]: 'introspection',
    [`${P}INTROSPECTION_REQUIRED_SCOPES`]: 'read:data',
    [`${P}INTROSPECTION_TIMEOUT`]: '10',
  };
  const okta = {
    'introspection-url': 'https://acme-corp.okta.com/oauth2/v1/introspect',
    'introspection-client-id': '0oa8notes',
    'introspection-client-secret': 's:ecret/of+many %signs',
  };

  it('boots in production with Okta', async () => {
    expect((await boot(variables, okta, bound)).authentication).toMatchObject({
      type: 'introspection',
      url: okta['introspection-url'],
      timeoutSeconds: 10,
    });
  });

  it('stops with Auth0, which has no such endpoint', async () => {
    const auth0 = {
      ...okta,
      'introspection-url': 'https://acme-corp.auth0.com/oauth/token/introspection',
    };

    await expect(boot(variables, auth0, bound)).rejects.toThrow('JWT_PROVIDER=auth0');
  });

  it('lets in what the server calls active, for this server and with the scope', async () => {
    const local = {
      ...variables,
      ENVIRONMENT: 'development',
      [`${P}AUTHORIZATION_SERVERS`]: keys.issuer,
    };
    const config = await boot(
      local,
      {
        'introspection-url': keys.introspectionUrl,
        'introspection-client-id': 'notes-service',
        'introspection-client-secret': 's:ecret/of+many %signs',
      },
      bound,
    );
    const { call } = await openGate(config, tools);
    const reading = await keys.issueToken({ scopes: ['read:data'] });

    expect(await call(reading)).toBe(200);
    expect(await call(reading, 'write_note')).toBe(403);
    expect(await call(await keys.issueToken({ scopes: ['write:data'] }))).toBe(403);
    expect(await call(`${reading}x`)).toBe(401);
    await keys.pause();
    expect(await call(await Promise.resolve(`${reading}y`))).toBe(503);
    await keys.resume();
  });
});

describe('scenario 4: a shared key', () => {
  const secrets = {
    'hmac-secret-key': hmacKey,
    'jwt-issuer': 'https://internal-auth.acme-corp.dev',
    'jwt-audience': 'internal-mcp-service',
  };
  const bound = {
    [`${P}JWT_PUBLIC_KEY`]: 'hmac-secret-key',
    [`${P}JWT_ISSUER`]: 'jwt-issuer',
    [`${P}JWT_AUDIENCE`]: 'jwt-audience',
  };
  const variables = {
    ENVIRONMENT: 'production',
    [`${P}TYPE`]: 'jwt',
    [`${P}JWT_ALGORITHM`]: 'HS256',
  };
  const mintWith =
    (key: string, alg = 'HS256') =>
    (changes: Record<string, unknown>) =>
      mintToken({
        key: new TextEncoder().encode(key),
        header: { alg, typ: 'JWT' },
        claims: {
          sub: 'service-123',
          iss: secrets['jwt-issuer'],
          aud: secrets['jwt-audience'],
          exp: now() + 3_600,
          scope: 'read:data write:data',
          ...changes,
        },
      });

  it('boots in production, and takes tokens as the page makes them', async () => {
    const { call, audited } = await openGate(await boot(variables, secrets, bound), tools);
    const mint = mintWith(hmacKey);

    expect(await call(await mint({}), 'write_note')).toBe(200);
    expect(await call(await mint({ scope: 'read:data' }), 'write_note')).toBe(403);
    expect(
      await statusesOf(call, mint, {
        audience: { aud: 'internal-mcp-service-2' },
        issuer: { iss: 'https://internal-auth.acme-corp.dev/' },
        expired: { exp: now() - 120 },
        'no subject': { sub: undefined },
      }),
    ).toEqual({ audience: 401, issuer: 401, expired: 401, 'no subject': 401 });
    expect(await call(await mintWith(`${hmacKey}\n`)({}))).toBe(401);
    // Which of them it was only the operator is told.
    expect(audited.at(-1)?.detail).toContain('Token signature verification failed');
    expect(await call(await mintWith(hmacKey.repeat(2), 'HS512')({}))).toBe(401);
  });

  it('stops with the key that the page prints, and with a short one', async () => {
    const printed = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6';
    const start = (key: string) => boot(variables, { ...secrets, 'hmac-secret-key': key }, bound);

    await expect(start(printed)).rejects.toThrow('published as an example');
    await expect(start('q7Xv2')).rejects.toThrow('HMAC key for HS256 must be at least 32 bytes');
  });
});

describe('scenario 5: a real provider, at one’s own machine', () => {
  it('boots from .env, and listens to this machine alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scenario-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    writeFileSync(
      join(folder, '.env'),
      [
        'ENVIRONMENT=development',
        `${P}TYPE=jwt`,
        `${P}SECRET_BACKEND=env`,
        `${P}JWT_JWKS_URI=https://www.googleapis.com/oauth2/v3/certs`,
        `${P}JWT_ISSUER=https://accounts.google.com`,
        `${P}JWT_AUDIENCE=738495021846-notes.apps.googleusercontent.com`,
        `${P}JWT_ALGORITHM=RS256`,
      ].join('\n'),
    );
    const config = await loadConfig({}, { envFile: join(folder, '.env'), nodeArguments: [] });
    const { call } = await openGate(config);

    expect(config).toMatchObject({ host: '127.0.0.1', resource: 'http://localhost:8000/mcp' });
    expect(await call(undefined)).toBe(401);
    expect(await call('dev-token-12345')).toBe(401);
  });
});
