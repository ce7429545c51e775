/** Rows SEC: what the start, or any first reading, meets. */
import { spawnSync } from 'node:child_process';
import { inspect } from 'node:util';
import { lookupOutcome } from '@sallyport/contract-tests';
import { trusted } from '@sallyport/test-parts/certificates';
import type { SecretManagerFault } from '@sallyport/testing/secret-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGcpSecrets } from '../src/index.ts';
import { toFault } from '../src/secret-fault.ts';
import type { SecretManagerClient } from '../src/secret-manager-client.ts';
import { canary, setUp, start, until, waiting } from './set-up.ts';

const grant =
  'gcloud secrets add-iam-policy-binding key --project=test-project --member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=roles/secretmanager.secretAccessor';
const unavailable: SecretManagerFault = { kind: 'status', status: 'UNAVAILABLE' };

/** The client, without the look-up of its own account. */
function borrow(client: object): SecretManagerClient {
  const made = client as SecretManagerClient;
  return {
    initialize: () => made.initialize(),
    accessSecretVersion: (...args) => made.accessSecretVersion(...args),
    close: () => made.close(),
  };
}

describe('each status of gRPC', () => {
  const mayPass = ['CANCELLED', 'UNKNOWN', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'];
  const classes: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      [...mayPass, 'ABORTED', 'INTERNAL', 'UNAVAILABLE'].map((status) => [status, 'may pass']),
    ),
    NOT_FOUND: 'absent',
    ...Object.fromEntries(
      [
        'INVALID_ARGUMENT',
        'ALREADY_EXISTS',
        'PERMISSION_DENIED',
        'FAILED_PRECONDITION',
        'OUT_OF_RANGE',
        'UNIMPLEMENTED',
        'DATA_LOSS',
        'UNAUTHENTICATED',
      ].map((status) => [status, 'has to be changed']),
    ),
  };

  it.each(Object.entries(classes))('CASE-45: %s %s', async (status, expected) => {
    const { server, provider } = await setUp();
    server.fault({ kind: 'status', status: status as 'UNKNOWN' });
    const found = await provider.get('key', waiting).then(
      ({ found }) => (found ? 'found' : 'absent'),
      ({ retryAfterSeconds }) =>
        retryAfterSeconds === undefined ? 'has to be changed' : 'may pass',
    );

    expect(found).toBe(expected);
  });

  it('CASE-45: unauthenticated for want of a network may pass', () => {
    const details =
      'Getting metadata from plugin failed with error: request to https://oauth2.googleapis.com/token failed, reason: getaddrinfo ENOTFOUND oauth2.googleapis.com';

    expect(toFault({ code: 16, details })).toMatchObject({ fault: 'unavailable' });
    expect(
      toFault({
        code: 16,
        details: 'Getting metadata from plugin failed with error: invalid_grant',
      }),
    ).toMatchObject({ fault: 'access_denied' });
  });
});

