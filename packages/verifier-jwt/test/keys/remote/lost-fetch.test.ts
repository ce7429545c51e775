/** Workers drop a fetch when the client of the request that began it leaves: it then never settles. */
import { expect, it } from 'vitest';
import { createClosing } from '../../../src/keys/remote/closing.ts';
import { setUp } from './jwks-origin.ts';

const never = () => new Promise<never>(() => {});

it('starts another fetch once the first has had its time, and hangs nobody', async () => {
  const { origin, find } = setUp({ limitMs: 6_000 });
  const { load } = origin;
  origin.load = never;
  void find();
  // Somebody who waits for the same fetch waits no longer than it may take.
  origin.now = 1_000;
  const joined = await find();
  origin.now = 6_000;
  origin.load = load;
  const later = await find();

  expect(origin.waits).toEqual([5_000]);
  expect(joined).toBe('token_key_pending');
  expect(later).not.toMatch(/^token_|^upstream_/);
  expect(origin.fetches).toBe(2);
});

it('loses no keys when a refresh in the background is lost', async () => {
  const { origin, find, settle } = setUp({ limitMs: 6_000 });
  const { load } = origin;
  const key = await find();
  origin.load = never;
  origin.now = 3_500_000;
  expect(await find()).toBe(key);
  origin.load = load;
  origin.now = 3_506_000;
  expect(await find()).toBe(key);
  await settle();

  expect(origin.fetches).toBe(3);
});

it('gives each piece of work a signal of its own, and aborts all of them on close', async () => {
  const closing = createClosing();
  const signals: AbortSignal[] = [];
  const keep = async (signal: AbortSignal) => void signals.push(signal);
  const work = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  const both = [closing.run(work), closing.run(work)];
  closing.close();
  await Promise.all(both);
  await closing.run(keep);

  expect(new Set(signals).size).toBe(3);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
});
