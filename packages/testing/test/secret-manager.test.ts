/** The Secret Manager, asked by the real client. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import {
  type SecretManager,
  type SecretManagerFault,
  type SecretManagerOptions,
  startSecretManager,
} from '@sallyport/testing/secret-manager';
import { googleAuthLibrary, grpc } from 'google-gax';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crc32c } from '../src/secret-manager/crc32c.ts';

const parent = 'projects/test-project';
const secretName = `${parent}/secrets/key`;
const call = { timeout: 2_000, retry: null };

async function setUp(options: SecretManagerOptions = { secrets: { key: 'first' } }) {
  const server = await startSecretManager(options);
  onTestFinished(() => server.stop());
  return { server, ...connect(server) };
}

function connect(server: SecretManager) {
  const client = new SecretManagerServiceClient(server.clientOptions);
  onTestFinished(() => client.close());
  /** `text@version`, or the name of the status. */
  const access = async (version = 'latest', secret = secretName, timeout = 2_000) => {
    try {
      const name = `${secret}/versions/${version}`;
      const [answer] = await client.accessSecretVersion({ name }, { timeout, retry: null });
      return `${answer.payload?.data}@${answer.name?.split('/').at(-1)}`;
    } catch (error) {
      return grpc.status[(error as { code: number }).code];
    }
  };
  return { client, access };
}

describe('a version', () => {
  it('is answered with the number of its project, its own number and its checksum', async () => {
    const { client } = await setUp({ secrets: { key: '123456789' } });
    const [answer] = await client.accessSecretVersion(
      { name: `${secretName}/versions/latest` },
      call,
    );

    expect(answer).toMatchObject({
      name: 'projects/123456789012/secrets/key/versions/1',
      payload: { data: Buffer.from('123456789'), dataCrc32c: String(0xe3069283) },
    });
  });

  it('is the newest when latest is asked for, whatever its state', async () => {
    const { server, access } = await setUp();

    expect(server.addVersion('key', 'second')).toBe('2');
    expect([await access(), await access('1'), await access('2')]).toEqual([
      'second@2',
      'first@1',
      'second@2',
    ]);
    server.disableVersion('key');
    expect([await access(), await access('1')]).toEqual(['FAILED_PRECONDITION', 'first@1']);
    server.enableVersion('key');
    expect(await access()).toBe('second@2');
    server.destroyVersion('key', '1');
    server.enableVersion('key', '1');
    expect(await access('1')).toBe('FAILED_PRECONDITION');
  });

  it('may hold any bytes, more than the real service takes, and a copy of them', async () => {
    const bytes = new Uint8Array(100_000).fill(0xff);
    const { server, client } = await setUp({ secrets: {} });
    server.addVersion('key', bytes);
    bytes.fill(0);
    const [answer] = await client.accessSecretVersion({ name: `${secretName}/versions/1` }, call);

    const received = Buffer.from(answer.payload?.data ?? '');
    expect(received.equals(Buffer.alloc(100_000, 0xff))).toBe(true);
  });

  it.each([
    ['a secret that is not there', 'latest', `${parent}/secrets/other`, 'NOT_FOUND'],
    ['a version that is not there', '2', secretName, 'NOT_FOUND'],
    ['a version that is no number', 'newest', secretName, 'INVALID_ARGUMENT'],
    ['a path', 'latest', `${parent}/secrets/a/../key`, 'INVALID_ARGUMENT'],
  ])('is not found in %s', async (_case, version, secret, status) => {
    const { access } = await setUp();

    expect(await access(version, secret)).toBe(status);
  });

  it.each([
    [
      'other',
      'latest',
      'Secret [projects/123456789012/secrets/other] not found or has no versions.',
    ],
    ['key', '9', 'Secret Version [projects/123456789012/secrets/key/versions/9] not found.'],
  ])('of %s is missed in the words of the service: %s', async (secret, version, details) => {
    const { client } = await setUp();
    const name = `${parent}/secrets/${secret}/versions/${version}`;

    await expect(client.accessSecretVersion({ name }, call)).rejects.toMatchObject({ details });
  });

  it('can be changed by the client as well', async () => {
    const { client, access } = await setUp({});
    await client.createSecret({ parent, secretId: 'key', secret: {} }, call);
    expect(await access()).toBe('NOT_FOUND');
    const payload = { data: Buffer.from('added') };
    const [added] = await client.addSecretVersion({ parent: secretName, payload }, call);
    const { name = '' } = added;
    expect(await access()).toBe('added@1');

    expect((await client.getSecretVersion({ name }, call))[0]).toMatchObject({
      name: 'projects/123456789012/secrets/key/versions/1',
      state: 'ENABLED',
    });
    expect((await client.disableSecretVersion({ name }, call))[0].state).toBe('DISABLED');
    expect(await access()).toBe('FAILED_PRECONDITION');
    expect((await client.enableSecretVersion({ name }, call))[0].state).toBe('ENABLED');
    expect((await client.destroySecretVersion({ name }, call))[0].state).toBe('DESTROYED');
    expect(await access()).toBe('FAILED_PRECONDITION');
  });

  it.each<[string, grpc.status, (client: SecretManagerServiceClient) => Promise<unknown>]>([
    [
      'a secret that is there already',
      grpc.status.ALREADY_EXISTS,
      (client) => client.createSecret({ parent, secretId: 'key', secret: {} }, call),
    ],
    [
      'a secret with a bad name',
      grpc.status.INVALID_ARGUMENT,
      (client) => client.createSecret({ parent, secretId: 'a b', secret: {} }, call),
    ],
    [
      'a version of no secret',
      grpc.status.NOT_FOUND,
      (client) =>
        client.addSecretVersion(
          { parent: `${parent}/secrets/other`, payload: { data: Buffer.from('x') } },
          call,
        ),
    ],
    [
      'an empty version',
      grpc.status.INVALID_ARGUMENT,
      (client) => client.addSecretVersion({ parent: secretName, payload: {} }, call),
    ],
    [
      'a version of more than 64 KiB',
      grpc.status.INVALID_ARGUMENT,
      (client) =>
        client.addSecretVersion(
          { parent: secretName, payload: { data: Buffer.alloc(65_537, 1) } },
          call,
        ),
    ],
    [
      'the state of a version that is not there',
      grpc.status.NOT_FOUND,
      (client) => client.disableSecretVersion({ name: `${secretName}/versions/9` }, call),
    ],
  ])('cannot be changed by the client into %s', async (_case, code, change) => {
    const { client } = await setUp();

    await expect(change(client)).rejects.toMatchObject({ code });
  });
});