describe('the first reading', () => {
  it('is refused at once without permission, and says which command helps (SEC-01, CASE-46)', async () => {
    const { server, read, events } = await setUp();
    server.deny('key');

    expect(await read()).toBe(
      `secret key: 7 Permission 'secretmanager.versions.access' denied for resource 'projects/test-project/secrets/key/versions/latest' (or it may not exist). To allow it: ${grant}`,
    );
    expect(server.accesses('key')).toBe(1);
    expect(events).toEqual([
      { type: 'secret_access_denied', name: 'key', remedy: grant },
      expect.objectContaining({ type: 'secret_unavailable', fault: 'access_denied' }),
    ]);
  });

  it('names the service account in that command when it is known (SEC-01)', async () => {
    const { server, read, events } = await setUp({ serviceAccount: 'mcp@a.iam.example' });
    server.deny('key');
    await read('key@1');

    expect(events[0]).toMatchObject({
      name: 'key@1',
      remedy: grant.replace('SERVICE_ACCOUNT_EMAIL', 'mcp@a.iam.example'),
    });
  });

  it('CASE-46: names the account of the credentials, in a command without a character to escape', async () => {
    const { server, provider, events } = await setUp();
    server.deny('key');
    const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
    const client = new SecretManagerServiceClient({ ...server.clientOptions });
    onTestFinished(() => client.close());
    const auth = {
      getCredentials: async () => ({ client_email: 'mcp@notes.iam.gserviceaccount.com' }),
    };
    const known = createGcpSecrets({
      projectId: server.projectId,
      client: { ...borrow(client), auth },
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => known.close());
    await lookupOutcome(known.get('key', waiting));
    await lookupOutcome(provider.get('key', waiting));

    const remedies = events.flatMap((event) => ('remedy' in event ? [event.remedy] : []));
    expect(remedies[0]).toContain('--member=serviceAccount:mcp@notes.iam.gserviceaccount.com ');
    expect(remedies[1]).toContain('--member=serviceAccount:SERVICE_ACCOUNT_EMAIL ');
    for (const remedy of remedies) {
      expect(remedy).not.toMatch(/["'\\$<>]/);
      // A shell passes every word on as it is.
      const pasted = spawnSync('sh', ['-c', `gcloud() { echo "$#"; }; ${remedy}`], {
        env: {},
        encoding: 'utf8',
      });
      expect(pasted.stdout).toBe('6\n');
    }
  });

  it('is refused at once with credentials that nobody takes (SEC-01)', async () => {
    const { server, read, seen } = await setUp();
    server.fault({ kind: 'status', status: 'UNAUTHENTICATED' });

    expect(await read()).toContain(`16 UNAUTHENTICATED To allow it: ${grant}`);
    expect(server.accesses('key')).toBe(1);
    expect(seen('secret_access_denied')).toHaveLength(1);
  });

  it.each(['absent', 'key@2', 'key@9999999999999999999'])(
    'says that there is no %s, and remembers it (SEC-02)',
    async (name) => {
      const { server, read, events } = await setUp();

      expect([await read(name), await read(name)]).toEqual(['absent', 'absent']);
      expect(server.accesses()).toBe(1);
      expect(events).toEqual([{ type: 'secret_not_found', name }]);
    },
  );

  it.each([
    ['disabled', 'DISABLED'],
    ['destroyed', 'DESTROYED'],
  ] as const)(
    'finds no value in a version that is %s, latest or not (SEC-03)',
    async (_case, state) => {
      const { server, read } = await setUp();
      server.addVersion('key', 'newest');
      if (state === 'DISABLED') server.disableVersion('key');
      else server.destroyVersion('key');

      for (const name of ['key', 'key@2']) {
        expect(await read(name)).toBe(
          `secret ${name}: 9 Secret Version [projects/123456789012/secrets/key/versions/2] is in ${state} state.`,
        );
      }
      expect(server.accesses('key')).toBe(2);
      expect(await read('key@1')).toBe(`${canary}@1`);
    },
  );

  it.each([
    'UNAVAILABLE',
    'RESOURCE_EXHAUSTED',
    'CANCELLED',
    'INTERNAL',
    'ABORTED',
    'UNKNOWN',
    'DEADLINE_EXCEEDED',
  ] as const)('is tried three times in all when it is %s (SEC-04)', async (status) => {
    const { server, read } = await setUp();
    server.fault({ kind: 'status', status }, { times: 2 });

    expect(await read()).toBe(`${canary}@1`);
    expect(server.accesses('key')).toBe(3);
  });

  it.each(['INVALID_ARGUMENT', 'UNIMPLEMENTED', 'OUT_OF_RANGE', 'DATA_LOSS'] as const)(
    'is not repeated when it is %s',
    async (status) => {
      const { server, read } = await setUp();
      server.fault({ kind: 'status', status });

      expect(await read()).toContain(status);
      expect(server.accesses('key')).toBe(1);
    },
  );

  it('pauses longer from attempt to attempt (SEC-04)', async () => {
    const { server, read } = await setUp();
    await read('absent');
    server.fault(unavailable);
    const startedAt = performance.now();
    await read();

    // 250 and 500 milliseconds; the client's own pauses would be 2 and 4 seconds.
    expect(performance.now() - startedAt).toBeGreaterThan(740);
    expect(performance.now() - startedAt).toBeLessThan(5_500);
    expect(server.accesses('key')).toBe(3);
  });

  it('says what is wrong with a certificate, which has the code of an outage (SEC-06)', async () => {
    const tls = { certificate: trusted.cert, privateKey: trusted.key };
    const server = await start({ secrets: { key: canary }, tls });
    const { read } = await setUp({ clientOptions: server.clientOptions });

    expect(await read()).toMatch(/^secret key: 14 .*self-signed certificate/);
    expect(server.accesses()).toBe(0);
  });

  it('goes on when the server is ended during the call, and is back (SEC-07, SEC-08)', async () => {
    const { server, read, clock } = await setUp();
    server.fault({ kind: 'hang' }, { times: 1 });
    const reading = read();
    await until(() => server.accesses('key') === 1);
    await server.pause();
    await server.resume();

    // The attempts may be over before a busy machine has the server back; the call was repeated.
    expect(await reading).toMatch(new RegExp(`^${canary}@1$|ECONNREFUSED`));
    const again = () => {
      clock.now += 500;
      return read();
    };
    await expect.poll(again, { interval: 20, timeout: 20_000 }).toBe(`${canary}@1`);
    expect(server.accesses('key')).toBe(2);
  });

  it('works soon after the server is back, however long it was away (SEC-08)', async () => {
    // Eight, because how long a channel's own pauses are is half chance.
    const recoveries = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { server, read, clock } = await setUp();
        const again = () => {
          clock.now += 500;
          return read();
        };
        await server.pause();
        // Those pauses would have grown to six seconds by then.
        const awayUntil = performance.now() + 9_600;
        while (performance.now() < awayUntil) expect(await again()).toContain('ECONNREFUSED');
        await server.resume();
        const startedAt = performance.now();
        await expect.poll(again, { interval: 20, timeout: 15_000 }).toBe(`${canary}@1`);
        return performance.now() - startedAt;
      }),
    );

    // Within a second where nothing else goes on.
    expect(Math.max(...recoveries)).toBeLessThan(4_500);
  });

  it.each([
    ['wrong-checksum', 2, 'the payload does not match its checksum: it was damaged on its way'],
    ['no-checksum', 2, 'the payload does not match its checksum: it was damaged on its way'],
    ['empty-payload', 1, 'there is nothing in it'],
    ['no-payload', 1, 'there is nothing in it'],
  ] as const)('does not take %s for an answer (SEC-09, SEC-10)', async (kind, attempts, detail) => {
    const { server, read } = await setUp();
    server.fault({ kind });

    expect(await read()).toBe(`secret key: ${detail}`);
    expect(server.accesses('key')).toBe(attempts);
  });

  it('is repeated once after a wrong checksum (SEC-09)', async () => {
    const { server, read } = await setUp();
    server.fault({ kind: 'wrong-checksum' }, { times: 1 });

    expect(await read()).toBe(`${canary}@1`);
  });

  it.each([
    ['another secret', 'projects/1/secrets/other/versions/1'],
    ['another version than the pinned one', 'projects/1/secrets/key/versions/2'],
    ['no version', 'projects/1/secrets/key'],
    ['nothing', ''],
  ])('does not take an answer about %s', async (_case, name) => {
    const { server, read } = await setUp();
    server.fault({ kind: 'other-name', name });

    expect(await read('key@1')).toBe('secret key@1: the answer is about something else');
  });

  it('reads six secrets at once, as fast as one (SEC-20)', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const secrets = Object.fromEntries(names.map((name) => [name, canary]));
    const { server, read } = await setUp({}, secrets);
    server.fault({ kind: 'delay', milliseconds: 500 });
    const startedAt = performance.now();
    const values = await Promise.all(names.map((name) => read(name)));

    expect(values).toEqual(names.map(() => `${canary}@1`));
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(server.mostAccessesAtOnce()).toBe(6);
  });
});

