/** Problems that only the composition finds, together with all others. */
import { detectEnvironment } from '@sallyport/core';
import { expect, it } from 'vitest';
import { composeRateLimiter } from '../src/callers/compose-rate-limiter.ts';
import { createSharedRedis } from '../src/callers/shared-redis.ts';
import { opaque, problemsOf } from './set-up.ts';

const withoutJwt = { JWT_ISSUER: undefined, JWT_AUDIENCE: undefined, JWT_JWKS_URI: undefined };

it.each([
  [
    'introspection',
    {
      ...withoutJwt,
      ...opaque,
      INTROSPECTION_TIMEOUT: '61',
      INTROSPECTION_URL: 'http://id.acme-corp.dev/introspect',
      TOOL_SCOPES: '{"write_note": ["write data"]}',
    },
    ['INTROSPECTION_TIMEOUT', 'INTROSPECTION_URL', 'TOOL_SCOPES'],
  ],
  [
    'keys of a JWT issuer',
    {
      JWT_JWKS_URI: 'http://id.acme-corp.dev/jwks',
      JWT_CLOCK_SKEW: '121',
      TOOL_SCOPES: '{"write_note": ["write data"]}',
      SCOPE_HIERARCHY: '{"a": ["b"], "b": ["a"]}',
    },
    ['JWT_CLOCK_SKEW', 'JWT_JWKS_URI', 'SCOPE_HIERARCHY', 'TOOL_SCOPES'],
  ],
  [
    'an issuer that is missing',
    { JWT_ISSUER: undefined, TOOL_SCOPES: '{"write_note": ["write data"]}' },
    ['JWT_ISSUER', 'TOOL_SCOPES'],
  ],
  [
    'a placeholder project',
    {
      SECRET_BACKEND: 'gcp_secret_manager',
      GCP_PROJECT_ID: 'your-project-id',
      TOOL_SCOPES: '{"write_note": ["write data"]}',
    },
    ['GCP_PROJECT_ID', 'TOOL_SCOPES'],
  ],
  [
    'a misspelt preset',
    {
      JWT_PROVIDER: 'auth1',
      JWT_TENANT: 'acme.eu.auth0.com',
      JWT_ISSUER: undefined,
      JWT_JWKS_URI: undefined,
      RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    },
    ['JWT_PROVIDER'],
  ],
] as const)(
  'CASE-42: %s: all problems appear at one start, and no other',
  async (_, changes, names) => {
    const problems = await problemsOf(changes);

    expect(problems.map((line) => line.split(':')[0]?.trim()).sort(), problems.join('\n')).toEqual(
      [...names].sort(),
    );
  },
);

it('CASE-68: the connection to Redis knows the environment and reports a password without TLS', async () => {
  const { Secret } = await import('@sallyport/core');
  const events: string[] = [];
  const onEvent = ({ type }: { readonly type: string }): void => void events.push(type);
  const limiter = await composeRateLimiter(
    {
      maximumAttempts: 10,
      windowSeconds: 60,
      redisUrl: new Secret('redis://:Yb3-Kq8Tz5Wd@[::ffff:127.0.0.1]:1'),
    },
    createSharedRedis(detectEnvironment({ ENVIRONMENT: 'production' }), onEvent),
    onEvent,
  );
  await limiter.close?.();

  expect(events).toContain('redis_password_unencrypted');
});