describe('access', () => {
  it('can be taken away and given back, also to what is not there', async () => {
    const { server, access } = await setUp();
    server.deny('key');
    server.deny('other');

    expect(await access()).toBe('PERMISSION_DENIED');
    expect(await access('latest', `${parent}/secrets/other`)).toBe('PERMISSION_DENIED');
    server.allow('key');
    expect(await access()).toBe('first@1');
  });

  it('needs the access token, where there is one', async () => {
    const { access } = await setUp({ secrets: { key: 'first' }, accessToken: 'ya29.token' });

    expect(await access()).toBe('UNAUTHENTICATED');
  });

  it('ends with the secret', async () => {
    const { server, access } = await setUp();
    server.deleteSecret('key');

    expect(await access('1')).toBe('NOT_FOUND');
  });

  it('is counted, by secret and in all, refused or not', async () => {
    const { server, access } = await setUp();
    server.deny('other');
    await access();
    await access('9');
    await access('latest', `${parent}/secrets/other`);

    expect([server.accesses(), server.accesses('key'), server.accesses('none')]).toEqual([3, 2, 0]);
  });

  it('is counted while it is under way', async () => {
    const { server, access } = await setUp();
    server.fault({ kind: 'delay', milliseconds: 40 });
    await Promise.all([access(), access(), access()]);
    await access();

    expect(server.mostAccessesAtOnce()).toBe(3);
  });
});

