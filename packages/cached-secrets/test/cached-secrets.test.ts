/** Rows SEC: one secret from its first reading on. */
import { lookupOutcome, waitForever } from '@sallyport/contract-tests';
import { ConfigError, type Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createCachedSecrets, type SecretFault } from '../src/index.ts';
import { canary, hangUntilAborted } from './memory-store.ts';
import { setUp, waiting } from './set-up.ts';

const latestMs = 330_000;
const noReading = 'the backend returned no value with a version';
const rejected = (error: unknown) => () => Promise.reject(error);

describe('a reading', () => {
  it.each<[SecretFault, number]>([
    ['unavailable', 3],
    ['timeout', 3],
    ['checksum_mismatch', 2],
    ['access_denied', 1],
    ['login_refused', 1],
    ['credentials_missing', 1],
    ['version_unusable', 1],
    ['rejected', 1],
    ['unexpected_answer', 1],
  ])(
    'CASE-45: with the fault %s has %i attempts, and says whether it may pass',
    async (fault, attempts) => {
      const { store, provider, seen } = setUp();
      store.fail({ fault, detail: 'this happened' });
      const error = await provider.get('key', waiting).catch((reason: unknown) => reason);

      expect(store.readings()).toBe(attempts);
      expect(error).toMatchObject({
        code: 'upstream_unavailable',
        detail: 'secret key: this happened',
      });
      expect(Object(error).retryAfterSeconds).toBe(attempts === 1 ? undefined : 1);
      expect(seen('secret_unavailable')).toEqual([
        { type: 'secret_unavailable', name: 'key', fault, detail: 'this happened' },
      ]);
    },
  );

  it('is given up after the third attempt, and not begun again at once (SEC-04)', async () => {
    const { store, read, clock } = setUp();
    store.fail({ fault: 'unavailable', detail: 'down' });
    expect(await read()).toBe('secret key: down');
    expect(await read()).toBe('secret key: down');
    expect(store.readings()).toBe(3);

    store.restore();
    clock.now = 500;
    expect(await read()).toBe(`${canary}@1`);
  });

  it('names the remedy of its fault, which may be known late (SEC-01)', async () => {
    let account = 'unknown';
    const { store, read, seen } = setUp({
      remedies: { access_denied: (name) => `allow ${account} to read ${name}` },
    });
    store.fail({ fault: 'access_denied', detail: 'no.' });
    const reading = read();
    account = 'mcp';

    expect(await reading).toBe('secret key: no. To allow it: allow mcp to read key');
    expect(seen('secret_access_denied')).toEqual([
      { type: 'secret_access_denied', name: 'key', remedy: 'allow mcp to read key' },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error(canary);
      },
      'it failed',
    ],
    ['rejects', rejected(new Error(canary)), 'it failed'],
    [
      'rejects with a code',
      rejected(Object.assign(new Error(canary), { code: 'ECONNREFUSED' })),
      'it failed: ECONNREFUSED',
    ],
    ['shows a secret as code', rejected(Object.assign(new Error(), { code: canary })), 'it failed'],
    ['times out', rejected(new DOMException(canary, 'TimeoutError')), 'a request was not answered'],
    ['rejects with nothing', rejected(undefined), 'it failed'],
    ['returns nothing', async () => undefined, noReading],
    ['returns a bare string', async () => canary, noReading],
    ['returns no version', async () => ({ value: canary }), noReading],
    ['returns a number', async () => ({ value: 7, version: '1' }), noReading],
    ['returns a fault without a detail', async () => ({ fault: 'rejected' }), noReading],
  ])(
    'of a backend that %s is an outage, and shows nothing of it (SEC-19)',
    async (_case, read, detail) => {
      const all = setUp({ read: read as never, timeoutSeconds: 60 });

      expect(await all.read()).toBe(`secret key: ${detail}`);
    },
  );

  it('of a backend that ignores its signal keeps no place for ever (SEC-20)', async () => {
    const { read } = setUp({
      timeoutSeconds: 0.1,
      read: async (name) =>
        name === 'key' ? { value: canary, version: '1' } : new Promise(() => {}),
    });
    await Promise.all(Array.from({ length: 8 }, (_none, index) => read(`hangs-${index}`)));

    expect(await read('key')).toBe(`${canary}@1`);
  });

  it('waits for its turn: no more than eight at once (SEC-20)', async () => {
    const { store, read } = setUp();
    const names = Array.from({ length: 30 }, (_none, index) => `secret-${index}`);
    for (const name of names) store.put(name, name);
    const values = await Promise.all(names.map((name) => read(name)));

    expect(values).toEqual(names.map((name) => `${name}@1`));
    expect(store.mostReadingsAtOnce()).toBe(8);
  });

  it('goes on for the others when one who waits has gone', async () => {
    const { store, provider, read } = setUp();
    const controller = new AbortController();
    const gone = lookupOutcome(provider.get('key', { signal: controller.signal }));
    const other = read();
    controller.abort();

    expect(await gone).toBe('the caller no longer waits');
    expect(await other).toBe(`${canary}@1`);
    expect(store.readings()).toBe(1);
  });

  it('that is between two attempts ends with close (SEC-16)', async () => {
    const { store, provider, read, events } = setUp();
    store.fail({ fault: 'unavailable', detail: 'down' });
    const reading = read();
    await new Promise(setImmediate);
    await provider.close();

    expect(await reading).toBe('secret key: the provider is closed');
    expect(store.readings()).toBe(1);
    // A reading that breaks off at shutdown is no outage.
    expect(events).toEqual([]);
  });

  it('gets the signal that aborts at its deadline (SEC-05)', async () => {
    const signals: AbortSignal[] = [];
    const { read } = setUp({
      timeoutSeconds: 0.1,
      read: (_name, signal) => {
        signals.push(signal);
        return hangUntilAborted(signal);
      },
    });

    expect(await read()).toBe('secret key: no answer within 100 ms');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('a secret', () => {
  it('that was absent is found within its time', async () => {
    const { store, read, clock, events } = setUp();
    expect(await read('later')).toBe('absent');
    store.put('here', 'later');
    expect(await read('later')).toBe('absent');
    clock.now = latestMs;

    expect(await read('later')).toBe('here@1');
    expect(events[0]).toEqual({ type: 'secret_not_found', name: 'later' });
  });

  it('that was absent is not called so in an outage (SEC-04)', async () => {
    const { store, read, clock } = setUp();
    await read('later');
    store.fail();
    clock.now = latestMs;

    expect(await read('later')).toBe('secret later: it was refused');
  });

  it('that is deleted keeps its last good value (SEC-02)', async () => {
    const { store, read, clock, seen } = setUp();
    await read();
    store.remove('key');
    clock.now = latestMs;

    expect(await read()).toBe(`${canary}@1`);
    expect(seen('secret_stale')).toEqual([
      {
        type: 'secret_stale',
        name: 'key',
        version: '1',
        ageSeconds: 330,
        fault: 'not_found',
        detail: 'there is no such secret',
      },
    ]);
  });

  it('is due at different times for different instances (SEC-13)', async () => {
    const dueTimes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const due = Promise.withResolvers<number>();
        const { provider } = setUp({
          wait: (milliseconds, signal) => {
            due.resolve(milliseconds);
            return waitForever(milliseconds, signal);
          },
        });
        provider.watch('key', () => {});
        return due.promise;
      }),
    );

    expect(new Set(dueTimes).size).toBeGreaterThan(2);
    expect(Math.min(...dueTimes)).toBeGreaterThanOrEqual(270_000);
    expect(Math.max(...dueTimes)).toBeLessThanOrEqual(latestMs + 2);
  });

  it('is told of once when only its version changes', async () => {
    const { store, provider, clock, read, seen } = setUp();
    const told: string[] = [];
    await read();
    provider.watch('key', ({ version, previousVersion }) =>
      told.push(`${previousVersion}→${version}`),
    );
    store.put(canary);
    clock.now = latestMs;
    await read();
    clock.now = 2 * latestMs;
    await read();

    expect(seen('secret_loaded')).toEqual([
      { type: 'secret_loaded', name: 'key', version: '1', isNew: true },
      { type: 'secret_loaded', name: 'key', version: '2', isNew: true },
      { type: 'secret_loaded', name: 'key', version: '2', isNew: false },
    ]);
    expect(told).toEqual(['1→2']);
  });

  it('loses a newline at its end, and the operator hears of it once (SEC-11)', async () => {
    const { store, read, clock, seen } = setUp();
    store.put('value\n');
    expect(await read()).toBe('value@2');
    clock.now = latestMs;
    expect(await read()).toBe('value@2');

    expect(store.readings()).toBe(2);
    expect(seen('secret_trailing_newline')).toEqual([
      { type: 'secret_trailing_newline', name: 'key', version: '2', storedBytes: 6, usedBytes: 5 },
    ]);
  });

  it('goes on when nobody can be told', async () => {
    const { read } = setUp({
      onEvent: () => {
        throw new Error('the log is full');
      },
    });

    expect(await read()).toBe(`${canary}@1`);
  });
});

describe('a value that validate refuses', () => {
  const validate = (name: string, secret: Secret) => {
    if (secret.reveal().length < 16) throw new ConfigError(name, 'must have 16 characters');
  };

  it('replaces nothing, and is reported without a byte of it (SEC-15)', async () => {
    const { store, read, clock, events, seen } = setUp({ validate });
    await read();
    store.put('short');
    clock.now = latestMs;

    expect(await read()).toBe(`${canary}@1`);
    expect(seen('secret_refused')).toEqual([
      { type: 'secret_refused', name: 'key', version: '2', problem: 'must have 16 characters' },
    ]);
    expect(seen('secret_stale')).toMatchObject([{ version: '1', fault: 'not_valid' }]);
    expect(JSON.stringify(events)).not.toContain('short');
  });

  it.each([
    ['the value in it', (value: string) => new ConfigError('key', `${value} is bad`)],
    ['another kind of error', () => Object.assign(new Error('any'), { problem: 'any text' })],
    ['no error at all', () => undefined],
  ])('is not described by what may show it: %s (SEC-19)', async (_case, toError) => {
    const { read } = setUp({
      validate: (_name, secret) => {
        throw toError(secret.reveal());
      },
    });

    expect(await read()).toBe('secret key: version 1: it is not valid');
  });
});

it.each<[string, object]>([
  ['cachedSecrets.name', { name: 'Acme Store' }],
  ['cachedSecrets.read', { read: undefined }],
  ['cachedSecrets.canonicalName', { canonicalName: 'key' }],
  ['acme.cacheTtlSeconds', { cacheTtlSeconds: 0 }],
  ['acme.cacheTtlSeconds', { cacheTtlSeconds: 86_401 }],
  ['acme.maximumStaleSeconds', { maximumStaleSeconds: -1 }],
  ['acme.maximumStaleSeconds', { maximumStaleSeconds: 604_801 }],
  ['acme.timeoutSeconds', { timeoutSeconds: 0.099 }],
  ['acme.timeoutSeconds', { timeoutSeconds: 60.001 }],
])('createCachedSecrets refuses a bad %s', (option, changes) => {
  const options = {
    name: 'acme_store',
    subject: 'acme',
    canonicalName: (name: string) => name,
    read: async () => ({ value: 'any', version: '1' }),
    ...changes,
  };

  expect(() => createCachedSecrets(options)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }),
  );
});

it('a name that cannot be one is refused before anything is read (SEC-18)', async () => {
  const { store, provider } = setUp();

  await expect(provider.get('../key', waiting)).rejects.toMatchObject({ option: 'memory.name' });
  await expect(provider.reread('../key', waiting)).rejects.toMatchObject({ option: 'memory.name' });
  expect(() => provider.watch('../key', () => {})).toThrow('memory.name');
  expect(store.readings('../key')).toBe(0);
});

it('two spellings of a name share one value', async () => {
  const { store, read } = setUp();
  await Promise.all([read('key'), read('key@latest')]);

  expect(store.readings()).toBe(1);
});
