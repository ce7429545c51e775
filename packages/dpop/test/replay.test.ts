import { describe, expect, it } from 'vitest';
import { createDpop, createMemoryReplayStore, type UsedProof } from '../src/index.ts';
import {
  context,
  createJudge,
  createKey,
  key,
  now,
  otherKey,
  prove,
  requestWith,
  token,
} from './fixture.ts';

const replayed = 'dpop_proof_invalid: replay';

describe('a proof', () => {
  it('is good once (DPOP-08)', async () => {
    const judge = createJudge();
    const proof = await prove();

    expect(await judge(proof)).toBe('ok');
    expect(await judge(proof)).toBe(replayed);
    expect(await judge(proof, { nowSeconds: now + 300 })).toBe(replayed);
  });

  it('is good once when it comes many times at once (DPOP-08)', async () => {
    const judge = createJudge();
    const proof = await prove();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => judge(proof)));

    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === replayed)).toHaveLength(49);
  });

  it('cannot use the identifier of another one of its key again', async () => {
    const judge = createJudge();

    expect(await judge(await prove({ jti: 'same' }))).toBe('ok');
    expect(await judge(await prove({ jti: 'same', iat: now + 1 }))).toBe(replayed);
  });

  it('is not refused because another client has used its identifier', async () => {
    const judge = createJudge();
    const { thumbprint } = otherKey;

    expect(await judge(await prove({ jti: 'same' }))).toBe('ok');
    expect(await judge(await prove({ jti: 'same' }, {}, otherKey), { thumbprint })).toBe('ok');
  });

  it('is remembered for as long as it would be good', async () => {
    const judge = createJudge();
    const proof = await prove({ iat: now + 300 });

    expect(await judge(proof)).toBe('ok');
    expect(await judge(proof, { nowSeconds: now + 600 })).toBe(replayed);
    expect(await judge(proof, { nowSeconds: now + 601 })).toBe('dpop_proof_invalid: iat');
  });

  it.each([
    ['for another method', { htm: 'GET' }, {}],
    ['for another token', { ath: 'x' }, {}],
    ['of another time', { iat: now - 999 }, {}],
    ['of another kind', {}, { typ: 'jwt' }],
  ])('%s is not remembered, so that nobody can fill the memory', async (_name, claims, header) => {
    const told: UsedProof[] = [];
    const replay = {
      async remember(proof: UsedProof) {
        told.push(proof);
        return true;
      },
    };
    const judge = createJudge({ replay });

    expect(await judge(await prove({ jti: 'j', ...claims }, header))).not.toBe('ok');
    expect(await judge(await prove({ jti: 'j' }, { jwk: key.jwk }, otherKey))).not.toBe('ok');
    expect(await judge(await prove({ jti: 'j' }, {}, otherKey))).not.toBe('ok');
    expect(told).toEqual([]);
    expect(await judge(await prove({ jti: 'j' }))).toBe('ok');
    expect(told).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{43}$/),
        thumbprint: key.thumbprint,
        expiresAt: now + 300,
      },
    ]);
  });

  it('is no fault of the client when the memory breaks', async () => {
    const remember = () => Promise.reject(new Error('broken'));
    const dpop = createDpop({ replay: { remember } });
    const { thumbprint } = key;

    // The guard answers 503 to what is no refusal.
    await expect(
      dpop.confirm({ thumbprint, token }, requestWith(await prove()), context()),
    ).rejects.toThrow('broken');
  });
});

