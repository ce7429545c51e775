/** Rows SEC: what becomes of a value once there is one. */

import { lookupOutcome } from '@sallyport/contract-tests';
import type { SecretManager } from '@sallyport/testing/secret-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SecretManagerClient } from '../src/index.ts';
import type { AccessedVersion } from '../src/secret-manager-client.ts';
import { canary, setUp, waiting } from './set-up.ts';

const ttlMs = 300_000;
/** When a value is due at the latest. */
const latestMs = ttlMs * 1.1;

async function setUpRead(...parameters: Parameters<typeof setUp>) {
  const all = await setUp(...parameters);
  expect(await all.read()).toBe(`${canary}@1`);
  return all;
}

describe('a value', () => {
  it('keeps its version pinned, whatever comes after it', async () => {
    const { server, read, clock } = await setUp();
    await read('key@1');
    server.addVersion('key', 'next');
    clock.now = latestMs;

    expect(await read('key@1')).toBe(`${canary}@1`);
    expect(await read('key')).toBe('next@2');
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
      fault === 'timeout' ? { timeoutSeconds: 3 } : {},
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

describe('close', () => {
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

  it.each<[string, AccessedVersion, string]>([
    ['a text', { payload: { data: 'c2VjcmV0' } }, 'the payload is no bytes'],
    ['no name', { name: null }, 'the answer is about something else'],
  ])('takes no answer that has %s (SEC-09)', async (_what, changes, detail) => {
    const { server } = await setUp();
    const name = `projects/1/secrets/key/versions/1`;
    const client: SecretManagerClient = {
      initialize: async () => {},
      accessSecretVersion: async () => [{ name, ...changes }],
      auth: {},
      close: async () => {},
    };
    const { read } = await setUp({ client, clientOptions: {} });

    expect(await read()).toContain(detail);
    expect(server.accesses('key')).toBe(0);
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
    expect(await lookupOutcome(other.provider.get('key', waiting))).toContain('of the server');
  });
});
