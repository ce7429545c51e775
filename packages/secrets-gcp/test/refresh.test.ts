/** Rows SEC: what becomes of a value once there is one. */

import { ConfigError } from '@sallyport/core';
import type { SecretManager, SecretManagerFault } from '@sallyport/testing/secret-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SecretManagerClient } from '../src/index.ts';
import { canary, settle, setUp, until, untilAborted, waiting } from './set-up.ts';

const ttlMs = 300_000;
/** When a value is due at the latest. */
const latestMs = ttlMs * 1.1;
const dayMs = 86_400_000;
const down: SecretManagerFault = { kind: 'status', status: 'FAILED_PRECONDITION' };

/** Set up with a value that has been read at time 0. */
async function setUpRead(...parameters: Parameters<typeof setUp>) {
  const all = await setUp(...parameters);
  expect(await all.read()).toBe(`${canary}@1`);
  return all;
}

describe('a value', () => {
  it('is not read again within its time, give or take a tenth (SEC-13)', async () => {
    const { server, read, clock } = await setUpRead();
    clock.now = ttlMs * 0.9 - 1;
    await read();
    expect(server.accesses('key')).toBe(1);

    clock.now = latestMs - 1;
    expect(await read()).toBe(`${canary}@1`);
    clock.now = latestMs;
    await read();
    expect(server.accesses('key')).toBe(2);
  });

  it('is due at different times for different instances (SEC-13)', async () => {
    const dueTimes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const due = Promise.withResolvers<number>();
        const { provider } = await setUp({
          wait: (milliseconds, signal) => {
            due.resolve(milliseconds);
            return untilAborted(milliseconds, signal);
          },
        });
        provider.watch('key', () => {});
        return due.promise;
      }),
    );

    expect(new Set(dueTimes).size).toBeGreaterThan(2);
    expect(Math.min(...dueTimes)).toBeGreaterThanOrEqual(ttlMs * 0.9);
    expect(Math.max(...dueTimes)).toBeLessThanOrEqual(latestMs + 2);
  });

  it('is read ahead, and nobody waits for it (SEC-13)', async () => {
    const { server, read, clock, seen } = await setUpRead();
    server.addVersion('key', 'next');
    server.fault({ kind: 'delay', milliseconds: 30 });
    clock.now = latestMs - 1;

    expect(await read()).toBe(`${canary}@1`);
    await until(() => seen('secret_loaded').length === 2);
    expect(await read()).toBe('next@2');
    expect(seen('secret_loaded')).toEqual([
      { type: 'secret_loaded', name: 'key', version: '1', isNew: true },
      { type: 'secret_loaded', name: 'key', version: '2', isNew: true },
    ]);
  });

  it('is waited for after an idle time, when no timer fired (SEC-13)', async () => {
    const timers: AbortSignal[] = [];
    const { server, read, clock } = await setUpRead({
      wait: (milliseconds, signal) => {
        timers.push(signal);
        return untilAborted(milliseconds, signal);
      },
    });
    server.addVersion('key', 'next');
    clock.now = latestMs;

    expect(await read()).toBe('next@2');
    // What limits the waiting has ended with it.
    expect(timers.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is waited for no longer than a second, when there is an old one (SEC-05)', async () => {
    const timers: number[] = [];
    const { server, read, clock } = await setUpRead({
      timeoutMs: 60_000,
      wait: async (milliseconds) => void timers.push(milliseconds),
    });
    server.addVersion('key', 'next');
    server.fault({ kind: 'hang' });
    clock.now = latestMs;

    // It hangs for longer than the test may take.
    expect(await read()).toBe(`${canary}@1`);
    expect(timers).toEqual([1_000]);
  });

  it('keeps its version pinned, whatever comes after it', async () => {
    const { server, read, clock } = await setUp();
    await read('key@1');
    server.addVersion('key', 'next');
    clock.now = latestMs;

    expect(await read('key@1')).toBe(`${canary}@1`);
    expect(await read('key')).toBe('next@2');
  });

  it('that was absent is found within its time', async () => {
    const { server, read, clock } = await setUp();
    expect(await read('later')).toBe('absent');
    server.addVersion('later', 'here');
    expect(await read('later')).toBe('absent');
    clock.now = latestMs;

    expect(await read('later')).toBe('here@1');
  });

  it('that was absent is not called so in an outage (SEC-04)', async () => {
    const { server, read, clock } = await setUp();
    await read('later');
    server.fault(down);
    clock.now = latestMs;

    expect(await read('later')).toBe('secret later: 9 FAILED_PRECONDITION');
  });
});

