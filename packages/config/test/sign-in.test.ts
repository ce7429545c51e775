/** The sign-in at this server, by variables. */
import { Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { writeStartUpReport } from '../src/index.ts';
import { createSealingKeys } from '../src/sign-in/sealing-keys.ts';
import { hmacKey as key, load, opaque, openGate, prefix, problemsOf } from './set-up.ts';

// An example of RFC 7515.
const published =
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const api = '5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a';
const resource = 'https://notes.acme-corp.dev/mcp';

const named = (values: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.startsWith('SIGN_IN_') ? prefix + name : name,
      value,
    ]),
  );
const withoutIssuer = { JWT_ISSUER: undefined, JWT_JWKS_URI: undefined };
const general = {
  SIGN_IN_CLIENT_ID: 'notes',
  SIGN_IN_KEY: key,
  SIGN_IN_URL: 'https://id.acme-corp.dev/authorize',
  SIGN_IN_TOKEN_URL: 'https://id.acme-corp.dev/token',
};
const kinds = {
  'Entra by its issuer': {
    JWT_ISSUER: `https://login.microsoftonline.com/${tenant}/v2.0`,
    JWT_JWKS_URI: `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
    JWT_AUDIENCE: `api://${api}`,
    RESOURCE_URL: resource,
    SIGN_IN_CLIENT_ID: api,
    SIGN_IN_CLIENT_SECRET: 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe',
    SIGN_IN_KEY: key,
  },
  'Entra by its preset': {
    ...withoutIssuer,
    JWT_PROVIDER: 'entra',
    JWT_TENANT: tenant,
    JWT_AUDIENCE: api,
    RESOURCE_URL: resource,
    SIGN_IN_CLIENT_ID: api,
    SIGN_IN_KEY: key,
    SIGN_IN_CLIENTS: 'claude, https://chatgpt.com/connector/oauth/abc',
  },
  Okta: {
    ...withoutIssuer,
    JWT_PROVIDER: 'okta',
    JWT_TENANT: 'acme-corp.okta.com/oauth2/default',
    JWT_AUDIENCE: 'api://default',
    RESOURCE_URL: resource,
    SIGN_IN_CLIENT_ID: '0oa8notes',
    SIGN_IN_KEY: key,
  },
  Cognito: {
    ...withoutIssuer,
    JWT_PROVIDER: 'cognito',
    JWT_TENANT: 'eu-central-1_AbCdEfGhI',
    JWT_CLIENT_IDS: '3n4b5urk1ft4fl3mg5e62d9ado',
    RESOURCE_URL: resource,
    SIGN_IN_CLIENT_ID: '3n4b5urk1ft4fl3mg5e62d9ado',
    SIGN_IN_KEY: key,
    SIGN_IN_PREVIOUS_KEY: `${key}0`,
    SIGN_IN_URL: 'https://acme.auth.eu-central-1.amazoncognito.com',
    SIGN_IN_ORIGINS: 'https://sso.acme-corp.dev',
  },
  'another provider': general,
  introspection: { ...opaque, ...general },
};

