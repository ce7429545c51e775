/** Time to live, refresh ahead, validation and `reread`. */
import { describe, expect, it } from 'vitest';
import { until } from './manual-clock.ts';
import { latestMs, type RotatingSecretProviderFixture, setUp, ttlMs } from './rotating-fixture.ts';

const next = 'the-second-value-of-the-secret';
const third = 'the-third-value-of-the-secret';

export function registerCacheCases(fixture: RotatingSecretProviderFixture): void {
  const { present } = fixture;

  describe('a value', () => {
    it('happens once for all who wait (SEC-13)', async () => {
      const { read, readings } = await setUp(fixture);
      const values = await Promise.all(Array.from({ length: 50 }, read));

      expect(new Set(values)).toEqual(new Set([present.value]));
      expect(readings()).toBe(1);
    });

    it('is not read again within its time, give or take a tenth (SEC-13)', async () => {
      const { read, readings, clock } = await setUp(fixture);
      await read();
      clock.set(ttlMs * 0.9 - 1);
      expect(await read()).toBe(present.value);
      expect(readings()).toBe(1);

      clock.set(latestMs);
      expect(await read()).toBe(present.value);
      expect(readings()).toBe(2);
    });

    it('is read ahead, and nobody waits for it (SEC-13)', async () => {
      const { read, put, clock } = await setUp(fixture);
      await read();
      await put(next);
      clock.set(latestMs - 1);

      expect(await read()).toBe(present.value);
      await until(async () => (await read()) === next);
    });

    it('is waited for after an idle time, when no timer fired (SEC-13)', async () => {
      const { read, put, clock } = await setUp(fixture);
      await read();
      await put(next);
      clock.set(latestMs);

      expect(await read()).toBe(next);
      // The timer that limits the wait has ended with it.
      expect(clock.timers()).toEqual([]);
    });

    it('is waited for no longer than a second, when there is an old one (SEC-05)', async () => {
      const { read, put, hang, clock } = await setUp(fixture, { timeoutSeconds: 60 });
      await read();
      await put(next);
      await hang();
      clock.set(latestMs);
      const reading = read();
      await until(() => clock.timers().length > 0);

      expect(Math.max(...clock.timers())).toBeLessThanOrEqual(1_000);
      await clock.fireNext();
      expect(await reading).toBe(present.value);
    });
  });

  describe('a value that validate refuses', () => {
    const validate = (_name: string, secret: { reveal(): string }) => {
      if (secret.reveal() === next) throw new Error(`${secret.reveal()} is refused`);
    };

    it('replaces nothing, and is followed by one that it takes (SEC-15)', async () => {
      const { read, put, clock } = await setUp(fixture, { validate });
      await read();
      await put(next);
      clock.set(latestMs);
      expect(await read()).toBe(present.value);

      await put(third);
      clock.set(2 * latestMs);
      expect(await read()).toBe(third);
    });

    it('is none at the start (SEC-15)', async () => {
      const { tryToRead, put } = await setUp(fixture, { validate });
      await put(next);

      expect(await tryToRead()).toBe('upstream_unavailable');
    });
  });

  describe('reread', () => {
    it('reads what was just replaced, at most once in 30 seconds (SEC-14)', async () => {
      const { read, reread, put, clock } = await setUp(fixture);
      await read();
      await put(next);
      expect(await read()).toBe(present.value);
      expect(await reread()).toBe(next);

      await put(third);
      clock.set(29_999);
      expect(await reread()).toBe(next);
      clock.set(30_000);
      expect(await reread()).toBe(third);
    });

    it('is one for all who were refused at once (SEC-14)', async () => {
      const { read, reread, put, readings } = await setUp(fixture);
      await read();
      await put(next);
      const values = await Promise.all(Array.from({ length: 20 }, reread));

      expect(new Set(values)).toEqual(new Set([next]));
      expect(readings()).toBe(2);
    });

    it('does not rely on a reading that began before the change (SEC-14)', async () => {
      const { read, reread, put, hang, readings } = await setUp(fixture, { timeoutSeconds: 3 });
      await hang(1);
      const first = read();
      await until(() => readings() === 1);
      const second = reread();
      await put(next);
      await first;

      expect(await second).toBe(next);
      // One that hung, its retry, and the one that began after the change.
      expect(readings()).toBeGreaterThanOrEqual(3);
    });
  });
}
