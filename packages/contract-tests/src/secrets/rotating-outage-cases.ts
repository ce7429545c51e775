/** What happens when the store fails or hangs. */
import { describe, expect, it } from 'vitest';
import { until } from './manual-clock.ts';
import { dayMs, latestMs, type RotatingSecretProviderFixture, setUp } from './rotating-fixture.ts';

const next = 'the-second-value-of-the-secret';
const unavailable = 'upstream_unavailable';

export function registerOutageCases(fixture: RotatingSecretProviderFixture): void {
  const { present } = fixture;

  describe('the last good value', () => {
    it('stays for a day after its time, and no longer (SEC-13)', async () => {
      const { read, tryToRead, fail, clock } = await setUp(fixture);
      await read();
      await fail();
      for (let time = latestMs; time < latestMs + dayMs; time += 3 * 3_600_000) {
        clock.set(time);
        expect(await read()).toBe(present.value);
      }
      clock.set(latestMs + dayMs - 1);
      expect(await read()).toBe(present.value);
      clock.set(latestMs + dayMs);

      expect(await tryToRead()).toBe(unavailable);
    });

    it('stays for as long as it is told to (SEC-13)', async () => {
      const { read, tryToRead, fail, clock } = await setUp(fixture, { maximumStaleSeconds: 0 });
      await read();
      await fail();
      clock.set(latestMs - 1);
      expect(await read()).toBe(present.value);
      clock.set(latestMs);

      expect(await tryToRead()).toBe(unavailable);
    });

    it('is asked for every half minute in an outage, whoever reads it (SEC-04)', async () => {
      const { read, fail, readings, clock } = await setUp(fixture);
      await read();
      await fail();
      for (let time = latestMs; time < latestMs + 60_000; time += 1_000) {
        clock.set(time);
        expect(await read()).toBe(present.value);
        // Lets a reading in the background end.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }

      expect(readings()).toBeGreaterThanOrEqual(2);
      expect(readings()).toBeLessThanOrEqual(4);
    });

    it('is followed by the new one as soon as there is no outage any more (SEC-08)', async () => {
      const { read, fail, restore, put, clock } = await setUp(fixture);
      await read();
      await fail();
      clock.set(latestMs);
      expect(await read()).toBe(present.value);
      await restore();
      await put(next);
      clock.set(latestMs + 30_000);
      await read();

      await until(async () => (await read()) === next);
    });

    it('is what reread gives in an outage (SEC-14)', async () => {
      const { read, reread, fail } = await setUp(fixture);
      await read();
      await fail();

      expect(await reread()).toBe(present.value);
    });
  });

  describe('a reading', () => {
    it('that hangs for good ends with the deadline (SEC-05)', async () => {
      const { tryToRead, hang, readings } = await setUp(fixture, { timeoutSeconds: 0.3 });
      await hang();

      expect(await tryToRead()).toBe(unavailable);
      // Three attempts and their pauses take longer.
      expect(readings()).toBeLessThan(3);
    });

    it('that hangs is tried anew, within one deadline for all (SEC-05)', async () => {
      const { read, hang, readings } = await setUp(fixture, { timeoutSeconds: 6 });
      await hang(1);

      expect(await read()).toBe(present.value);
      expect(readings()).toBe(2);
    });

    it('that failed at the start is followed by one that does not (SEC-08)', async () => {
      const { read, tryToRead, fail, restore, clock } = await setUp(fixture);
      await fail();
      expect(await tryToRead()).toBe(unavailable);
      await restore();
      clock.set(1_000);

      expect(await read()).toBe(present.value);
    });

    it('ends with close, and so does one that is asked for later (SEC-16)', async () => {
      const { provider, tryToRead, hang, readings } = await setUp(fixture, { timeoutSeconds: 60 });
      await hang();
      const reading = tryToRead();
      await until(() => readings() === 1);
      await provider.close();

      expect(await reading).toBe(unavailable);
      expect(await tryToRead()).toBe(unavailable);
      expect(readings()).toBe(1);
    });
  });
}
