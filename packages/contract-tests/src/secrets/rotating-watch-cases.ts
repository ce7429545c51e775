/** `watch`: who is told of a new value, and when. */
import type { SecretChange } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { until } from './manual-clock.ts';
import {
  type Arrangement,
  latestMs,
  type RotatingSecretProviderFixture,
  setUp,
  ttlMs,
} from './rotating-fixture.ts';

const next = 'the-second-value-of-the-secret';
// Timers may be asked to end a little late, so that they do not fire early.
const latestTimerMs = latestMs + 10;

interface Watched extends Arrangement {
  /** The values that the listener was told, in order. */
  readonly told: readonly SecretChange[];
  /** Watches with one more listener, and returns what ends it. */
  watch(): () => void;
}

export function registerWatchCases(fixture: RotatingSecretProviderFixture): void {
  const { present } = fixture;
  const values = (told: readonly SecretChange[]) => told.map(({ secret }) => secret.reveal());

  async function setUpWatch(): Promise<Watched> {
    const all = await setUp(fixture);
    const told: SecretChange[] = [];
    const watch = () => all.provider.watch(present.name, (change) => void told.push(change));
    return { ...all, told, watch };
  }

  describe('watch', () => {
    it('tells the first value, and each that is new within a tenth over its time (SEC-13)', async () => {
      const { put, told, watch, clock } = await setUpWatch();
      watch();
      await until(() => told.length === 1);
      await put(next);
      const noticedAt = await clock.fireNext();
      await until(() => told.length === 2);

      expect(values(told)).toEqual([present.value, next]);
      expect(told[0]?.previousVersion).toBeUndefined();
      expect(told[1]?.previousVersion).toBe(told[0]?.version);
      expect(noticedAt).toBeLessThanOrEqual(latestTimerMs);
    });

    it('reads once in every time to live, for all who watch and all who read (SEC-13)', async () => {
      const { read, readings, watch, clock } = await setUpWatch();
      watch();
      watch();
      const times: number[] = [];
      for (let count = 1; count <= 6; count += 1) {
        await until(() => readings() === count && clock.timers().length === 1);
        await Promise.all([read(), read()]);
        times.push(await clock.fireNext());
      }
      const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));

      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(ttlMs * 0.9);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(latestTimerMs);
      expect(new Set(gaps).size).toBeGreaterThan(1);
    });

    it('goes on through an outage of an hour, with the old value in force throughout (SEC-04, SEC-13)', async () => {
      const { put, fail, restore, read, told, watch, clock } = await setUpWatch();
      watch();
      await until(() => told.length === 1);
      await fail();
      while ((await clock.fireNext()) < 3_600_000) {
        expect(await read()).toBe(present.value);
      }
      await restore();
      await put(next);
      // The pause after a failure is short, so the new value is there soon.
      await clock.fireNext();
      await clock.fireNext();
      await until(() => told.length === 2);

      expect(values(told)).toEqual([present.value, next]);
    });

    it('survives a listener that fails', async () => {
      const { provider, told, watch } = await setUpWatch();
      provider.watch(present.name, () => {
        throw new Error('not me');
      });
      watch();
      await until(() => told.length === 1);

      expect(values(told)).toEqual([present.value]);
    });

    it('tells of a new value that somebody else has read (SEC-14)', async () => {
      const { put, reread, told, watch } = await setUpWatch();
      watch();
      await until(() => told.length === 1);
      await put(next);
      await reread();

      expect(values(told)).toEqual([present.value, next]);
    });

    it('ends with the last who watches, and begins anew (SEC-16)', async () => {
      const { put, told, watch, clock } = await setUpWatch();
      const ends = [watch(), watch()];
      await until(() => clock.timers().length === 1);
      ends[0]?.();
      expect(clock.timers()).toHaveLength(1);
      ends[1]?.();
      ends[1]?.();
      expect(clock.timers()).toEqual([]);

      await put(next);
      watch();
      await clock.fireNext();
      await until(() => values(told).at(-1) === next);
    });

    it('ends with the provider (SEC-16)', async () => {
      const { provider, watch, clock } = await setUpWatch();
      watch();
      await until(() => clock.timers().length === 1);
      await provider.close();

      expect(clock.timers()).toEqual([]);
    });
  });
}