describe('REG-28: the sign-in by variables', () => {
  it.each(Object.entries(kinds))('sends clients to this server: %s', async (_name, values) => {
    const config = await load(named(values));
    const { gate } = await openGate(config, { read_note: ['read:data'] });
    const read = async (target: string) => {
      const decision = await gate.handle({
        method: 'GET',
        target,
        host: new URL(config.resource).host,
        field: () => [],
        clientAddress: '203.0.113.7',
        signal: new AbortController().signal,
        readJson: async () => ({ ok: false, fault: 'body_not_json' }),
      });
      return decision.pass ? {} : JSON.parse(decision.answer.body ?? '{}');
    };

    expect(await read(gate.metadataPath)).toMatchObject({
      authorization_servers: [`${resource}/sign-in`],
    });
    expect(await read('/.well-known/oauth-authorization-server')).toMatchObject({
      issuer: `${resource}/sign-in`,
    });
    expect(writeStartUpReport(config)).not.toContain(key.slice(0, 12));
  });

  it('needs a key in production, and none in development', async () => {
    expect(await problemsOf(named({ ...general, SIGN_IN_KEY: undefined }))).toEqual([
      'SIGN_IN_KEY: is missing. Set it to random text. Make it with: openssl rand -base64 48',
    ]);
    expect(
      await problemsOf(named({ ...general, SIGN_IN_KEY: undefined, ENVIRONMENT: 'development' })),
    ).toEqual([]);
  });

  it.each([
    ['no id', { SIGN_IN_CLIENT_ID: undefined }, /SIGN_IN_KEY: has no meaning without/],
    ['a short key', { SIGN_IN_KEY: 'short' }, /SIGN_IN_KEY: must be at least 32 bytes/],
    ['a published key', { SIGN_IN_KEY: published }, /SIGN_IN_KEY: the HMAC secret is published/],
    [
      'a published key of before',
      { SIGN_IN_PREVIOUS_KEY: published },
      /SIGN_IN_PREVIOUS_KEY: the HMAC secret is published/,
    ],
    ['no authorization endpoint', { SIGN_IN_URL: undefined }, /SIGN_IN_URL: is missing/],
    ['no token endpoint', { SIGN_IN_TOKEN_URL: undefined }, /SIGN_IN_TOKEN_URL: is missing/],
    ['a client that is none', { SIGN_IN_CLIENTS: 'claud' }, /SIGN_IN_CLIENTS: use one of claude/],
    [
      'an origin with a path',
      { SIGN_IN_ORIGINS: 'https://a.acme-corp.dev/b' },
      /SIGN_IN_ORIGINS: .*must be an origin/,
    ],
    [
      'another authorization server',
      { AUTHORIZATION_SERVERS: 'https://id.acme-corp.dev' },
      /AUTHORIZATION_SERVERS: must not be set beside/,
    ],
    ['a misspelt name', { SIGN_IN_CLIENT: 'a' }, /Did you mean FASTMCP_SERVER_AUTH_SIGN_IN_CLIENT/],
    [
      'a provider of ID tokens',
      {
        ...withoutIssuer,
        JWT_PROVIDER: 'google',
        JWT_REQUIRED_SCOPES: undefined,
        RESOURCE_URL: resource,
        TOOL_SCOPES: '{}',
      },
      /SIGN_IN_CLIENT_ID: cannot stand here/,
    ],
  ])('refuses %s', async (_name, changes, message) => {
    expect((await problemsOf(named({ ...general, ...changes }))).join('\n')).toMatch(message);
  });

  it('refuses fixed tokens beside it', async () => {
    const values = { ...general, TYPE: 'static', ENVIRONMENT: 'development' };

    expect((await problemsOf(named(values))).join('\n')).toMatch(
      /SIGN_IN_CLIENT_ID: needs FASTMCP_SERVER_AUTH_TYPE=jwt or introspection/,
    );
  });
});

it('REG-22: a new version of the key opens at once, and seals when every instance has it', () => {
  const all = {
    a: new Secret('a'.repeat(32)),
    b: new Secret('b'.repeat(32)),
    c: new Secret('c'.repeat(32)),
  };
  let now = 0;
  const keys = createSealingKeys(all.a, undefined, () => now);
  // Secrets show nothing of themselves, so they are told apart by identity.
  const read = () =>
    [keys.read()].flat().map((key) => Object.entries(all).find(([, each]) => each === key)?.[0]);

  expect(read()).toEqual(['a']);
  keys.replace(all.b);
  expect(read()).toEqual(['a', 'b']);
  now += 27 * 3_600_000 - 1;
  expect(read()).toEqual(['a', 'b']);
  now += 1;
  expect(read()).toEqual(['b', 'a']);
  keys.replace(all.c);
  expect(read()).toEqual(['b', 'c']);
});