describe('a value', () => {
  it.each([
    ['a newline', `${canary}\n`, 25, 24],
    ['a Windows newline', `${canary}\r\n`, 26, 24],
    ['letters of two bytes', 'ключ\n', 9, 8],
  ])(
    'loses %s at its end, and the operator hears of it once (SEC-11)',
    async (_case, stored, storedBytes, usedBytes) => {
      const { server, read, clock, seen } = await setUp({}, { key: stored });

      expect(await read()).toBe(`${stored.trimEnd()}@1`);
      clock.now = 331_000;
      await read();
      expect(server.accesses('key')).toBe(2);
      expect(seen('secret_trailing_newline')).toEqual([
        { type: 'secret_trailing_newline', name: 'key', version: '1', storedBytes, usedBytes },
      ]);
    },
  );

  it.each([
    ['a second newline', 'a\n\n', 'a\n'],
    ['spaces', ' a ', ' a '],
    ['a byte order mark', '\uFEFFa', '\uFEFFa'],
    ['newlines inside', 'a\nb', 'a\nb'],
    ['a carriage return', 'a\r', 'a\r'],
  ])('keeps %s: whether it fits is for others to say (SEC-11)', async (_case, stored, used) => {
    const { read } = await setUp({}, { key: stored });

    expect(await read()).toBe(`${used}@1`);
  });

  it.each(['\n', '\r\n', ' \n', '\t'])('that is blank is none: %j (SEC-10)', async (stored) => {
    const { read } = await setUp({}, { key: stored });

    expect(await read()).toBe('secret key: there is nothing in it');
  });

  it('has at most 65,536 bytes (SEC-12)', async () => {
    const { read } = await setUp({}, { fits: 'a'.repeat(65_536), long: 'a'.repeat(65_537) });

    expect(await read('fits')).toHaveLength(65_538);
    expect(await read('long')).toBe('secret long: 65537 bytes, and 65536 are allowed');
  });

  it.each([
    ['a stray byte', [0x61, 0xff]],
    ['half a letter', [0xd0]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
  ])('is text in UTF-8, and not %s (SEC-12)', async (_case, bytes) => {
    const { read } = await setUp({}, { key: Uint8Array.from(bytes) });

    expect(await read()).toBe('secret key: it is no UTF-8');
  });

  it('is in nothing that is reported or thrown (SEC-19)', async () => {
    const shown: string[] = [];
    const faults: readonly SecretManagerFault[] = [
      { kind: 'wrong-checksum' },
      { kind: 'no-checksum' },
      { kind: 'other-name', name: 'projects/1/secrets/other/versions/1' },
      { kind: 'hang' },
      { kind: 'delay', milliseconds: 0 },
    ];
    for (const fault of faults) {
      const { server, provider, events } = await setUp({
        ...(fault.kind === 'hang' && { timeoutSeconds: 0.6 }),
        validate: (_name, secret) => void JSON.parse(secret.reveal()),
      });
      server.fault(fault);
      const error = await provider.get('key', waiting).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'upstream_unavailable' });
      shown.push(inspect([events, error, provider], { depth: 20, showHidden: true }));
    }

    expect(shown).toHaveLength(faults.length);
    expect(shown.at(-1)).toContain('secret_refused');
    expect(shown.join('')).not.toContain(canary.slice(0, 8));
  });
});