describe('createMemoryReplayStore', () => {
  const proof = (thumbprint: string, id: string | number, expiresAt: number = now + 300) => ({
    thumbprint,
    id: `${thumbprint}-${id}`,
    expiresAt,
  });

  it('forgets what has expired', async () => {
    const store = createMemoryReplayStore();

    expect(await store.remember(proof('a', 1), now)).toBe(true);
    expect(await store.remember(proof('a', 1), now + 300)).toBe(false);
    expect(await store.remember(proof('a', 1, now + 700), now + 301)).toBe(true);
    expect(await store.remember(proof('a', 1), now + 302)).toBe(false);
  });

  it('lets nobody with two keys push out a proof of somebody else', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 100 });
    await store.remember(proof('quiet', 0), now);
    for (let id = 0; id < 99; id += 1) await store.remember(proof('hoard', id), now);
    for (let id = 0; id < 20; id += 1) await store.remember(proof('second', id), now);

    expect(await store.remember(proof('quiet', 0), now)).toBe(false);
    expect(await store.remember(proof('second', 19), now)).toBe(false);
    expect(await store.remember(proof('hoard', 98), now)).toBe(false);
    expect(await store.remember(proof('hoard', 0), now)).toBe(true);
  });

  it('forgets the key that was not used for longest where none has too much', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 101 });
    for (let key = 0; key < 100; key += 1) await store.remember(proof(`k${key}`, 0), now);
    await store.remember(proof('k0', 1), now);
    // The first costs the one with two of them its oldest, the second the one that is quiet for longest.
    await store.remember(proof('new', 0), now);
    await store.remember(proof('newer', 0), now);

    expect(await store.remember(proof('k0', 1), now)).toBe(false);
    expect(await store.remember(proof('k2', 0), now)).toBe(false);
    expect(await store.remember(proof('k1', 0), now)).toBe(true);
  });

  it('counts a proof once, however often it comes back after its time', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 100 });
    await store.remember(proof('quiet', 0, now + 1_000), now);
    for (let time = 0; time < 150; time += 1) {
      expect(await store.remember(proof('a', 0, now + time), now + time + 1)).toBe(true);
    }

    expect(await store.remember(proof('quiet', 0, now + 1_000), now + 151)).toBe(false);
  });

  it('makes room of what has expired first', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 100 });
    await store.remember(proof('late', 0, now + 600), now);
    for (let id = 0; id < 99; id += 1) await store.remember(proof('a', id), now);
    await store.remember(proof('b', 0, now + 700), now + 301);

    expect(await store.remember(proof('late', 0), now + 301)).toBe(false);
  });

  it('lets the key that has more than its share pay for what it adds', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 100 });
    for (let id = 0; id < 10; id += 1) await store.remember(proof('quiet', id), now);
    for (let id = 0; id < 1_000; id += 1) await store.remember(proof('busy', id), now);

    for (let id = 0; id < 10; id += 1) {
      expect(await store.remember(proof('quiet', id), now)).toBe(false);
    }
    expect(await store.remember(proof('busy', 999), now)).toBe(false);
    expect(await store.remember(proof('busy', 0), now)).toBe(true);
  });

  it('refuses nobody when it is full of others', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 100 });
    for (let id = 0; id < 100; id += 1) await store.remember(proof(`key-${id}`, id), now);

    expect(await store.remember(proof('new', 1), now)).toBe(true);
    expect(await store.remember(proof('new', 1), now)).toBe(false);
    expect(await store.remember(proof('key-99', 99), now)).toBe(false);
    // The key that was used longest ago.
    expect(await store.remember(proof('key-0', 0), now)).toBe(true);
  });

  it('is bounded in memory, whatever comes', async () => {
    const store = createMemoryReplayStore({ maximumEntries: 1_000 });
    const remembered = async (thumbprint: string, count: number) => {
      let known = 0;
      for (let id = 0; id < count; id += 1) {
        // A store that forgot it says so, and has then forgotten another one.
        if (!(await store.remember(proof(thumbprint, id), now))) known += 1;
      }
      return known;
    };
    for (let id = 0; id < 5_000; id += 1) await store.remember(proof(`key-${id % 700}`, id), now);
    await remembered('one', 5_000);

    expect(await remembered('one', 5_000)).toBeLessThanOrEqual(1_000);
  });

  it.each([0, 99, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10_000_001])(
    'cannot have %s entries',
    (maximumEntries) => {
      expect(() => createMemoryReplayStore({ maximumEntries })).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: 'dpop.replay.maximumEntries' }),
      );
    },
  );
});

it('keeps the algorithms of several clients apart', async () => {
  const judge = createJudge();
  const keys = await Promise.all(['ES256', 'EdDSA', 'Ed25519'].map(createKey));
  const outcomes = await Promise.all(
    keys.map(async (by) => judge(await prove({}, {}, by), { thumbprint: by.thumbprint })),
  );

  expect(outcomes).toEqual(['ok', 'ok', 'ok']);
});
