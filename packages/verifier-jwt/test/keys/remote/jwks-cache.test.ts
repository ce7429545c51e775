/** Rows JWK: time and outages, with a clock and an origin of the test's own. */
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import type { KeySet } from '../../../src/keys/key-set.ts';
import { both, context, es, none, onlyEc, outage, rs, rsa, setUp } from './jwks-origin.ts';

describe('fetching', () => {
  it('happens when a key is first needed, once for all who wait (JWK-19)', async () => {
    const { origin, find } = setUp();
    expect(origin.fetches).toBe(0);
    expect(await Promise.all([find(), find(), find(rs)])).toEqual(['es', 'es', 'rs']);
    expect(origin.fetches).toBe(1);
  });

  it('fails for all who wait, and nobody crashes (HDR-20, OPS-09)', async () => {
    const { origin, find } = setUp();
    origin.load = outage;
    expect(await Promise.all([find(), find()])).toEqual([
      'upstream_unavailable',
      'upstream_unavailable',
    ]);
    expect(origin.fetches).toBe(1);
  });

  it('pauses after a failure as after a success (JWK-12)', async () => {
    const { origin, find } = setUp();
    origin.load = outage;
    for (let time = 0; time < 60_000; time += 100) {
      origin.now = time;
      expect(await find()).toBe('upstream_unavailable');
    }
    expect(origin.fetches).toBe(12);
  });

  it('happens at most once in 5 seconds for keys nobody knows (JWK-12)', async () => {
    const { origin, find } = setUp();
    for (let time = 0; time < 60_000; time += 10) {
      origin.now = time;
      expect(await find({ keyId: `unknown-${time}`, algorithm: 'ES256' })).toMatch(
        /^token_key_(unknown|pending)$/,
      );
    }
    expect(origin.fetches).toBe(12);
  });

  it('that hung is waited for a second at most, and not repeated before its end (JWK-12)', async () => {
    const { origin, find, settle } = setUp();
    origin.load = async () => {
      origin.now += 6_000;
      throw new Error('no answer');
    };
    expect(await find()).toBe('upstream_unavailable');
    let fail = (_error: Error) => {};
    origin.load = () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      });
    for (let time = 0; time < 10; time += 1) {
      expect(await find()).toBe('upstream_unavailable');
      origin.now += 1_000;
    }
    expect(origin.fetches).toBe(2);
    expect(new Set(origin.waits)).toEqual(new Set([1_000]));

    origin.load = async () => both;
    fail(new Error('no answer'));
    await settle();
    expect(await find()).toBe('es');
    expect(origin.fetches).toBe(3);
  });

  it('goes on for the others when one of those who wait has gone', async () => {
    const { origin, cache, find } = setUp();
    let answer: (set: KeySet) => void = () => {};
    origin.load = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const abort = new AbortController();
    const gone = cache.find(es, testContext({ signal: abort.signal }));
    const waiting = find();
    abort.abort();
    await expect(gone).rejects.toMatchObject({ code: 'upstream_unavailable' });
    answer(both);
    expect(await waiting).toBe('es');
    expect(origin.fetches).toBe(1);
  });

  it('does not start for somebody who has gone already, and says so', async () => {
    const { cache } = setUp();
    const context = testContext({ signal: AbortSignal.abort() });
    await expect(cache.find(es, context)).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });
});

