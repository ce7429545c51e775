/** Problems that only the composition finds, together with all others. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { detectEnvironment, Secret } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeRateLimiter } from '../src/callers/compose-rate-limiter.ts';
import { createRedisConnections } from '../src/callers/redis-connections.ts';
import { createGateFromConfig } from '../src/index.ts';
import { rateLimitRedisUrl } from '../src/variables/server-variables.ts';
import { load, opaque, prefix, problemsOf } from './set-up.ts';

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
  const events: string[] = [];
  const onEvent = ({ type }: { readonly type: string }): void => void events.push(type);
  const limiter = await composeRateLimiter(
    {
      maximumAttempts: 10,
      windowSeconds: 60,
      redisUrl: new Secret('redis://:Yb3-Kq8Tz5Wd@[::ffff:127.0.0.1]:1'),
    },
    createRedisConnections(detectEnvironment({ ENVIRONMENT: 'production' }), onEvent),
    onEvent,
  );
  await limiter.close?.();

  expect(events).toContain('redis_password_unencrypted');
});

describe('connections to Redis', () => {
  /** Counts connections. Every command is answered with OK: without an answer, clients connect anew. */
  async function listen() {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        socket.write('+OK\r\n'.repeat(`${bytes}`.match(/^\*\d/gm)?.length ?? 0));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const count = () => promisify(server.getConnections.bind(server))();
    return { url: `redis://127.0.0.1:${port}`, count };
  }
  const part = { async close() {} };

  it('are shared by parts with one URL and timeout, and end with the last of them', async () => {
    const { url, count } = await listen();
    const withRedis = createRedisConnections(detectEnvironment({}), () => {});
    const need = { url: new Secret(url), variable: rateLimitRedisUrl };
    const first = await withRedis(need, () => part);
    const second = await withRedis(need, () => part);
    const slower = await withRedis({ ...need, timeoutSeconds: 1 }, () => part);
    await expect.poll(count).toBe(2);
    await first.close();
    await slower.close();
    await expect.poll(count).toBe(1);
    await second.close();
    await expect.poll(count).toBe(0);
  });

  it('end where a part cannot be made with them, and are made anew for the next', async () => {
    const { url, count } = await listen();
    const withRedis = createRedisConnections(detectEnvironment({}), () => {});
    const need = { url: new Secret(url), variable: rateLimitRedisUrl };
    const broken = withRedis(need, async () => {
      await expect.poll(count).toBe(1);
      throw new RangeError('cannot be made');
    });
    await expect(broken).rejects.toThrow('cannot be made');
    await expect.poll(count).toBe(0);
    const next = await withRedis(need, () => part);
    await expect.poll(count).toBe(1);
    await next.close();
    await expect.poll(count).toBe(0);
  });

  it.each([
    ['the configured verifier', {}],
    ['a verifier of the server', { verifier: { name: 'own', verify: () => Promise.reject() } }],
  ])('all end with the gate: %s', async (_what, own) => {
    const { url, count } = await listen();
    const config = await load({
      RATE_LIMIT_REDIS_URL: url,
      QUOTA_CALLS: '5',
      [`${prefix}DENIAL_LIST`]: url,
      [`${prefix}API_KEY_REDIS_URL`]: url,
      [`${prefix}API_KEY_SECRET`]: 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe2Xb4',
      [`${prefix}DPOP`]: 'accepted',
      [`${prefix}DPOP_REDIS_URL`]: url,
    });
    const audit = { emit() {} };
    const { close } = await createGateFromConfig(config, { tools: {}, audit, ...own });
    await expect.poll(count).toBe(3);
    await close();
    await expect.poll(count).toBe(0);
  });

  it('all end where the gate cannot be made', async () => {
    const { url, count } = await listen();
    const config = await load({
      RATE_LIMIT_REDIS_URL: url,
      [`${prefix}DENIAL_LIST`]: url,
    });
    const options = { tools: {}, audit: { emit() {} }, maximumBodyBytes: -1 };
    await expect(createGateFromConfig(config, options)).rejects.toThrow('maximumBodyBytes');
    await expect.poll(count).toBe(0);
  });
});
