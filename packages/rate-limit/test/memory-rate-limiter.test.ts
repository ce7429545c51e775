import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describeRateLimiter } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createMemoryRateLimiter, type MemoryRateLimiterOptions } from '../src/index.ts';

/** A limiter on a clock that the test moves. */
function setUp(options: Omit<MemoryRateLimiterOptions, 'now'> = {}) {
  const clock = { milliseconds: 86_400_000 };
  const limiter = createMemoryRateLimiter({ ...options, now: () => clock.milliseconds });
  const advance = (seconds: number): void => {
    clock.milliseconds += seconds * 1_000;
  };
  return { limiter, advance };
}

describeRateLimiter({ create: setUp });

describe('createMemoryRateLimiter', () => {
  it('allows 10 failures a minute unless told otherwise', async () => {
    const { limiter, advance } = setUp();
    for (let failure = 1; failure <= 10; failure += 1) await limiter.countFailure('a');
    advance(59);

    expect(await limiter.countFailure('a')).toEqual({ allowed: false, retryAfterSeconds: 1 });
    advance(1);
    expect(await limiter.countFailure('a')).toEqual({ allowed: true, retryAfterSeconds: 0 });
  });

  it('decides as somebody would who remembers everything (RL-09)', async () => {
    const { limiter, advance } = setUp({ maxAttempts: 4, windowSeconds: 10 });
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

  it('does not see successes: nothing resets a key but time (RL-08)', () => {
    expect(Object.keys(setUp().limiter).sort()).toEqual(['countFailure', 'peek']);
  });

  it('is not blocked for ever by a clock that jumps back by a day (RL-13)', async () => {
    const { limiter, advance } = setUp({ maxAttempts: 1, windowSeconds: 60 });
    await limiter.countFailure('a');
    advance(-86_400);
    expect(await limiter.peek('a')).toEqual({ allowed: false, retryAfterSeconds: 60 });
    advance(60);

    expect(await limiter.peek('a')).toEqual({ allowed: true, retryAfterSeconds: 0 });
  });

  it('counts with the clock of the process by default', async () => {
    const limiter = createMemoryRateLimiter({ maxAttempts: 1, windowSeconds: 60 });
    await limiter.countFailure('a');
    const { retryAfterSeconds } = await limiter.peek('a');

    expect(retryAfterSeconds).toBeGreaterThan(50);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('forgets the key that failed longest ago, refused failures included (RL-04, RL-05)', async () => {
    const { limiter } = setUp({ maxAttempts: 1, maxKeys: 4 });
    for (const key of ['a', 'b', 'c', 'a', 'd', 'e']) await limiter.countFailure(key);
    const known = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => limiter.peek(key)));

    expect(known.map(({ allowed }) => allowed)).toEqual([false, true, false, false, false]);
  });

  it('forgets no more than a hundredth of the keys to make room (RL-05)', async () => {
    const { limiter } = setUp({ maxAttempts: 1, maxKeys: 1_000 });
    const keys = Array.from({ length: 1_001 }, (_, index) => `192.0.2.1/${index}`);
    for (const key of keys) await limiter.countFailure(key);
    const known = await Promise.all(keys.map((key) => limiter.peek(key)));

    expect(known.findIndex(({ allowed }) => !allowed)).toBe(10);
    expect(known.slice(10).every(({ allowed }) => !allowed)).toBe(true);
  });

  it('keeps the one key that may be kept', async () => {
    const { limiter } = setUp({ maxAttempts: 2, maxKeys: 1 });
    for (const key of ['a', 'a', 'b']) await limiter.countFailure(key);

    expect((await limiter.peek('a')).allowed).toBe(true);
    expect(await limiter.countFailure('b')).toMatchObject({ allowed: true });
    expect(await limiter.countFailure('b')).toMatchObject({ allowed: false });
  });

  it('holds 100,000 keys in 32 MB however long they are, and lets go of them (RL-04)', async () => {
    const { limiter, advance } = setUp({ maxKeys: 200_000 });
    const before = heapMegabytes();
    // Slices of a long header would keep the whole of it.
    const keyOf = (index: number) => `${'x'.repeat(2_000)}, 2001:db8::${index}`.slice(1_990);
    for (let failure = 1; failure <= 10; failure += 1) {
      for (let index = 0; index < 100_000; index += 1) {
        advance(0.00001);
        await limiter.countFailure(keyOf(index));
      }
    }
    expect(heapMegabytes() - before).toBeLessThan(32);
    expect(await limiter.peek(keyOf(0))).toMatchObject({ allowed: false });

    advance(60);
    await limiter.countFailure('a');
    expect(heapMegabytes() - before).toBeLessThan(2);
  }, 60_000);

  it('keeps no more of a key than its window, however long it goes on (RL-04)', async () => {
    const { limiter, advance } = setUp({ maxAttempts: 1, windowSeconds: 1 });
    const before = heapMegabytes();
    for (let failure = 1; failure <= 100_000; failure += 1) {
      await limiter.countFailure('a');
      advance(1);
    }

    expect(heapMegabytes() - before).toBeLessThan(0.5);
  });

  it.each([
    ['rateLimit.maxAttempts', 'maxAttempts', 10_001],
    ['rateLimit.windowSeconds', 'windowSeconds', 86_401],
    ['rateLimit.maxKeys', 'maxKeys', 1_000_001],
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

  it.each(['maxAttempts', 'maxKeys'])('refuses a %s that is no integer (RL-15)', (name) => {
    expect(() => createMemoryRateLimiter({ [name]: 1.5 })).toThrow('must be an integer');
  });
});

describe('README', () => {
  it('shows what it says', async () => {
    const { limited, neighbour } = await import('./readme.ts');

    expect(limited.allowed).toBe(false);
    expect(Math.ceil(limited.retryAfterSeconds)).toBe(60);
    expect(neighbour).toEqual({ allowed: true, retryAfterSeconds: 0 });
  });
});

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  collectGarbage();
  return getHeapStatistics().used_heap_size / 2 ** 20;
}
