import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookupOutcome } from '@sallyport/contract-tests';
import { detectEnvironment, Secret, type SecretContext } from '@sallyport/core';
import { startVault, type Vault, type VaultOptions } from '@sallyport/testing/vault';
import { onTestFinished } from 'vitest';
import {
  createVaultSecrets,
  kubernetesLogin,
  type SecretEvent,
  type VaultSecretsOptions,
  vaultToken,
} from '../src/index.ts';

/** What no event, error or log may show. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';
export const development = detectEnvironment({ ENVIRONMENT: 'development' });
export const waiting: SecretContext = { signal: new AbortController().signal };
/** Where a secret is asked for. */
export const dataPath = '/v1/secret/data/app';
export const loginPath = '/v1/auth/kubernetes/login';

/** A server that lives as long as the test. Leases end by its clock. */
export async function start(options: VaultOptions = {}): Promise<Vault> {
  const server = await startVault({
    secrets: { app: { value: canary } },
    policies: { app: { 'secret/data/*': ['read'] }, nothing: {} },
    requireRequestHeader: true,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** A provider whose clock only moves when it is told to. */
export function open(
  server: Vault,
  changes: Partial<VaultSecretsOptions> = {},
  clock = { now: 0 },
) {
  const events: SecretEvent[] = [];
  const provider = createVaultSecrets({
    url: server.url,
    environment: development,
    authentication: vaultToken(new Secret(server.createToken({ policies: ['app'] }))),
    onEvent: (event) => events.push(event),
    monotonicNow: () => clock.now,
    ...changes,
  });
  onTestFinished(() => provider.close());
  return {
    server,
    provider,
    events,
    clock,
    read: (name = 'app') => lookupOutcome(provider.get(name, waiting)),
    reread: (name = 'app') => lookupOutcome(provider.reread(name, waiting)),
    /** Events of these types, in order. */
    seen: (...types: readonly SecretEvent['type'][]) =>
      events.filter(({ type }) => types.includes(type)),
  };
}

/** A server with one secret, and a provider. */
export async function setUp(
  changes: Partial<VaultSecretsOptions> = {},
  options: VaultOptions = {},
) {
  return open(await start(options), changes);
}

/** The same with a pod's service account, whose token is in a file. Both clocks are one. */
export async function setUpPod({
  ttlSeconds = 3_600,
  policies = ['app'],
  role = 'mcp',
}: {
  readonly ttlSeconds?: number;
  readonly policies?: readonly string[];
  readonly role?: string;
} = {}) {
  const clock = { now: 1_700_000_000_000 };
  const server = await start({
    kubernetes: {
      roles: { mcp: { serviceAccounts: ['mcp'], namespaces: ['prod'], policies, ttlSeconds } },
    },
    now: () => clock.now,
  });
  const folder = await mkdtemp(join(tmpdir(), 'pod-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const tokenPath = join(folder, 'token');
  /** Puts a token in the place of the one before, as the cluster does. */
  const mount = async (serviceAccount = 'mcp', namespace = 'prod') => {
    const jwt = await server.mintServiceAccountToken({ serviceAccount, namespace });
    await writeFile(tokenPath, `${jwt}\n`);
    return jwt;
  };
  const jwt = await mount();
  const authentication = kubernetesLogin({ role, tokenPath });
  return { ...open(server, { authentication }, clock), mount, tokenPath, jwt };
}

/** Until what was set off in the background is over. */
export async function until(isOver: () => boolean): Promise<void> {
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 2));
}
