import type { RateLimitDecision, RateLimiter } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostileKeys } from './hostile-strings.ts';

/** The limit under test. */
export interface RateLimit {
  readonly maximumAttempts: number;
  readonly windowSeconds: number;
}

/** A limiter, and the hand on its clock. */
export interface TimedRateLimiter {
  readonly limiter: RateLimiter;
  /** Lets time pass for the limiter. Fractions are multiples of a quarter of a second. */
  advance(seconds: number): void | Promise<void>;
}

/** What a rate limiter supplies to be tested. There are no switches to skip a case. */
export interface RateLimiterFixture {
  /** A limiter that has counted nothing yet. Called once per test. */
  create(limit: RateLimit): TimedRateLimiter | Promise<TimedRateLimiter>;
}

/**
 * Registers the contract that every {@link RateLimiter} keeps. Call it once per limiter, at the
 * top level of a test file.
 *
 * It does not know what a limiter remembers, or what it does when its store fails: that needs
 * tests of its own.
 */
export function describeRateLimiter(fixture: RateLimiterFixture): void {
  async function open(limit: RateLimit): Promise<TimedRateLimiter> {
    const timed = await fixture.create(limit);
    onTestFinished(() => timed.limiter.close?.());
    return timed;
  }

  describe('RateLimiter contract', () => {
    it('counts nothing when it is only asked', async () => {
      const { limiter } = await open({ maximumAttempts: 2, windowSeconds: 60 });
      const asked = await Promise.all(Array.from({ length: 50 }, () => limiter.peek('a')));

      expect(new Set(asked.map(({ allowed }) => allowed))).toEqual(new Set([true]));
      expect(await failures(limiter, 'a', 3)).toEqual([true, true, false]);
    });

    it.each([1, 10])('allows exactly %i of 100 failures at once', async (maximumAttempts) => {
      const { limiter } = await open({ maximumAttempts, windowSeconds: 60 });
      const counted = await Promise.all(
        Array.from({ length: 100 }, () => limiter.countFailure('a')),
      );

      expect(counted.filter(({ allowed }) => allowed)).toHaveLength(maximumAttempts);
    });

    it('keeps keys apart, whatever is in them (RL-14)', async () => {
      const { limiter } = await open({ maximumAttempts: 1, windowSeconds: 60 });
      for (const [name, key] of [['an address', '192.0.2.1'] as const, ...hostileKeys]) {
        expect((await limiter.peek(key)).allowed, name).toBe(true);
        expect(await failures(limiter, key, 2), name).toEqual([true, false]);
        expect((await limiter.peek(key)).allowed, name).toBe(false);
      }
    });

    it('asks for no waiting where none is needed', async () => {
      const { limiter } = await open({ maximumAttempts: 1, windowSeconds: 60 });

      const free = { allowed: true, retryAfterSeconds: 0 };
      expect([await limiter.peek('a'), await limiter.countFailure('a')]).toMatchObject([
        free,
        free,
      ]);
    });

    it('is right about when to come back, and a refused failure does not put it off', async () => {
      const { limiter, advance } = await open({ maximumAttempts: 3, windowSeconds: 60 });
      for (const pause of [0, 7, 12.25]) {
        await advance(pause);
        await limiter.countFailure('a');
      }
      for (let round = 0; round < 5; round += 1) {
        const { allowed, retryAfterSeconds } = await limiter.countFailure('a');
        expect(allowed).toBe(false);
        expect(retryAfterSeconds).toBeGreaterThan(0);
        expect(retryAfterSeconds).toBeLessThanOrEqual(60);
        expect(await limiter.peek('a')).toMatchObject({ allowed: false, retryAfterSeconds });

        // A limiter may round up to whole seconds, so a second earlier is too early for all.
        const early = Math.max(0, retryAfterSeconds - 1);
        await advance(early);
        expect(await failures(limiter, 'a', 1)).toEqual([false]);
        await advance(retryAfterSeconds - early);
        expect(await limiter.peek('a')).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
        expect(await failures(limiter, 'a', 1)).toEqual([true]);
      }
    });

    it('says the truth about what is left, where it says anything', async () => {
      const { limiter } = await open({ maximumAttempts: 3, windowSeconds: 60 });
      const isTrue = ({ quota }: RateLimitDecision, remaining: number): void => {
        const truth = { limit: 3, remaining, windowSeconds: 60 };
        expect(quota ?? truth).toEqual(truth);
      };
      for (const left of [2, 1, 0, 0]) {
        isTrue(await limiter.countFailure('a'), left);
        isTrue(await limiter.peek('a'), left);
      }
    });

    it('counts the /48 around IPv6 clients too, with 16 times the limit (RL-03)', async () => {
      const { limiter, advance } = await open({ maximumAttempts: 2, windowSeconds: 60 });
      const networks = Array.from({ length: 20 }, (_, index) => `2001:db8:1:${index + 1}::/64`);
      const allowed: boolean[] = [];
      for (const key of networks) allowed.push(...(await failures(limiter, key, 3)));

      // Those that are over their own limit cost the others nothing.
      expect(allowed).toEqual(allowed.map((_, index) => index % 3 < 2 && index < 48));
      const fresh = '2001:db8:1:ffff::/64';
      const peeked = await Promise.all(
        [fresh, '2001:db8:2:1::/64', '192.0.2.1'].map((key) => limiter.peek(key)),
      );
      expect(peeked.map(({ allowed }) => allowed)).toEqual([false, true, true]);

      await advance(20);
      expect(await failures(limiter, fresh, 2)).toEqual([false, false]);
      const { retryAfterSeconds } = await limiter.peek(fresh);
      expect(retryAfterSeconds).toBeGreaterThan(0);
      await advance(Math.ceil(retryAfterSeconds * 4) / 4);
      expect(await failures(limiter, fresh, 3)).toEqual([true, true, false]);
    });

    it('forgets after a window without failures', async () => {
      const { limiter, advance } = await open({ maximumAttempts: 3, windowSeconds: 60 });
      await failures(limiter, 'a', 5);
      await advance(60);

      expect(await failures(limiter, 'a', 4)).toEqual([true, true, true, false]);
    });

    it.each([1, 2, 3])('never allows more in any window: schedule %i (RL-09)', async (seed) => {
      const limit = { maximumAttempts: 5, windowSeconds: 10 };
      const { limiter, advance } = await open(limit);
      const random = createRandom(seed);
      const allowedAt: number[] = [];
      for (let step = 0, time = 0; step < 400; step += 1) {
        const pause = Math.floor(random() ** 4 * 32) / 4;
        await advance(pause);
        time += pause;
        const { allowed: foretold } = await limiter.peek('a');
        const { allowed } = await limiter.countFailure('a');
        expect(allowed).toBe(foretold);
        if (allowed) allowedAt.push(time);
      }

      expect(allowedAt.length).toBeGreaterThan(limit.maximumAttempts);
      expect(fullestWindow(allowedAt, limit.windowSeconds)).toBe(limit.maximumAttempts);
    });

    it('never allows more in any window, however high the limit (RL-09)', async () => {
      const limit = { maximumAttempts: 40, windowSeconds: 10 };
      const { limiter, advance } = await open(limit);
      const random = createRandom(4);
      const allowedAt: number[] = [];
      for (let step = 0, time = 0; step < 600; step += 1) {
        const pause = random() < 0.1 ? Math.floor(random() * 24) / 4 : 0;
        await advance(pause);
        time += pause;
        if ((await limiter.countFailure('a')).allowed) allowedAt.push(time);
      }

      expect(allowedAt.length).toBeGreaterThan(limit.maximumAttempts);
      expect(fullestWindow(allowedAt, limit.windowSeconds)).toBeLessThanOrEqual(
        limit.maximumAttempts,
      );
    });

    it('is right about how many keys it remembers, where it says anything', async () => {
      const { limiter } = await open({ maximumAttempts: 3, windowSeconds: 60 });
      const remembered = () => limiter.readings?.().keys;
      await limiter.peek('nobody');
      const before = remembered() ?? 0;
      for (const key of ['a', 'b', 'a', 'c']) await limiter.countFailure(key);

      expect([before, remembered() ?? 3]).toEqual([0, 3]);
    });

    it('closes, used or not', async () => {
      const limit = { maximumAttempts: 1, windowSeconds: 60 };
      const [used, unused] = await Promise.all([fixture.create(limit), fixture.create(limit)]);
      await used.limiter.countFailure('a');

      await expect(
        Promise.all([used.limiter.close?.(), unused.limiter.close?.()]),
      ).resolves.toBeDefined();
    });
  });
}

/** Whether each of `count` failures, one after the other, was within the limit. */
async function failures(limiter: RateLimiter, key: string, count: number): Promise<boolean[]> {
  const allowed: boolean[] = [];
  while (allowed.length < count) allowed.push((await limiter.countFailure(key)).allowed);
  return allowed;
}

/** How many of `times` the fullest half-open interval of this length holds. */
function fullestWindow(times: readonly number[], seconds: number): number {
  const counts = times.map(
    (start) => times.filter((time) => time >= start && time < start + seconds).length,
  );
  return Math.max(...counts);
}

/** Mulberry32: the same schedule for the same seed, so that a failure can be seen again. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
