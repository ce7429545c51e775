import { createHash } from 'node:crypto';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { callKeyOf, limitKeysOf, probeKeyBeside } from '../src/limit-keys.ts';
import { startTimedInstances } from './set-up.ts';

// Redis Cluster hashes only what is in braces.
it.each([
  ['a client', limitKeysOf('203.0.113.7', 'p:')[0]],
  ['a network', limitKeysOf('2001:db8:1:2::/64', 'p:')[1]],
  ['calls of a tool', callKeyOf('ada', 'notes', 'p:')],
])('a probe is in the place of the cluster that has %s', (_what, key = '') => {
  expect(probeKeyBeside(key)).toBe(`${/^p:\{[\da-f]{32}\}/.exec(key)?.[0]}:probe`);
});

describe.skipIf(!hasRedis)('what is in Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  async function start(settings = {}) {
    const { limiters, ...others } = await startTimedInstances(server.url, 1, settings);
    const [limiter] = limiters;
    if (limiter === undefined) throw new Error('there is one');
    return { limiter, ...others };
  }
  const list = (prefix: string) => server.send('KEYS', `${prefix}*`) as Promise<string[]>;

  it('has names of the prefix and digests, and nothing from outside (RL-14)', async () => {
    const { limiter, prefix } = await start();
    const hostile = [
      '*',
      '}{x',
      '\r\nFLUSHALL\r\n',
      '192.0.2.1 EX 1',
      "'] redis.call('FLUSHALL')",
      '',
    ];
    for (const key of hostile) await limiter.countFailure(key);
    const names = (await list(prefix)).map((name) => name.slice(prefix.length));

    expect(names).toHaveLength(hostile.length);
    for (const name of names) expect(name).toMatch(/^\{[\da-f]{32}\}$/);
  });

  it('keeps a client and its network in one place of a cluster (RL-03, RL-14)', async () => {
    const { limiter, prefix } = await start();
    await limiter.countFailure('2001:db8:1:2::/64');
    const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
    const tag = `${prefix}{${digest('2001:db8:1::/48')}}`;

    expect((await list(prefix)).sort()).toEqual(
      [`${tag}:${digest('2001:db8:1:2::/64')}`, `${tag}:network`].sort(),
    );
  });

  it('is in one place of a real cluster, for each client and its network (RL-03)', async () => {
    const cluster = await startRedis({ flags: ['--cluster-enabled', 'yes'] });
    onTestFinished(() => cluster.stop());
    await cluster.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await vi.waitUntil(
      async () => `${await cluster.send('CLUSTER', 'INFO')}`.includes('state:ok'),
      {
        timeout: 20_000,
      },
    );
    const { limiters, events } = await startTimedInstances(cluster.url, 1, { maximumAttempts: 2 });
    const keys = Array.from({ length: 20 }, (_, index) => `2001:db8:1:${index + 1}::/64`);
    const allowed = [];
    for (const key of [...keys, ...keys]) {
      allowed.push((await limiters[0]?.countFailure(key))?.allowed);
    }

    expect(allowed).toEqual(allowed.map((_, index) => index < 32));
    expect(events).toEqual([]);
  });

  it('always ends within the window (RL-11)', async () => {
    const { limiter, prefix, advance } = await start({ windowSeconds: 60 });
    for (let failure = 0; failure < 200; failure += 1) {
      advance(0.25);
      await limiter.countFailure(`2001:db8:1:${(failure % 20) + 1}::/64`);
    }
    const names = await list(prefix);
    const ends = await Promise.all(names.map((name) => server.send('PTTL', name)));

    expect(names).toHaveLength(21);
    for (const end of ends) {
      expect(end).toBeGreaterThan(0);
      // The /48 has the higher limit, whose failures stop counting in steps.
      expect(end).toBeLessThanOrEqual(67_000);
    }
  });

  it('is given an end again when somebody took it away (RL-11)', async () => {
    const { limiter, prefix } = await start({ maximumAttempts: 1 });
    await limiter.countFailure('192.0.2.1');
    const [name = ''] = await list(prefix);
    for (const allowed of [false, true]) {
      if (allowed) await server.send('DEL', name);
      else await server.send('PERSIST', name);
      expect(await limiter.countFailure('192.0.2.1')).toMatchObject({ allowed });

      expect(await server.send('PTTL', name)).toBeGreaterThan(0);
    }
  });

  it('takes no more room for a limit of 10,000 (RL-04)', async () => {
    const { limiter, prefix, advance } = await start({ maximumAttempts: 10_000 });
    for (let failure = 0; failure < 300; failure += 1) {
      advance(0.5);
      await limiter.countFailure('192.0.2.1');
    }
    const [name = ''] = await list(prefix);

    expect(await server.send('HLEN', name)).toBeLessThanOrEqual(10);
  });

  it('is written by no peek', async () => {
    const { limiter, prefix } = await start();
    for (const key of ['192.0.2.1', '2001:db8:1:2::/64']) await limiter.peek(key);

    expect(await list(prefix)).toEqual([]);
  });

  it.each([
    ['a text', ['SET', 'x']],
    ['a list', ['RPUSH', 'x', 'y']],
    ['a text of one byte', ['SETRANGE', '0', '0']],
    ['a hash of something else', ['HSET', 'a', 'b', '1', 'inf', 'nan', 'nan']],
    ['moments of a clock that was put back', ['HSET', '9000000000000000', '10']],
  ])(
    'heals where there is %s of somebody else (RL-10, RL-13)',
    async (_what, [command = '', ...words]) => {
      const { limiter, prefix, events } = await start({ maximumAttempts: 2 });
      await limiter.countFailure('192.0.2.1');
      const [name = ''] = await list(prefix);
      await server.send('DEL', name);
      await server.send(command, name, ...words);

      expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: true });
      const counted = [];
      for (let failure = 0; failure < 3; failure += 1) {
        counted.push((await limiter.countFailure('192.0.2.1')).allowed);
      }
      expect(counted).toEqual([true, true, false]);
      expect(await server.send('TYPE', name)).toBe('hash');
      expect(events).toEqual([]);
    },
  );

  it('blocks nobody for ever when the clock of Redis is put back by a day (RL-13)', async () => {
    const { limiter, advance } = await start({ maximumAttempts: 1, windowSeconds: 60 });
    await limiter.countFailure('192.0.2.1');
    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: false });
    advance(-86_400);

    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: true });
    expect(await limiter.countFailure('192.0.2.1')).toMatchObject({ allowed: true });
    expect(await limiter.countFailure('192.0.2.1')).toMatchObject({ allowed: false });
  });
});
