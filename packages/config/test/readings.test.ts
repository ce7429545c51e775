/** What gauges are told of a gate. */
import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig } from '../src/index.ts';
import { mintWithSecret, sharedSecret } from './mint-with-secret.ts';
import { load, opaque } from './set-up.ts';

async function setUp(changes: Readonly<Record<string, string | undefined>>) {
  const config = await load(changes);
  const { guard, readings, close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: () => {} },
  });
  onTestFinished(close);
  const authenticate = (token: string, clientKey = '192.0.2.1') =>
    guard.authenticate({
      authorization: [`Bearer ${token}`],
      tokenInQuery: false,
      clientKey,
      signal: new AbortController().signal,
    });
  return { readings, authenticate };
}

it('says how many look-ups since the last time the cache answered', async () => {
  const { readings, authenticate } = await setUp(sharedSecret);
  expect(readings.cacheHitRatio()).toBeUndefined();

  const token = await mintWithSecret({ sub: 'a' });
  for (let count = 0; count < 4; count += 1) await authenticate(token);
  expect(readings.cacheHitRatio()).toBe(0.75);
  expect(readings.cacheHitRatio()).toBeUndefined();
  await authenticate(token);
  expect(readings.cacheHitRatio()).toBe(1);
  await authenticate(await mintWithSecret({ sub: 'b' }));
  expect(readings.cacheHitRatio()).toBe(0);
});

it('says how many addresses the limiter remembers', async () => {
  const { readings, authenticate } = await setUp(sharedSecret);
  await authenticate(await mintWithSecret({ sub: 'a' }), '192.0.2.1');
  expect(readings.limiterKeys()).toBe(0);
  for (const address of ['192.0.2.2', '192.0.2.3', '192.0.2.2']) await authenticate('x', address);

  expect(readings.limiterKeys()).toBe(2);
});

it('says so where it is not known', async () => {
  const none = { TYPE: 'none', ENVIRONMENT: 'development', DANGEROUSLY_OMIT_AUTH: 'true' };
  const fixed = { TYPE: 'static', ENVIRONMENT: 'development' };
  const unlimited = { ...opaque, RATE_LIMIT_ENABLED: 'false' };
  for (const changes of [none, fixed, unlimited]) {
    const { readings, authenticate } = await setUp(changes);
    if (changes !== unlimited) await authenticate('x');

    expect(readings.cacheHitRatio()).toBeUndefined();
    expect(readings.limiterKeys()).toBe(changes === fixed ? 1 : undefined);
  }
});

it('says how many callers the quota remembers', async () => {
  const config = await load({ ...sharedSecret, QUOTA_CALLS: '5' });
  const { guard, readings, close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: () => {} },
  });
  onTestFinished(close);
  expect(readings.quotaCallers()).toBe(0);
  const principal = {
    ...{ issuer: 'https://id.acme-corp.dev', subject: 'a', clientId: 'c', audience: [] },
    ...{ scopes: new Set(['read:data']), expiresAt: 2_000_000_000, claims: {} },
  };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hello' } };
  await guard.authorize(principal, { name: 'tools/call', scopes: [], message });

  expect(readings.quotaCallers()).toBe(1);
  expect((await setUp(sharedSecret)).readings.quotaCallers()).toBe(undefined);
});
