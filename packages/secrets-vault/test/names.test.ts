/** Row SEC-18: what a name, a mount, a namespace and a URL can be. */
import { type ConfigError, detectEnvironment, Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { createVaultSecrets, kubernetesLogin, vaultToken } from '../src/index.ts';
import { canary, development, setUp, waiting } from './set-up.ts';

it.each([
  ['app', 'one@2'],
  ['app#password', 'two@2'],
  ['app@1', `${canary}@1`],
  ['app#password@2', 'two@2'],
  ['app#password@latest', 'two@2'],
  ['app@3', 'absent'],
  ['app#nothing', 'absent'],
  ['app#constructor', 'absent'],
  ['app#__proto__', 'absent'],
  ['team/a+b:c=d~e', 'plus@1'],
  ['team', 'absent'],
])('reads %s', async (name, expected) => {
  const { server, read } = await setUp();
  server.put('app', { value: 'one', password: 'two' });
  server.put('team/a+b:c=d~e', { value: 'plus' });

  expect(await read(name)).toBe(expected);
});

it.each([
  '../sys/seal-status',
  'a/../b',
  'a/./b',
  '.',
  'a//b',
  '/a',
  'a/',
  'a?version=1',
  'a%2fb',
  'a%2e%2e/b',
  'a\\b',
  'a b',
  'a\r\nX: y',
  'a#',
  '#field',
  'a#b#c',
  'a#b/c',
  'a@0',
  'a@01',
  'a@-1',
  'a@1@2',
  'a@1#b',
  'a@newest',
  'ключ',
  'a'.repeat(256),
])('refuses %j before anything is sent (SEC-18)', async (name) => {
  const { server, provider, events } = await setUp();

  await expect(provider.get(name, waiting)).rejects.toMatchObject({
    name: 'ConfigError',
    option: 'vault.name',
  });
  expect(() => provider.watch(name, () => {})).toThrow('a secret is named by its path');
  expect(server.hits('/v1/secret/data/b')).toBe(0);
  expect(events).toEqual([]);
});

const usable = {
  url: 'https://vault.example.com:8200',
  environment: development,
  authentication: vaultToken(new Secret('hvs.token')),
};

it.each([
  ['vault.url', { url: 'http://vault.example.com:8200' }],
  ['vault.url', { url: 'http://127.0.0.1:8200', environment: detectEnvironment({}) }],
  ['vault.url', { url: 'https://10.0.0.5:8200' }],
  ['vault.url', { url: 'https://169.254.169.254', allowPrivateNetwork: true }],
  ['vault.url', { url: 'https://user:password@vault.example.com' }],
  ['vault.url', { url: 'https://vault.example.com/?a=b' }],
  ['vault.mount', { mount: '../sys' }],
  ['vault.mount', { mount: '/secret' }],
  ['vault.mount', { mount: '' }],
  ['vault.namespace', { namespace: 'a\r\nX-Vault-Token: b' }],
  ['vault.authentication', { authentication: undefined as never }],
  ['vault.cacheTtlSeconds', { cacheTtlSeconds: 0 }],
  ['vault.maximumStaleSeconds', { maximumStaleSeconds: -1 }],
  ['vault.timeoutSeconds', { timeoutSeconds: Number.NaN }],
])('refuses an option that cannot be used: %s, %j', (option, changes) => {
  expect(() => createVaultSecrets({ ...usable, ...changes })).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }) as ConfigError,
  );
});

it('takes a Vault in its own network when that is said', async () => {
  const secrets = createVaultSecrets({
    ...usable,
    url: 'https://10.0.0.5:8200/prefix/',
    allowPrivateNetwork: true,
    environment: detectEnvironment({}),
  });

  await expect(secrets.close()).resolves.toBeUndefined();
});

it.each([
  ['a role with a slash', () => kubernetesLogin({ role: '../login' })],
  ['no role', () => kubernetesLogin({ role: '' })],
  ['a mount above', () => kubernetesLogin({ role: 'mcp', mount: '..' })],
  ['no path', () => kubernetesLogin({ role: 'mcp', tokenPath: '' })],
  ['an empty token', () => vaultToken(new Secret(' '))],
  ['a token with a newline in it', () => vaultToken(new Secret(`${canary}\r\nX: y`))],
  ['a bare string', () => vaultToken(canary as never)],
])('refuses an authentication with %s, and shows no token', (_case, create) => {
  expect(create).toThrow(expect.objectContaining({ name: 'ConfigError' }) as ConfigError);
  expect(create).not.toThrow(canary);
});
