import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startVault, type Vault, type VaultOptions } from '../src/vault.ts';

async function start(options: VaultOptions = {}): Promise<Vault> {
  const vault = await startVault(options);
  onTestFinished(() => vault.stop());
  return vault;
}

async function ask(
  vault: Vault,
  path: string,
  token: string | undefined = vault.rootToken,
  options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
) {
  const response = await fetch(`${vault.url}/v1/${path}`, {
    redirect: 'manual',
    headers: { ...(token !== undefined && { 'X-Vault-Token': token }), ...options.headers },
    ...(options.body !== undefined && { method: 'POST', body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

const secrets = { 'team/app': { value: 'one', user: 'ada' } };

describe('the KV engine', () => {
  it('answers with a version and its metadata', async () => {
    const vault = await start({ secrets, now: () => 1_700_000_000_000 });

    expect(await ask(vault, 'secret/data/team/app')).toEqual({
      status: 200,
      json: {
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lease_id: '',
        renewable: false,
        lease_duration: 0,
        data: {
          data: { value: 'one', user: 'ada' },
          metadata: {
            created_time: '2023-11-14T22:13:20.000Z',
            custom_metadata: null,
            deletion_time: '',
            destroyed: false,
            version: 1,
          },
        },
        wrap_info: null,
        warnings: null,
        auth: null,
        mount_type: 'kv',
      },
    });
  });

  it('keeps its versions, and version 0 is the newest', async () => {
    const vault = await start({ secrets });
    expect(vault.put('team/app', { value: 'two' })).toBe(2);
    const values = await Promise.all(
      ['', '?version=0', '?version=1', '?version=2'].map(async (query) => {
        const { json } = await ask(vault, `secret/data/team/app${query}`);
        return json.data.data.value;
      }),
    );

    expect(values).toEqual(['two', 'two', 'one', 'two']);
    expect(await ask(vault, 'secret/data/team/app?version=3')).toEqual({
      status: 404,
      json: { errors: [] },
    });
  });

  it('answers 404 for a deleted version, with everything but its data', async () => {
    const vault = await start({ secrets });
    vault.deleteVersion('team/app');

    expect(await ask(vault, 'secret/data/team/app')).toMatchObject({
      status: 404,
      json: {
        data: {
          data: null,
          metadata: { deletion_time: expect.stringMatching(/Z$/), destroyed: false, version: 1 },
        },
      },
    });
    vault.undeleteVersion('team/app');
    expect(await ask(vault, 'secret/data/team/app')).toMatchObject({ status: 200 });
  });

  it('answers 404 for a destroyed version, which no undelete brings back', async () => {
    const vault = await start({ secrets });
    vault.destroyVersion('team/app');
    vault.undeleteVersion('team/app');

    expect(await ask(vault, 'secret/data/team/app')).toMatchObject({
      status: 404,
      json: { data: { data: null, metadata: { deletion_time: '', destroyed: true } } },
    });
  });

  it('forgets a deleted secret, and begins anew with version 1', async () => {
    const vault = await start({ secrets });
    vault.deleteSecret('team/app');
    expect(await ask(vault, 'secret/data/team/app')).toMatchObject({ json: { errors: [] } });

    expect(vault.put('team/app', { value: 'x' })).toBe(1);
    expect(() => vault.deleteVersion('none')).toThrow('there is no such version');
  });

  it('has no route for a mount that is not there', async () => {
    expect(await ask(await start(), 'other/data/app')).toEqual({
      status: 404,
      json: {
        errors: ['no handler for route "other/data/app". route entry not found.'],
      },
    });
  });
});

describe('tokens', () => {
  const policies = {
    reader: { 'secret/data/team/*': ['read'], 'secret/data/team/hidden': ['deny'] },
    writer: { 'secret/data/+/app': ['update'] },
    exact: { 'secret/data/team/app': ['list'] },
  } as const;

  it.each([
    ['none', undefined, 400, 'missing client token'],
    ['one that is unknown', 'hvs.unknown', 403, 'invalid token'],
  ])('refuses %s', async (_case, token, status, error) => {
    const vault = await start({ secrets });
    const response = await fetch(`${vault.url}/v1/secret/data/team/app`, {
      headers: token === undefined ? {} : { 'X-Vault-Token': token },
    });

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: [expect.stringContaining(error)] });
  });

  it.each([
    [['reader'], 'secret/data/team/app', 200],
    [['reader'], 'secret/data/team/none', 404],
    [['reader'], 'secret/data/team/hidden', 403],
    [['reader'], 'secret/data/other/app', 403],
    [['writer'], 'secret/data/team/app', 403],
    [['writer', 'reader'], 'secret/data/team/app', 200],
    [['writer', 'reader', 'exact'], 'secret/data/team/app', 403],
    [[], 'secret/data/team/app', 403],
    [[], 'auth/token/lookup-self', 200],
  ])('lets policies %j read %s with %i', async (names, path, status) => {
    const vault = await start({ secrets, policies });
    const token = vault.createToken({ policies: names });

    expect((await ask(vault, path, token)).status).toBe(status);
  });

  it('end with their lease, unless they are renewed', async () => {
    const clock = { now: 1_700_000_000_000 };
    const vault = await start({ secrets, policies, now: () => clock.now });
    const token = vault.createToken({ policies: ['reader'], ttlSeconds: 60 });
    const look = () => ask(vault, 'auth/token/lookup-self', token);
    clock.now += 50_000;
    expect((await look()).json.data).toMatchObject({ ttl: 10, creation_ttl: 60, renewable: true });
    const renewed = await ask(vault, 'auth/token/renew-self', token, { body: {} });
    expect(renewed.json.auth).toMatchObject({ client_token: token, lease_duration: 60 });

    clock.now += 59_999;
    expect((await look()).status).toBe(200);
    clock.now += 1;
    expect((await look()).status).toBe(403);
  });

  it('are revoked one by one, or all but the root token', async () => {
    const vault = await start();
    const [one, other, third] = [1, 2, 3].map(() => vault.createToken({ policies: [] }));
    const look = async (token: string | undefined) =>
      (await ask(vault, 'auth/token/lookup-self', token)).status;
    vault.revoke(one);
    await ask(vault, 'auth/token/revoke-self', other, { body: {} });
    expect([await look(one), await look(other), await look(third)]).toEqual([403, 403, 200]);
    vault.revoke();

    expect([await look(third), await look(vault.rootToken)]).toEqual([403, 200]);
  });

  it('belong to a namespace', async () => {
    const vault = await start({ secrets, namespace: 'team/a' });
    const read = async (headers: Readonly<Record<string, string>>) =>
      (await ask(vault, 'secret/data/team/app', vault.rootToken, { headers })).status;

    expect(await read({ 'X-Vault-Namespace': 'team/a' })).toBe(200);
    expect(await read({ 'X-Vault-Namespace': 'team/a/' })).toBe(200);
    expect(await read({ 'X-Vault-Namespace': 'team/b' })).toBe(403);
    expect(await read({})).toBe(403);
  });
});

describe('the login of service accounts', () => {
  const roles = {
    mcp: {
      serviceAccounts: ['mcp'],
      namespaces: ['prod'],
      audience: 'vault',
      policies: ['reader'],
      ttlSeconds: 600,
    },
  };
  const account = { serviceAccount: 'mcp', namespace: 'prod', audience: 'vault' };

  it('gives a token with the policies and the lease of its role', async () => {
    const vault = await start({ kubernetes: { roles }, now: () => 1_700_000_000_000 });
    const jwt = await vault.mintServiceAccountToken(account);
    const body = { role: 'mcp', jwt };
    const { status, json } = await ask(vault, 'auth/kubernetes/login', undefined, { body });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      data: null,
      auth: {
        client_token: expect.stringMatching(/^hvs\./),
        policies: ['default', 'reader'],
        lease_duration: 600,
        renewable: true,
        metadata: { role: 'mcp', service_account_name: 'mcp', service_account_namespace: 'prod' },
      },
    });
    const look = await ask(vault, 'auth/token/lookup-self', json.auth.client_token);
    expect(look.json.data).toMatchObject({ display_name: 'kubernetes-prod-mcp', ttl: 600 });
  });

  it.each([
    ['another account', { ...account, serviceAccount: 'else' }, 'service account name not'],
    ['another namespace', { ...account, namespace: 'else' }, 'namespace not authorized'],
    ['another audience', { ...account, audience: 'else' }, 'invalid audience'],
    ['a token that is over', { ...account, ttlSeconds: -1 }, 'permission denied'],
  ])('refuses %s', async (_case, options, error) => {
    const vault = await start({ kubernetes: { roles } });
    const jwt = await vault.mintServiceAccountToken(options);
    const body = { role: 'mcp', jwt };

    expect(await ask(vault, 'auth/kubernetes/login', undefined, { body })).toEqual({
      status: 403,
      json: { errors: [expect.stringContaining(error)] },
    });
  });

  it('refuses what another cluster has signed', async () => {
    const [vault, other] = [
      await start({ kubernetes: { roles } }),
      await start({ kubernetes: { roles } }),
    ];
    const body = { role: 'mcp', jwt: await other.mintServiceAccountToken(account) };

    expect((await ask(vault, 'auth/kubernetes/login', undefined, { body })).status).toBe(403);
  });

  it.each([
    ['missing jwt', { role: 'mcp' }],
    ['missing role', { jwt: 'a.b.c' }],
    ['invalid role name "none"', { role: 'none', jwt: 'a.b.c' }],
  ])('says %s', async (error, body) => {
    const vault = await start({ kubernetes: { roles } });

    expect(await ask(vault, 'auth/kubernetes/login', undefined, { body })).toEqual({
      status: 400,
      json: { errors: [error] },
    });
  });
});

describe('a server in trouble', () => {
  it('is sealed, or stands by', async () => {
    const vault = await start({ secrets });
    const both = async () => [
      (await ask(vault, 'sys/health')).status,
      (await ask(vault, 'secret/data/team/app')).status,
    ];
    expect(await both()).toEqual([200, 200]);
    vault.seal();
    expect(await both()).toEqual([503, 503]);
    expect(await ask(vault, 'secret/data/team/app')).toMatchObject({
      json: { errors: ['Vault is sealed'] },
    });
    vault.unseal();
    vault.standBy();
    expect(await both()).toEqual([429, 307]);
    vault.activate();
    expect(await both()).toEqual([200, 200]);
  });

  it('insists on the header that no browser sends, when told to', async () => {
    const vault = await start({ secrets, requireRequestHeader: true });
    const headers = { 'X-Vault-Request': 'true' };

    expect(await ask(vault, 'secret/data/team/app')).toEqual({
      status: 412,
      json: { errors: ["missing 'X-Vault-Request' header"] },
    });
    const { status } = await ask(vault, 'secret/data/team/app', vault.rootToken, { headers });
    expect(status).toBe(200);
  });

  it('has faults that wait in line, for one path or for all', async () => {
    const vault = await start({ secrets });
    const read = async () => (await ask(vault, 'secret/data/team/app')).status;
    vault.fault({ kind: 'status', status: 500, body: '{}' }, { path: '/v1/elsewhere', times: 1 });
    vault.fault({ kind: 'status', status: 502, body: '{}' }, { times: 2 });
    vault.fault({ kind: 'reset' }, { times: 1 });
    vault.fault({ kind: 'delay', milliseconds: 5 }, { times: 1 });
    expect([await read(), await read()]).toEqual([502, 502]);
    await expect(read()).rejects.toThrow('fetch failed');
    expect([await read(), await read()]).toEqual([200, 200]);
    expect(vault.hits('/v1/secret/data/team/app')).toBe(5);

    vault.fault({ kind: 'cut', afterBytes: 5 });
    await expect(read()).rejects.toThrow('terminated');
    vault.clearFaults();
    expect(await read()).toBe(200);
  });

  it('goes away, comes back with what it held, and ends what hangs', async () => {
    const vault = await start({ secrets });
    await vault.pause();
    await expect(ask(vault, 'sys/health')).rejects.toThrow('fetch failed');
    await vault.resume();
    expect((await ask(vault, 'secret/data/team/app')).status).toBe(200);

    vault.fault({ kind: 'hang' });
    const hanging = request(`${vault.url}/v1/sys/health`).end();
    const broken = once(hanging, 'error').catch((error: unknown) => [error]);
    while (vault.hits('/v1/sys/health') < 1) await new Promise(setImmediate);
    await vault.stop();
    await vault.stop();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('prints nothing, and leaves nothing behind that keeps a process from ending', async () => {
    const script = fileURLToPath(new URL('./quiet-vault.ts', import.meta.url));
    const flags = [...process.execArgv, '--disable-warning=ExperimentalWarning', script];
    const output = await promisify(execFile)(process.execPath, flags, { timeout: 20_000 });

    expect(output).toEqual({ stdout: '', stderr: '' });
  });

  it('refuses a port that cannot be one', async () => {
    await expect(startVault({ port: 65_536 })).rejects.toThrow('port: must be from 0 to 65535');
  });
});
