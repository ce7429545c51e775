/** Rows SEC: who wants to know of a new value, without asking again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretChange } from '@sallyport/core';
import { expect, it } from 'vitest';
import type { GcpSecretsOptions } from '../src/index.ts';
import { canary, setUp, until } from './set-up.ts';

/** A timer that fires when its time has come on a clock of the test's own. */
function createClock() {
  const waiting = new Set<{ readonly at: number; readonly resolve: () => void }>();
  const clock = { now: 0 };
  return {
    timers: () => waiting.size,
    options: {
      now: () => clock.now,
      wait: (milliseconds, signal) =>
        new Promise<void>((resolve, reject) => {
          const entry = { at: clock.now + milliseconds, resolve };
          waiting.add(entry);
          signal.addEventListener('abort', () => {
            waiting.delete(entry);
            reject(signal.reason);
          });
        }),
    } satisfies Pick<GcpSecretsOptions, 'now' | 'wait'>,
    /** Moves the clock to the next timer, and returns what time it is then. */
    async next(): Promise<number> {
      await until(() => waiting.size > 0);
      const [first] = [...waiting].sort((one, other) => one.at - other.at);
      if (first === undefined) throw new Error('no timer');
      waiting.delete(first);
      clock.now = first.at;
      first.resolve();
      // The watch goes on in steps of its own.
      await sleep(0);
      return clock.now;
    },
  };
}

async function setUpWatch(changes: Partial<GcpSecretsOptions> = {}) {
  const clock = createClock();
  const all = await setUp({ ...clock.options, ...changes });
  const told: string[] = [];
  const listener = ({ name, secret, version, previousVersion }: SecretChange) =>
    told.push(`${name} ${secret.reveal()} ${version} after ${previousVersion}`);
  return { ...all, clock, told, listener };
}

it('tells the first value, and each that is new within a tenth over its time (SEC-13)', async () => {
  const { server, provider, clock, told, listener } = await setUpWatch();
  provider.watch('key', listener);
  await until(() => told.length === 1);
  await clock.next();
  await until(() => server.accesses('key') === 2);
  server.addVersion('key', 'next');
  const storedAt = 0;
  const noticedAt = await clock.next();
  await until(() => told.length === 2);

  expect(told).toEqual([`key ${canary} 1 after undefined`, 'key next 2 after 1']);
  expect(noticedAt - storedAt).toBeLessThanOrEqual(2 * 330_010);
});

it('reads once in every time to live, for all who watch and all who read (SEC-13)', async () => {
  const { server, provider, clock, read, listener } = await setUpWatch();
  provider.watch('key', listener);
  provider.watch('key', listener);
  const times: number[] = [];
  for (let count = 1; count <= 10; count += 1) {
    await until(() => server.accesses('key') === count);
    await Promise.all([read(), read()]);
    times.push(await clock.next());
  }
  const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));

  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(270_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(330_010);
  expect(new Set(gaps).size).toBeGreaterThan(1);
});

it('goes on through an outage of an hour, with the old value in force throughout (SEC-04, SEC-13)', async () => {
  const { server, provider, clock, told, listener, read, seen } = await setUpWatch();
  provider.watch('key', listener);
  await until(() => told.length === 1);
  server.fault({ kind: 'status', status: 'FAILED_PRECONDITION' });
  for (let time = 0; time < 3_600_000; ) {
    const reported = seen('secret_stale').length;
    time = await clock.next();
    await until(() => seen('secret_stale').length === reported + 1);
    expect(await read()).toBe(`${canary}@1`);
  }
  server.addVersion('key', 'next');
  server.clearFaults();
  await clock.next();
  await until(() => told.length === 2);

  expect(await read()).toBe('next@2');
  expect(seen('secret_stale').length).toBeGreaterThan(100);
});

it('is not told of a version that changes nothing but its number twice, and survives a listener that fails', async () => {
  const { server, provider, clock, told, listener } = await setUpWatch();
  provider.watch('key', () => {
    throw new Error('not me');
  });
  provider.watch('key', listener);
  await until(() => told.length === 1);
  server.addVersion('key', canary);
  await clock.next();
  await until(() => told.length === 2);
  await clock.next();
  await until(() => server.accesses('key') === 3);

  expect(told).toEqual([`key ${canary} 1 after undefined`, `key ${canary} 2 after 1`]);
});

it('ends with the last who watches, and begins anew (SEC-16)', async () => {
  const { server, provider, clock, told, listener } = await setUpWatch();
  const end = [provider.watch('key', listener), provider.watch('key', listener)];
  await until(() => clock.timers() === 1);
  end[0]?.();
  expect(clock.timers()).toBe(1);
  end[1]?.();
  end[1]?.();
  expect(clock.timers()).toBe(0);

  server.addVersion('key', 'next');
  provider.watch('key', listener);
  await clock.next();
  await until(() => told.length === 3);
  expect(told.at(-1)).toBe('key next 2 after 1');
});

it('ends with the provider (SEC-16)', async () => {
  const { provider, clock, listener } = await setUpWatch();
  provider.watch('key', listener);
  provider.watch('absent', listener);
  await until(() => clock.timers() === 2);
  await provider.close();

  expect(clock.timers()).toBe(0);
});

it('tells of a new value that somebody else has read (SEC-14)', async () => {
  const { server, provider, reread, told, listener } = await setUpWatch();
  provider.watch('key', listener);
  await until(() => told.length === 1);
  server.addVersion('key', 'next');
  await reread();

  expect(told).toEqual([`key ${canary} 1 after undefined`, 'key next 2 after 1']);
});
