import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  contractNowSeconds,
  describeTokenVerifier,
  type TokenVerifierFixture,
} from '@sallyport/contract-tests';
import { Secret } from '@sallyport/core';
import { afterAll, beforeAll, describe } from 'vitest';
import {
  type ApiKeyStore,
  createApiKeyRegistry,
  createApiKeyVerifier,
  createFileKeyStore,
} from '../src/index.ts';
import { makeKey } from '../src/key/key-format.ts';
import { createRedisKeyStore } from '../src/redis.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { makeSecret, resource } from './set-up.ts';

const secret = makeSecret();
const day = 86_400;

/** A key that is made at a time relative to that of the contract. */
function createIssuer(storeOf: (name: string) => ApiKeyStore): TokenVerifierFixture['tokens'] {
  const issue = async (changes: { from?: number; name?: string; key?: Secret } = {}) => {
    const { from = 0, name = resource, key = secret } = changes;
    const registry = createApiKeyRegistry({
      resource: name,
      secret: key,
      store: storeOf(name),
      now: () => (contractNowSeconds + from) * 1_000,
    });
    const options = { owner: 'user-1', client: 'client-1', scopes: ['notes:read'], days: 1 };
    return (await registry.create(options)).key.reveal();
  };
  const unknown = async () => new Secret(makeKey()).reveal();
  return {
    valid: () => issue(),
    garbage: async () => makeKey().slice(0, -9),
    tampered: async () => (await issue()).replace(/.$/, (end) => (end === '0' ? '1' : '0')),
    expired: () => issue({ from: -2 * day }),
    notYetValid: unknown,
    otherIssuer: () => issue({ key: makeSecret() }),
    otherAudience: () => issue({ name: 'https://notes.acme-corp.dev/other' }),
    withoutAudience: unknown,
    senderConstrained: unknown,
  };
}

describe('in a file', () => {
  const path = join(tmpdir(), `contract-${process.pid}.json`);
  const store = () => createFileKeyStore({ path });
  afterAll(() => Promise.all([path, `${path}.used`].map((file) => rm(file, { force: true }))));

  describeTokenVerifier({
    create: () => createApiKeyVerifier({ resource, secret, store: store() }),
    upstream: 'none',
    tokens: createIssuer(store),
    validUntilSeconds: contractNowSeconds + day,
  });
});

describe.skipIf(!hasRedis)('in Redis', () => {
  let server: RedisServer;
  let client: Awaited<ReturnType<RedisServer['connect']>>;
  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });
  const storeOf = (name: string) => createRedisKeyStore({ client, resource: name });
  const down = () => Promise.reject(new Error('closed'));

  describeTokenVerifier({
    create: () => createApiKeyVerifier({ resource, secret, store: storeOf(resource) }),
    upstream: {
      kind: 'keys',
      createWithOutage: () => {
        const away = { hmget: down, hget: down, hset: down, hdel: down, hscan: down, eval: down };
        const store = createRedisKeyStore({ client: away, resource });
        return createApiKeyVerifier({ resource, secret, store });
      },
    },
    tokens: createIssuer(storeOf),
    validUntilSeconds: contractNowSeconds + day,
  });
});