describe('an outage', () => {
  it('costs nobody anything while the keys are not too old, and then is one (JWK-15)', async () => {
    const { origin, find } = setUp();
    await find();
    origin.load = outage;
    for (const time of [3_600_001, 40_000_000, 3_600_000 + 86_400_000 - 1]) {
      origin.now = time;
      expect(await find()).toBe('es');
    }
    origin.now = 3_600_000 + 86_400_000;
    expect(await find()).toBe('upstream_unavailable');
    origin.now += 5_000;
    origin.load = async () => both;
    expect(await find()).toBe('es');
  });

  it('that outlasts the keys while somebody waits is no reason to refuse (JWK-15)', async () => {
    const { origin, find } = setUp();
    await find();
    origin.load = () => {
      origin.now += 10_000;
      return outage();
    };
    origin.now = 3_600_000 + 86_400_000 - 1;
    expect(await find()).toBe('es');
    expect(await find()).toBe('upstream_unavailable');
  });

  it('leaves what cannot be known unknown (JWK-17)', async () => {
    const { origin, find } = setUp();
    await find();
    origin.load = outage;
    origin.now = 5_000;
    expect(await find({ keyId: 'new', algorithm: 'ES256' })).toBe('upstream_unavailable');
    expect(await find()).toBe('es');
    origin.load = async () => both;
    origin.now = 10_000;
    expect(await find({ keyId: 'new', algorithm: 'ES256' })).toBe('token_key_unknown');
  });

  it('at the start ends when the origin comes (JWK-16)', async () => {
    const { origin, find } = setUp();
    origin.load = outage;
    expect(await find()).toBe('upstream_unavailable');
    origin.load = async () => both;
    expect(await find()).toBe('upstream_unavailable');
    origin.now = 5_000;
    expect(await find()).toBe('es');
  });

  it('is what an empty set is, and it replaces nothing (JWK-07)', async () => {
    const { origin, find } = setUp();
    await find();
    origin.load = async () => none;
    origin.now = 3_600_000;
    expect(await find()).toBe('es');
    expect(await find(rs)).toBe('rs');
  });

  it('says when to come back', async () => {
    const { origin, cache } = setUp();
    origin.load = outage;
    await expect(cache.find(es, context)).rejects.toMatchObject({ retryAfterSeconds: 5 });
  });
});

describe('refreshing', () => {
  it('happens ahead of time, in the background, by the request that finds it due (JWK-21)', async () => {
    const { origin, find, settle } = setUp();
    await find();
    origin.now = 3_600_000 * 0.8;
    await find();
    expect(origin.fetches).toBe(1);
    origin.now += 1;
    expect(await find()).toBe('es');
    await settle();
    expect(origin.fetches).toBe(2);
    await find();
    expect(origin.fetches).toBe(2);
  });

  it('drops what the origin has dropped (JWK-14)', async () => {
    const { origin, find, settle } = setUp();
    expect(await find(rs)).toBe('rs');
    origin.load = async () => onlyEc;
    origin.now = 3_600_000 * 0.9;
    await find(rs);
    await settle();
    expect(await find(rs)).toBe('token_key_pending');
    origin.now += 5_000;
    expect(await find(rs)).toBe('token_key_unknown');
    expect(rsa?.kid).toBe('rs');
  });

  it('comes first when the keys are too old: nobody had a request before (JWK-14)', async () => {
    const { origin, find } = setUp();
    await find(rs);
    origin.load = async () => onlyEc;
    origin.now = 72_000_000;
    expect(await Promise.all([find(rs), find(rs), find()])).toEqual([
      'token_key_unknown',
      // The fetch had started when this one came.
      'token_key_pending',
      'es',
    ]);
    expect(origin.fetches).toBe(2);
  });

  it('is waited for once in an outage, and not by every request (JWK-15)', async () => {
    const { origin, find } = setUp();
    await find();
    origin.load = outage;
    origin.now = 3_600_000;
    expect(await find()).toBe('es');
    origin.load = () => new Promise(() => {});
    origin.now += 5_000;
    expect(await find()).toBe('es');
    expect(origin.fetches).toBe(3);
  });

  it('is spread over instances that started together (JWK-23)', async () => {
    for (const [random, part] of [
      [0, 0.72],
      [1, 0.88],
    ] as const) {
      const { origin, find, settle } = setUp({ random: () => random });
      await find();
      origin.now = 3_600_000 * part;
      await find();
      await settle();
      expect(origin.fetches).toBe(1);
      origin.now += 1;
      await find();
      await settle();
      expect(origin.fetches).toBe(2);
    }
  });
});

it('aborts what it is loading when it is closed', async () => {
  let aborted = false;
  const { cache } = setUp({
    load: (signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('aborted'));
        }),
      ),
  });
  const finding = cache.find(es, context);
  await cache.close?.();
  await expect(finding).rejects.toMatchObject({ code: 'upstream_unavailable' });
  expect(aborted).toBe(true);
});
