import { detectEnvironment, type RateLimiter } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { connectRedis, createRedisRateLimiter, type RedisClient } from '../src/index.ts';
import { allowsAll } from './set-up.ts';

const client: RedisClient = {
  eval: () => Promise.reject(new Error('closed')),
  evalsha: () => Promise.reject(new Error('closed')),
};

describe('createRedisRateLimiter', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'rateLimit.maximumAttempts',
      'maximumAttempts',
      [0, -1, 0.5, 1.5, 10_001, 1e9, Number.NaN, '10', null],
    ],
    ['rateLimit.windowSeconds', 'windowSeconds', [0, -1, 0.5, 86_401, Number.NaN, '60', null]],
    ['rateLimit.prefix', 'prefix', ['', 'a b', '{a}', 'a\n', 'é', 'x'.repeat(101), 7, null]],
    ['rateLimit.timeoutSeconds', 'timeoutSeconds', [0, 0.009, 5.001, -1, Number.NaN, '0.1', null]],
    ['rateLimit.fallback', 'fallback', [undefined, null, {}]],
  ])('refuses a %s out of its range (RL-15)', (option, name, values) => {
    for (const value of values) {
      const create = () =>
        createRedisRateLimiter({ client, fallback: allowsAll, [name]: value } as never);

      expect(create, String(value)).toThrow(
        expect.objectContaining({ name: 'ConfigError', option }),
      );
    }
  });

  it.each([
    ['maximumAttempts', 1],
    ['maximumAttempts', 10_000],
    ['windowSeconds', 1],
    ['windowSeconds', 86_400],
    ['prefix', 'My-app.v1_2:'],
    ['timeoutSeconds', 0.01],
    ['timeoutSeconds', 5],
  ])('takes a %s of %s', (name, value) => {
    expect(() =>
      createRedisRateLimiter({ client, fallback: allowsAll, [name]: value }),
    ).not.toThrow();
  });

  it('closes its fallback, and leaves the client to whoever made it', async () => {
    const closed: string[] = [];
    const fallback: RateLimiter = {
      ...allowsAll,
      close: async () => {
        closed.push('fallback');
      },
    };
    await createRedisRateLimiter({ client, fallback }).close?.();
    await createRedisRateLimiter({ client, fallback: allowsAll }).close?.();

    expect(closed).toEqual(['fallback']);
  });
});

describe('connectRedis', () => {
  it.each([0, 0.009, 5.001, Number.NaN])(
    'refuses a timeoutSeconds of %s',
    async (timeoutSeconds) => {
      await expect(
        connectRedis({ url: 'redis://127.0.0.1:1', timeoutSeconds }),
      ).rejects.toMatchObject({
        name: 'ConfigError',
        option: 'redis.timeoutSeconds',
      });
    },
  );

  it.each(['', 'redis', 'http://user:hunter2@127.0.0.1', '127.0.0.1:6379', '/tmp/redis.sock'])(
    'refuses %j, and shows nothing of it (RL-15)',
    async (url) => {
      const error = await connectRedis({ url }).catch((cause: unknown) => cause);

      expect(error).toMatchObject({ name: 'ConfigError', option: 'rateLimit.redisUrl' });
      expect(String(error)).not.toContain('hunter2');
    },
  );

  it('refuses certificates for a connection without TLS', async () => {
    await expect(connectRedis({ url: 'redis://127.0.0.1', tls: {} })).rejects.toThrow('rediss://');
  });

  it('ignores a listener that throws, and an asynchronous one that rejects (OPS-12)', async () => {
    for (const onEvent of [
      () => {
        throw new Error('broken log');
      },
      () => Promise.reject(new Error('broken log')),
    ]) {
      const limiter = createRedisRateLimiter({ client, fallback: allowsAll, onEvent });
      expect(await limiter.peek('203.0.113.7')).toMatchObject({ allowed: true });
    }
    // A rejection that nothing handles would fail the run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('keeps nobody from starting where no Redis is (RL-10)', async () => {
    const client = await connectRedis({ url: 'redis://127.0.0.1:1' });
    try {
      await expect(client.ping()).rejects.toThrow();
    } finally {
      client.disconnect();
    }
  });
});

describe('the URL of connectRedis', () => {
  const port = 'redis://127.0.0.1:9';

  it.each([
    ['?commandTimeout=60000', 'commandTimeout'],
    ['?maxRetriesPerRequest=', 'maxRetriesPerRequest'],
    ['?enableOfflineQueue=true&family=6', 'enableOfflineQueue'],
    ['/0?protocol=3&tls=false', 'protocol, tls'],
    ['?family=maybe', 'family'],
    ['?hunter2%20hunter2=1', 'an option without a name'],
    ['?%63ommandTimeout=1', 'commandTimeout'],
  ])('CASE-68: sets no options of the client: %s', async (query, named) => {
    const refused = expect.objectContaining({
      option: 'rateLimit.redisUrl',
      message: expect.stringContaining(`(${named})`),
    });

    await expect(connectRedis({ url: `${port}${query}` })).rejects.toEqual(refused);
  });

  it.each([
    ['redis://:hunter2-hunter2@redis.invalid:9', 'production', 1],
    ['redis://user:hunter2-hunter2@192.0.2.1:9/0', 'production', 1],
    ['redis://:hunter2-hunter2@127.0.0.1:9', 'production', 0],
    ['redis://:hunter2-hunter2@[::1]:9', 'production', 0],
    ['redis://:hunter2-hunter2@localhost:9', 'production', 0],
    ['redis://redis.invalid:9?family=6', 'production', 0],
    ['rediss://:hunter2-hunter2@redis.invalid:9', 'production', 0],
    ['redis://:hunter2-hunter2@redis.invalid:9', 'development', 0],
  ])('CASE-68: reports a password without TLS: %s in %s, %i times', async (url, name, times) => {
    const events: unknown[] = [];
    const environment = detectEnvironment({ ENVIRONMENT: name });
    const client = await connectRedis({ url, environment, onEvent: (event) => events.push(event) });
    client.disconnect();

    expect(events).toEqual(Array(times).fill({ type: 'redis_password_unencrypted' }));
  });
});