describe('the last good value', () => {
  it.each<[string, string, (server: SecretManager) => void]>([
    ['without permission (SEC-01)', 'access_denied', (server) => server.deny('key')],
    [
      'with refused credentials (SEC-01)',
      'access_denied',
      (server) => server.fault({ kind: 'status', status: 'UNAUTHENTICATED' }),
    ],
    ['when the secret is deleted (SEC-02)', 'not_found', (server) => server.deleteSecret('key')],
    [
      'when latest is disabled (SEC-03)',
      'version_unusable',
      (server) => server.disableVersion('key'),
    ],
    [
      'when latest is destroyed (SEC-03)',
      'version_unusable',
      (server) => server.destroyVersion('key'),
    ],
    [
      'in an outage (SEC-04)',
      'unavailable',
      (server) => server.fault({ kind: 'status', status: 'UNAVAILABLE' }),
    ],
    [
      'over the quota (SEC-04)',
      'unavailable',
      (server) => server.fault({ kind: 'status', status: 'RESOURCE_EXHAUSTED' }),
    ],
    ['when the server hangs (SEC-05)', 'timeout', (server) => server.fault({ kind: 'hang' })],
    [
      'after damage (SEC-09)',
      'checksum_mismatch',
      (server) => server.fault({ kind: 'wrong-checksum' }),
    ],
    [
      'with nothing new in it (SEC-10)',
      'empty',
      (server) => server.fault({ kind: 'empty-payload' }),
    ],
    ['without a payload (SEC-10)', 'empty', (server) => server.fault({ kind: 'no-payload' })],
    [
      'before one that is too long (SEC-12)',
      'too_long',
      (server) => void server.addVersion('key', 'a'.repeat(65_537)),
    ],
    [
      'before one that is no text (SEC-12)',
      'not_text',
      (server) => void server.addVersion('key', Uint8Array.of(0xff)),
    ],
  ])('stays in force %s', async (_case, fault, disturb) => {
    const { server, read, clock, seen } = await setUpRead(
      // Only what hangs is to end with its time.
      fault === 'timeout' ? { timeoutMs: 600 } : {},
    );
    disturb(server);
    clock.now = latestMs;
    expect(await read()).toBe(`${canary}@1`);

    expect(seen('secret_stale')).toEqual([
      {
        type: 'secret_stale',
        name: 'key',
        version: '1',
        ageSeconds: 330,
        fault,
        detail: expect.stringMatching(/./),
      },
    ]);
    expect(seen('secret_access_denied')).toHaveLength(fault === 'access_denied' ? 1 : 0);
    expect(seen('secret_not_found', 'secret_unavailable')).toEqual([]);
  });

  it('stays for a day after its time, and no longer (SEC-13)', async () => {
    const { server, read, clock } = await setUpRead();
    server.fault(down);
    for (clock.now = latestMs; clock.now < latestMs + dayMs; clock.now += 3_600_000) {
      expect(await read()).toBe(`${canary}@1`);
    }
    clock.now = latestMs + dayMs - 1;
    expect(await read()).toBe(`${canary}@1`);
    clock.now = latestMs + dayMs;

    expect(await read()).toBe('secret key: 9 FAILED_PRECONDITION');
  });

  it('stays for as long as it is told to (SEC-13)', async () => {
    const { server, read, clock } = await setUpRead({ maximumStaleSeconds: 0 });
    server.fault(down);
    clock.now = latestMs - 1;
    expect(await read()).toBe(`${canary}@1`);
    clock.now = latestMs;

    expect(await read()).toContain('FAILED_PRECONDITION');
  });

  it('is asked for every half minute in an outage, whoever reads it (SEC-04)', async () => {
    const { server, read, clock, seen } = await setUpRead();
    server.fault(down);
    for (clock.now = latestMs; clock.now < latestMs + 60_000; clock.now += 1_000) {
      const reported = seen('secret_stale').length;
      const isDue = (clock.now - latestMs) % 30_000 === 0;
      expect(await read()).toBe(`${canary}@1`);
      if (isDue) await until(() => seen('secret_stale').length === reported + 1);
    }

    expect(server.accesses('key')).toBe(3);
  });

  it('is followed by the new one as soon as there is no outage any more (SEC-08)', async () => {
    const { server, read, clock, seen } = await setUpRead();
    await server.pause();
    clock.now = latestMs;
    expect(await read()).toBe(`${canary}@1`);
    expect(seen('secret_stale')).toHaveLength(1);
    server.addVersion('key', 'next');
    await server.resume();
    const readLater = () => {
      clock.now += 30_000;
      return read();
    };

    await expect.poll(readLater, { interval: 50, timeout: 25_000 }).toBe('next@2');
  });
});