describe('a fault', () => {
  it.each(['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'UNAUTHENTICATED'] as const)(
    'answers %s, so many times',
    async (status) => {
      const { server, access } = await setUp();
      server.fault({ kind: 'status', status }, { times: 2 });

      expect([await access(), await access(), await access()]).toEqual([status, status, 'first@1']);
    },
  );

  it('is for one secret only, and others wait in line', async () => {
    const { server, access } = await setUp({ secrets: { key: 'first', other: 'another' } });
    server.fault({ kind: 'status', status: 'ABORTED' }, { secret: 'key', times: 1 });
    server.fault({ kind: 'status', status: 'INTERNAL' }, { times: 1 });

    expect(await access('latest', `${parent}/secrets/other`)).toBe('INTERNAL');
    expect([await access(), await access()]).toEqual(['ABORTED', 'first@1']);
  });

  it('hangs, until it is cleared for those who come later', async () => {
    const { server, access } = await setUp();
    server.fault({ kind: 'hang' });

    expect(await access('latest', secretName, 60)).toBe('DEADLINE_EXCEEDED');
    server.clearFaults();
    expect(await access()).toBe('first@1');
  });

  it.each<[SecretManagerFault, object | null]>([
    [{ kind: 'wrong-checksum' }, { dataCrc32c: String((crc32c(Buffer.from('first')) ^ 1) >>> 0) }],
    [{ kind: 'no-checksum' }, { data: Buffer.from('first') }],
    [{ kind: 'empty-payload' }, { data: Buffer.alloc(0), dataCrc32c: '0' }],
    [{ kind: 'no-payload' }, null],
  ])('answers with success all the same: %o', async (fault, payload) => {
    const { server, client } = await setUp();
    server.fault(fault);
    const [answer] = await client.accessSecretVersion({ name: `${secretName}/versions/1` }, call);

    if (payload === null) expect(answer.payload).toBeNull();
    else expect(answer.payload).toMatchObject(payload);
    if (fault.kind === 'no-checksum') expect(answer.payload?.dataCrc32c).toBeUndefined();
  });

  it('is an answer about something else', async () => {
    const { server, access } = await setUp();
    server.fault({ kind: 'other-name', name: `${parent}/secrets/key/versions/7` });

    expect(await access()).toBe('first@7');
  });
});

describe('the server', () => {
  it('ends calls in their middle, goes away, and comes back with everything it knows', async () => {
    const { server, access } = await setUp();
    server.fault({ kind: 'hang' }, { times: 1 });
    const hanging = access();
    while (server.accesses() === 0) await new Promise(setImmediate);
    await server.pause();
    const meanwhile = await connect(server).access();
    await server.resume();

    expect(await hanging).toBe('CANCELLED');
    expect(meanwhile).toBe('UNAVAILABLE');
    // Clients share their connections, and pause before they connect again.
    await expect.poll(() => access(), { timeout: 10_000 }).toBe('first@1');
  });

  it('can be started again at the same port, and stopped more than once', async () => {
    const first = await startSecretManager();
    await first.stop();
    await first.stop();
    const { server, access } = await setUp({ port: first.port, secrets: { key: 'again' } });

    expect(server.port).toBe(first.port);
    expect(await access()).toBe('again@1');
  });

  it('says so when the port is taken', async () => {
    const { server } = await setUp();

    await expect(startSecretManager({ port: server.port })).rejects.toThrow('EADDRINUSE');
  });

  it.each([-1, 65_536, 1.5])('refuses the port %d', async (port) => {
    await expect(startSecretManager({ port })).rejects.toThrow('port: ');
  });

  it('refuses to change a version that is not there', async () => {
    const { server } = await setUp();

    expect(() => server.disableVersion('key', '9')).toThrow('key: no version 9');
    expect(() => server.destroyVersion('other')).toThrow('other: no version latest');
  });

  it('leaves what it does not know to say so itself', async () => {
    const { client } = await setUp();

    await expect(
      client.listSecrets({ parent }, { ...call, autoPaginate: false }),
    ).rejects.toMatchObject({ code: grpc.status.UNIMPLEMENTED });
  });

  it('prints nothing, and leaves nothing behind that keeps the process alive', async () => {
    const script = fileURLToPath(new URL('./quiet-secret-manager.ts', import.meta.url));
    // Node 22 has a warning about TypeScript.
    const flags = [...process.execArgv, '--disable-warning=ExperimentalWarning', script];
    const output = await promisify(execFile)(process.execPath, flags, { timeout: 20_000 });

    expect(output).toEqual({ stdout: '', stderr: '' });
  });

  it('needs no credentials of anybody', async () => {
    const { server } = await setUp();

    expect(server.clientOptions.authClient).toBeInstanceOf(googleAuthLibrary.PassThroughClient);
  });
});

it('crc32c has the check value', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});
