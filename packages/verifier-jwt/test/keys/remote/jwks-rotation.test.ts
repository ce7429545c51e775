/** Rows JWK: new keys, busy origins, and what is reported of them. */
import { testContext } from '@sallyport/contract-tests';
import { AuthError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { isLeak } from '../../../src/keys/key-event.ts';
import { readKeySet } from '../../../src/keys/key-set.ts';
import { algorithms, both, context, ec, es, onlyEc, outage, rs, setUp } from './jwks-origin.ts';

describe('a key that is newer than the last fetch (JWK-13, JWK-17)', () => {
  async function setUpRotation() {
    const set = setUp();
    set.origin.load = async () => onlyEc;
    await set.find();
    set.origin.load = async () => both;
    return set;
  }

  it('CASE-27: is pending before keys may be fetched again, and found then', async () => {
    const { origin, find } = await setUpRotation();
    origin.now = 2_999;
    expect(await find(rs)).toBe('token_key_pending');
    expect(origin.waits).toEqual([]);
    origin.now = 5_000;
    expect(await find(rs)).toBe('rs');
  });

  it('CASE-27: says when the keys can be fetched again, and 401 only after that fetch', async () => {
    const { origin, cache, find } = await setUpRotation();
    origin.now = 1_500;
    const unknown = { keyId: 'nobody', algorithm: 'ES256' };
    await expect(cache.find(unknown, context)).rejects.toMatchObject({
      code: 'token_key_pending',
      retryAfterSeconds: 4,
    });
    origin.now = 5_000;
    expect(await find(unknown)).toBe('token_key_unknown');
  });

  it('CASE-27: is pending at the very time of the last fetch, and while a fetch is under way', async () => {
    const { origin, find } = await setUpRotation();
    expect(await find(rs)).toBe('token_key_pending');

    origin.now = 5_000;
    let publish = () => {};
    origin.load = () =>
      new Promise((resolve) => {
        publish = () => resolve(onlyEc);
      });
    const first = find(rs);
    const late = find(rs);
    publish();
    expect([await first, await late]).toEqual(['token_key_unknown', 'token_key_pending']);
  });

  it('is waited for by those who come shortly before, with one fetch for all', async () => {
    const { origin, find } = await setUpRotation();
    origin.now = 3_000;
    origin.wait = async () => {
      await Promise.resolve();
      origin.now = 5_001;
    };
    expect(await Promise.all([find(rs), find(rs), find()])).toEqual(['rs', 'rs', 'es']);
    expect(origin.waits).toEqual([2_001, 2_001]);
    expect(origin.fetches).toBe(2);
  });

  it('holds 64 and no more, so that made-up names cannot hold everybody', async () => {
    const { origin, find } = await setUpRotation();
    origin.now = 4_000;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    origin.wait = () => released;
    const waiting = Array.from({ length: 64 }, () => find(rs));
    expect(await find(rs)).toBe('token_key_pending');
    expect(origin.waits).toHaveLength(64);
    origin.now = 5_001;
    release();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['rs']));
    expect(origin.fetches).toBe(2);
  });

  it('holds nobody who is over the limit of failures, nor anybody in an outage', async () => {
    const { origin, find } = await setUpRotation();
    origin.now = 4_000;
    expect(await find(rs, testContext({ allowRemote: false }))).toBe('token_key_pending');
    origin.load = outage;
    origin.now = 5_000;
    expect(await find(rs)).toBe('upstream_unavailable');
    origin.now = 9_000;
    expect(await find(rs)).toBe('upstream_unavailable');
    expect(origin.waits).toEqual([]);
  });

  it('lets those go who have gone', async () => {
    const { origin, find } = await setUpRotation();
    origin.now = 4_000;
    origin.wait = () => Promise.reject(new Error('aborted'));
    expect(await find(rs)).toBe('upstream_unavailable');
  });
});

describe('an origin that asks for a longer pause (JWK-23)', () => {
  const busy = (retryAfterSeconds: number) => () =>
    Promise.reject(new AuthError('upstream_unavailable', { retryAfterSeconds }));

  it.each([
    [30, 30_000],
    [1, 5_000],
    [3_600, 60_000],
  ])('for %i seconds gets one of %i ms', async (seconds, pauseMs) => {
    const { origin, cache, find } = setUp();
    origin.load = busy(seconds);
    await expect(cache.find(es, context)).rejects.toMatchObject({
      retryAfterSeconds: pauseMs / 1_000,
    });
    origin.now = pauseMs - 1;
    await find();
    expect(origin.fetches).toBe(1);
    origin.load = async () => both;
    origin.now = pauseMs;
    expect(await find()).toBe('es');
    origin.now += 5_000;
    await find({ keyId: 'new', algorithm: 'ES256' });
    expect(origin.fetches).toBe(3);
  });
});

describe('what happened', () => {
  it('is reported: loaded, dropped and unavailable (JWK-08)', async () => {
    const { origin, find } = setUp();
    const leaked = { ...ec, kid: 'leaked', d: 'c2VjcmV0' };
    origin.load = async () => readKeySet({ keys: [ec, leaked, null] }, algorithms);
    await find();
    origin.load = outage;
    origin.now = 5_000;
    await find(rs);

    expect(origin.events).toEqual([
      { type: 'keys_dropped', reason: 'private', count: 1 },
      { type: 'keys_dropped', reason: 'not an object', count: 1 },
      { type: 'keys_loaded', count: 1, ttlSeconds: 3_600 },
      { type: 'keys_unavailable', detail: 'keys: ECONNREFUSED' },
    ]);
    expect(origin.events.map(isLeak)).toEqual([true, false, false, false]);
    expect(JSON.stringify(origin.events)).not.toContain('c2VjcmV0');
  });
});