describe('a name', () => {
  it.each([
    'a/../b',
    'projects/other/secrets/key/versions/1',
    'key@latest\n',
    'key\n',
    '../key',
    'key@',
    'key@0',
    'key@01',
    'key@-1',
    'key@1.5',
    'key@LATEST',
    'key@1@2',
    'key/versions/1',
    'ключ',
    ' key',
    'a'.repeat(256),
  ])('never reaches the network as %j (SEC-18)', async (name) => {
    const { server, provider } = await setUp();

    await expect(provider.get(name, waiting)).rejects.toMatchObject({
      name: 'ConfigError',
      option: 'gcp.name',
    });
    expect(() => provider.watch(name, () => {})).toThrow('gcp.name');
    expect(server.accesses()).toBe(0);
  });

  it.each(['a', 'A_b-9', 'a'.repeat(255)])('may be %j', async (name) => {
    const { read } = await setUp({}, { [name]: canary });

    expect(await read(name)).toBe(`${canary}@1`);
    expect(await read(`${name}@latest`)).toBe(`${canary}@1`);
  });

  it('with latest is the same as without', async () => {
    const { server, read } = await setUp();
    await Promise.all([read('key'), read('key@latest')]);

    expect(server.accesses()).toBe(1);
  });
});

it.each([
  ['gcp.projectId', { projectId: '' }],
  ['gcp.projectId', { projectId: undefined }],
  ['gcp.projectId', { projectId: 'a/b' }],
  ['gcp.projectId', { projectId: 'my-project\n' }],
  ['gcp.projectId', { projectId: 'My Project' }],
  ['gcp.projectId', { projectId: '{project-id}' }],
  ['gcp.cacheTtlSeconds', { cacheTtlSeconds: 0 }],
  ['gcp.cacheTtlSeconds', { cacheTtlSeconds: 86_401 }],
  ['gcp.cacheTtlSeconds', { cacheTtlSeconds: Number.NaN }],
  ['gcp.cacheTtlSeconds', { cacheTtlSeconds: '300' }],
  ['gcp.maximumStaleSeconds', { maximumStaleSeconds: -1 }],
  ['gcp.maximumStaleSeconds', { maximumStaleSeconds: 604_801 }],
  ['gcp.timeoutSeconds', { timeoutSeconds: 0.099 }],
  ['gcp.timeoutSeconds', { timeoutSeconds: 60.001 }],
])('createGcpSecrets refuses a bad %s', (option, changes) => {
  const options = { projectId: 'my-project', ...changes };

  expect(() => createGcpSecrets(options as never)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }),
  );
});

it.each(['my-project-123456', 'example.com:my-project', '123456789012'])(
  'createGcpSecrets takes the project %s',
  (projectId) => {
    expect(createGcpSecrets({ projectId }).name).toBe('gcp_secret_manager');
  },
);
