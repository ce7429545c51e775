/** Rows SEC: who wants to know of a new value, without asking again and again. */
import type { SecretChange } from '@sallyport/core';
import { expect, it } from 'vitest';
import { canary, dataPath, setUp, until } from './set-up.ts';

/** A timer that fires when it is told to. */
async function setUpWatch() {
  const timers: { readonly milliseconds: number; readonly fire: () => void }[] = [];
  const clock = { now: 0 };
  const all = await setUp({
    now: () => clock.now,
    wait: (milliseconds, signal) =>
      new Promise<void>((resolve, reject) => {
        const entry = { milliseconds, fire: resolve };
        timers.push(entry);
        signal.addEventListener('abort', () => {
          timers.splice(timers.indexOf(entry), 1);
          reject(signal.reason);
        });
      }),
  });
  const told: string[] = [];
  const listener = ({ name, secret, version, previousVersion }: SecretChange) =>
    told.push(`${name} ${secret.reveal()} ${version} after ${previousVersion}`);
  const next = async (): Promise<number> => {
    await until(() => timers.length > 0);
    const { milliseconds = 0, fire } = timers.shift() ?? {};
    clock.now += milliseconds;
    fire?.();
    return milliseconds;
  };
  return { ...all, timers, told, listener, next };
}

it('tells the first value, and each that is new within a tenth over its time (SEC-13)', async () => {
  const { server, provider, told, listener, next } = await setUpWatch();
  provider.watch('app', listener);
  await until(() => told.length === 1);
  server.put('app', { value: 'next' });
  const waited = await next();
  await until(() => told.length === 2);

  expect(told).toEqual([`app ${canary} 1 after undefined`, 'app next 2 after 1']);
  expect(waited).toBeGreaterThanOrEqual(270_000);
  expect(waited).toBeLessThanOrEqual(330_002);
});

it('goes on through an outage (SEC-04)', async () => {
  const { server, provider, told, listener, next, seen } = await setUpWatch();
  provider.watch('app', listener);
  await until(() => told.length === 1);
  server.deleteVersion('app');
  await next();
  await until(() => seen('secret_stale').length === 1);
  server.put('app', { value: 'next' });
  const waited = await next();
  await until(() => told.length === 2);

  expect(waited).toBe(30_001);
  expect(told.at(-1)).toBe('app next 2 after 1');
});

it('ends with the last who watches, and with the provider (SEC-16)', async () => {
  const { server, provider, timers, listener, told } = await setUpWatch();
  const end = provider.watch('app', listener);
  await until(() => timers.length === 1);
  end();
  expect(timers).toEqual([]);

  provider.watch('app', listener);
  await until(() => timers.length === 1);
  await provider.close();
  expect(timers).toEqual([]);
  expect(server.hits(dataPath)).toBe(1);
  expect(told).toHaveLength(1);
});