describe('a value that validate refuses', () => {
  const validate = (name: string, secret: { reveal(): string }) => {
    if (secret.reveal().length < 16) throw new ConfigError(name, 'must have 16 characters');
  };

  it('replaces nothing, and is reported without a byte of it (SEC-15)', async () => {
    const { server, read, clock, events, seen } = await setUpRead({ validate });
    server.addVersion('key', 'short');
    clock.now = latestMs;

    expect(await read()).toBe(`${canary}@1`);
    expect(seen('secret_refused')).toEqual([
      { type: 'secret_refused', name: 'key', version: '2', problem: 'must have 16 characters' },
    ]);
    expect(seen('secret_stale')).toMatchObject([{ version: '1', fault: 'not_valid' }]);
    expect(JSON.stringify(events)).not.toContain('short');
  });

  it('is followed by one that it takes (SEC-15)', async () => {
    const { server, read, clock } = await setUpRead({ validate });
    server.addVersion('key', 'short');
    clock.now = latestMs;
    await read();
    server.addVersion('key', 'long enough for it');
    clock.now += latestMs;

    expect(await read()).toBe('long enough for it@3');
  });

  it('is none at the start (SEC-15)', async () => {
    const { read } = await setUp({ validate }, { key: 'short' });

    expect(await read()).toBe('secret key: version 1: must have 16 characters');
  });

  it.each([
    ['the value in it', (value: string) => new ConfigError('key', `${value} is bad`)],
    ['another kind of error', () => Object.assign(new Error('any'), { problem: 'any text' })],
    ['no error at all', () => undefined],
  ])('is not described by what may show it: %s (SEC-19)', async (_case, toError) => {
    const { read } = await setUp({
      validate: (_name, secret) => {
        throw toError(secret.reveal());
      },
    });

    expect(await read()).toBe('secret key: version 1: it is not valid');
  });
});

describe('reread', () => {
  it('reads what was just replaced, at most once in 30 seconds (SEC-14)', async () => {
    const { server, reread, read, clock } = await setUpRead();
    server.addVersion('key', 'next');
    expect(await read()).toBe(`${canary}@1`);
    expect(await reread()).toBe('next@2');

    server.addVersion('key', 'third');
    clock.now = 29_999;
    expect(await reread()).toBe('next@2');
    clock.now = 30_000;
    expect(await reread()).toBe('third@3');
    expect(server.accesses('key')).toBe(3);
  });

  it('is one for all who were refused at once (SEC-14)', async () => {
    const { server, reread } = await setUpRead();
    server.addVersion('key', 'next');
    const values = await Promise.all(Array.from({ length: 20 }, () => reread()));

    expect(new Set(values)).toEqual(new Set(['next@2']));
    expect(server.accesses('key')).toBe(2);
  });

  it('does not rely on a reading that began before the change (SEC-14)', async () => {
    const { server, read, reread } = await setUp({ timeoutMs: 9_000 });
    server.fault({ kind: 'hang' }, { times: 1 });
    const first = read();
    await until(() => server.accesses('key') === 1);
    const second = reread();
    server.addVersion('key', 'next');

    expect(await first).toBe('next@2');
    expect(await second).toBe('next@2');
    expect(server.accesses('key')).toBe(3);
  });

  it('gives the last good value in an outage (SEC-14)', async () => {
    const { server, reread } = await setUpRead();
    server.fault(down);

    expect(await reread()).toBe(`${canary}@1`);
  });
});

describe('close', () => {
  it('ends what is under way, and what is asked for later (SEC-16)', async () => {
    const { server, provider, read } = await setUp();
    server.fault({ kind: 'hang' });
    const reading = read();
    await until(() => server.accesses('key') === 1);
    await provider.close();

    expect(await reading).toBe('secret key: the provider is closed');
    expect(await read('other')).toBe('secret other: the provider is closed');
    expect(server.accesses()).toBe(1);
  });

  it('lets no client be made any more (SEC-16)', async () => {
    let made = 0;
    const clientOptions = {
      get port() {
        made += 1;
        return 1;
      },
    };
    const { provider, read, events } = await setUp({ clientOptions });
    // The options are read when they are validated. A client would read them again.
    const validated = made;
    await provider.close();

    expect(await read()).toBe('secret key: the provider is closed');
    await import('@google-cloud/secret-manager');
    await new Promise(setImmediate);
    expect(made).toBe(validated);
    expect(events).toEqual([]);
  });

  it('takes a client that has nothing but the documented methods', async () => {
    const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
    const { server } = await setUp();
    const real = new SecretManagerServiceClient(server.clientOptions);
    onTestFinished(() => real.close());
    const client: SecretManagerClient = {
      initialize: () => real.initialize(),
      accessSecretVersion: (request, options) => real.accessSecretVersion(request, options),
      close: () => real.close(),
    };
    const { read } = await setUp({ client, clientOptions: {} });
    server.fault({ kind: 'status', status: 'UNAVAILABLE' }, { times: 1 });

    expect(await read()).toBe(`${canary}@1`);
    expect(server.accesses('key')).toBe(2);
  });

  it('leaves a client alone that is not its own', async () => {
    const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
    const { server } = await setUp();
    const client = new SecretManagerServiceClient(server.clientOptions);
    onTestFinished(() => client.close());
    const one = await setUp({ client, clientOptions: {} });
    server.addVersion('key', 'of the server that the client is for');

    expect(await one.read()).toBe('of the server that the client is for@2');
    await one.provider.close();
    const other = await setUp({ client, clientOptions: {} });
    expect(await settle(other.provider.get('key', waiting))).toContain('of the server');
  });
});

it('goes on when nobody can be told', async () => {
  const { read } = await setUp({
    onEvent: () => {
      throw new Error('the log is full');
    },
  });

  expect(await read()).toBe(`${canary}@1`);
});
