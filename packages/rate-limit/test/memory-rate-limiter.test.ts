import { hash } from 'node:crypto';
import { describeRateLimiter } from '@sallyport/contract-tests';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRateLimiter } from '../src/index.ts';
import { countEvents, createLogFormat, dropExpired, type WindowLog } from '../src/window-log.ts';
import { setUp } from './set-up.ts';

describeRateLimiter({ create: setUp });

describe('createMemoryRateLimiter', () => {
  it('allows 10 failures a minute unless told otherwise', async () => {
    const { limiter, advance } = setUp();
    for (let failure = 1; failure <= 10; failure += 1) await limiter.countFailure('a');
    advance(59);

    expect(await limiter.countFailure('a')).toEqual({
      allowed: false,
      retryAfterSeconds: 1,
      quota: { limit: 10, remaining: 0, windowSeconds: 60 },
    });
    advance(1);
    expect(await limiter.countFailure('a')).toEqual({
      allowed: true,
      retryAfterSeconds: 0,
      quota: { limit: 10, remaining: 9, windowSeconds: 60 },
    });
  });

  it('decides as somebody would who remembers everything (RL-09)', async () => {
    const { limiter, advance } = setUp({ maximumAttempts: 4, windowSeconds: 10 });
    const allowedAt: number[] = [];
    for (let step = 0, time = 0; step < 5_000; step += 1) {
      // A full period of pauses from 0 to 12.75 s, most of them short.
      const pause = (((step * 37) % 52) / 4) * (step % 3 === 0 ? 1 : 0);
      advance(pause);
      time += pause;
      const recent = allowedAt.filter((at) => time - at < 10);
      const { allowed, retryAfterSeconds } = await limiter.countFailure('a');

      expect({ allowed, retryAfterSeconds }).toEqual(
        recent.length < 4
          ? { allowed: true, retryAfterSeconds: 0 }
          : { allowed: false, retryAfterSeconds: 10 - (time - (recent[0] as number)) },
      );
      if (allowed) allowedAt.push(time);
    }
  });

  it.each([1, 9, 10, 11, 160])(
    'never allows more than %i in any window, at any moment (RL-09)',
    async (maximumAttempts) => {
      const pause = fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        { weight: 4, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
        { weight: 1, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(pause, { minLength: 50, maxLength: 600 }), async (pauses) => {
          const { limiter, advance } = setUp({ maximumAttempts, windowSeconds: 10 });
          const allowedAt: number[] = [];
          for (let step = 0, time = 0; step < pauses.length; step += 1) {
            const seconds = pauses[step] as number;
            advance(seconds);
            time += seconds;
            if (!(await limiter.countFailure('a')).allowed) continue;
            const first = allowedAt[allowedAt.length - maximumAttempts];
            // A millionth of a second, for what sums of fractions lose.
            if (first !== undefined) expect(time - first).toBeGreaterThanOrEqual(10 - 1e-6);
            allowedAt.push(time);
          }
        }),
        { seed: 9, numRuns: 60 },
      );
    },
  );

  it('lets nobody wait for more than a ninth of the window above limits of ten (RL-09)', async () => {
    const { limiter, advance } = setUp({ maximumAttempts: 100, windowSeconds: 90 });
    advance(4);
    for (let failure = 1; failure <= 100; failure += 1) {
      await limiter.countFailure('a');
      advance(0.01);
    }
    const { retryAfterSeconds } = await limiter.peek('a');

    expect(retryAfterSeconds).toBeGreaterThan(89);
    expect(retryAfterSeconds).toBeLessThanOrEqual(100);
    advance(retryAfterSeconds);
    expect(await limiter.countFailure('a')).toMatchObject({ allowed: true, quota: { limit: 100 } });
  });

  it('says which limit it is that a network is over (RL-03)', async () => {
    const { limiter } = setUp({ maximumAttempts: 1 });
    for (let network = 1; network <= 16; network += 1) {
      await limiter.countFailure(`2001:db8:1:${network}::/64`);
    }

    expect(await limiter.countFailure('2001:db8:1:17::/64')).toMatchObject({
      allowed: false,
      quota: { limit: 16, remaining: 0 },
    });
    expect(await limiter.countFailure('2001:db8:1:1::/64')).toMatchObject({
      allowed: false,
      quota: { limit: 1, remaining: 0 },
    });
  });

  it('keys on nothing but what the adapter gives it, such as no subject (RL-07)', () => {
    const { limiter } = setUp();

    expect([limiter.peek.length, limiter.countFailure.length]).toEqual([1, 1]);
  });

  it('does not see successes: nothing resets a key but time (RL-08)', () => {
    expect(Object.keys(setUp().limiter).sort()).toEqual(['countFailure', 'peek', 'readings']);
  });

  it('says how many addresses it remembers, and forgets those of long ago', async () => {
    const { limiter, advance } = setUp({ maximumAttempts: 1, windowSeconds: 60, maximumKeys: 4 });
    for (const key of ['a', 'b', 'b', '2001:db8:1:1::/64']) await limiter.countFailure(key);
    expect(limiter.readings?.()).toEqual({ keys: 3 });
    for (const key of ['c', 'd', 'e']) await limiter.countFailure(key);
    expect(limiter.readings?.()).toEqual({ keys: 4 });
    advance(60);
    await limiter.countFailure('f');

    expect(limiter.readings?.()).toEqual({ keys: 1 });
  });

  it('is not blocked for ever by a clock that jumps back by a day (RL-13)', async () => {
    const { limiter, advance } = setUp({ maximumAttempts: 1, windowSeconds: 60 });
    await limiter.countFailure('a');
    advance(-86_400);
    expect(await limiter.peek('a')).toMatchObject({ allowed: false, retryAfterSeconds: 60 });
    advance(60);

    expect(await limiter.peek('a')).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
  });

  it('counts with the clock of the process by default', async () => {
    const limiter = createMemoryRateLimiter({ maximumAttempts: 1, windowSeconds: 60 });
    await limiter.countFailure('a');
    const { retryAfterSeconds } = await limiter.peek('a');

    expect(retryAfterSeconds).toBeGreaterThan(50);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('lets nobody use the network while all clients together fail too often (RL-05)', async () => {
    const { limiter, advance } = setUp({ maximumFailuresPerSecond: 100 });
    for (let client = 0; client < 99; client += 1) await limiter.countFailure(`192.0.2.${client}`);
    expect(await limiter.peek('198.51.100.1')).toMatchObject({ allowed: true });
    for (let client = 0; client < 31; client += 1)
      await limiter.countFailure(`203.0.113.${client}`);

    expect(await limiter.peek('198.51.100.1')).toEqual({ allowed: false, retryAfterSeconds: 0.3 });
    // A failure within its own limit is not "too many", whatever others do.
    expect(await limiter.countFailure('198.51.100.1')).toMatchObject({ allowed: true });
    advance(0.31);
    expect(await limiter.peek('198.51.100.1')).toMatchObject({ allowed: true });
  });

  it('is not felt for more than a second after a flood, however long that was (RL-05)', async () => {
    const { limiter, advance } = setUp({ maximumFailuresPerSecond: 100 });
    for (let client = 0; client < 10_000; client += 1) {
      await limiter.countFailure(`client ${client}`);
      advance(0.001);
      if (client > 200) expect((await limiter.peek('192.0.2.1')).allowed).toBe(false);
    }
    const { retryAfterSeconds } = await limiter.peek('192.0.2.1');

    expect(retryAfterSeconds).toBeLessThanOrEqual(1);
    advance(retryAfterSeconds);
    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: true });
  });

  it('is no budget that one client can use up (RL-05)', async () => {
    const { limiter } = setUp({ maximumFailuresPerSecond: 100 });
    for (let failure = 0; failure < 1_000; failure += 1) await limiter.countFailure('192.0.2.1');

    expect(await limiter.peek('192.0.2.2')).toMatchObject({ allowed: true });
    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: false, quota: { limit: 10 } });
  });

  it('allows a thousand failures a second unless told otherwise (RL-05)', async () => {
    const { limiter } = setUp();
    for (let client = 0; client < 1_000; client += 1)
      await limiter.countFailure(`client ${client}`);
    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: true });
    await limiter.countFailure('one more');

    expect(await limiter.peek('192.0.2.1')).toMatchObject({ allowed: false });
  });

  it('forgets the key that failed longest ago, refused failures included (RL-04, RL-05)', async () => {
    const { limiter } = setUp({ maximumAttempts: 1, maximumKeys: 4 });
    for (const key of ['a', 'b', 'c', 'a', 'd', 'e']) await limiter.countFailure(key);
    const known = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => limiter.peek(key)));

    expect(known.map(({ allowed }) => allowed)).toEqual([false, true, false, false, false]);
  });

  it('forgets no more than a hundredth of the keys to make room (RL-05)', async () => {
    const { limiter } = setUp({
      maximumAttempts: 1,
      maximumKeys: 1_000,
      maximumFailuresPerSecond: 10_000,
    });
    const keys = Array.from({ length: 1_001 }, (_, index) => `192.0.2.1/${index}`);
    for (const key of keys) await limiter.countFailure(key);
    const known = await Promise.all(keys.map((key) => limiter.peek(key)));

    expect(known.findIndex(({ allowed }) => !allowed)).toBe(10);
    expect(known.slice(10).every(({ allowed }) => !allowed)).toBe(true);
  });

  it('counts every key for itself, whatever it is made of', async () => {
    const { limiter } = setUp({ maximumAttempts: 1 });
    const keys = [
      '',
      '\ud800',
      '\ud801',
      '\0',
      'é',
      'x'.repeat(31),
      'x'.repeat(32),
      'x'.repeat(33),
    ];
    for (const key of keys) {
      expect(await limiter.countFailure(key)).toMatchObject({ allowed: true });
      expect(await limiter.countFailure(key)).toMatchObject({ allowed: false });
    }
    // The digest of a long key is 32 characters. A key that is written like it is another one.
    const digest = hash('sha256', 'x'.repeat(33), 'binary');
    expect(await limiter.countFailure(digest)).toMatchObject({ allowed: true });
  });

  it('remembers of one key the same for every limit: at most ten numbers', () => {
    const format = createLogFormat({ maximum: 10_000, windowMs: 60_000 });
    let log: WindowLog = [];
    for (let time = 0; time < 60_000; time += 100) {
      log = format.append(dropExpired(log, time, format), time, 1);
      expect(log.length).toBeLessThanOrEqual(10);
    }

    expect(countEvents(log, format)).toBe(600);
  });

  it('keeps the one key that may be kept', async () => {
    const { limiter } = setUp({ maximumAttempts: 2, maximumKeys: 1 });
    for (const key of ['a', 'a', 'b']) await limiter.countFailure(key);

    expect((await limiter.peek('a')).allowed).toBe(true);
    expect(await limiter.countFailure('b')).toMatchObject({ allowed: true });
    expect(await limiter.countFailure('b')).toMatchObject({ allowed: false });
  });

  it.each([
    ['rateLimit.maximumAttempts', 'maximumAttempts', 10_001],
    ['rateLimit.windowSeconds', 'windowSeconds', 86_401],
    ['rateLimit.maximumFailuresPerSecond', 'maximumFailuresPerSecond', 1_000_001],
    ['rateLimit.maximumKeys', 'maximumKeys', 1_000_001],
  ] as const)('refuses a %s out of its range (RL-15)', (option, name, tooMany) => {
    for (const bad of [
      0,
      -1,
      0.5,
      tooMany,
      1e9,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '10',
      null,
    ]) {
      const create = () => createMemoryRateLimiter({ [name]: bad });

      expect(create, String(bad)).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
    }
    for (const good of [1, tooMany - 1]) createMemoryRateLimiter({ [name]: good });
  });

  it.each(['maximumAttempts', 'maximumFailuresPerSecond', 'maximumKeys'])(
    'refuses a %s that is no integer (RL-15)',
    (name) => {
      expect(() => createMemoryRateLimiter({ [name]: 1.5 })).toThrow('must be an integer');
    },
  );
});

describe('README', () => {
  it('shows what it says', async () => {
    const { limited, neighbour } = await import('./readme.ts');

    expect(limited.allowed).toBe(false);
    expect(Math.ceil(limited.retryAfterSeconds)).toBe(60);
    expect(neighbour).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
  });
});
