import {
  type CachedSecrets,
  type CacheOptions,
  cacheOptionChecks,
  createCachedSecrets,
  readCacheSettings,
} from '@sallyport/cached-secrets';
import { type Checks, check, checkOptions, type Environment } from '@sallyport/core';
import type { VaultAuthentication } from './authentication.ts';
import { readSecret } from './read-secret.ts';
import { assertPath, canonicalName, parseSecretName } from './secret-name.ts';
import { createVaultClient } from './vault-client.ts';

/** Options for {@link createVaultSecrets}: Vault, and how its secrets are cached. */
export interface VaultSecretsOptions extends CacheOptions {
  /** The address of Vault, such as `https://vault.example.com:8200`. `http` only in development. */
  readonly url: string;
  /** Where the program runs. In production it never connects to this machine. */
  readonly environment: Environment;
  /** How the program logs in: {@link vaultToken} or {@link kubernetesLogin}. */
  readonly authentication: VaultAuthentication;
  /** Where the KV engine, version 2, is mounted. Default `secret`. */
  readonly mount?: string;
  /** The namespace, in Vault Enterprise and OpenBao. Default: the root namespace. */
  readonly namespace?: string;
  /** Allows a Vault in your private network. Metadata services stay refused. Default false. */
  readonly allowPrivateNetwork?: boolean;
}

/** Secrets of one mount. A name is `path`, `path#field`, or one of these with `@version`. */
export type VaultSecrets = CachedSecrets;

const optionChecks: Checks<VaultSecretsOptions> = {
  ...cacheOptionChecks,
  url: check.text,
  environment: check.environment,
  authentication: check.shape('what vaultToken or kubernetesLogin returns', { open: 'function' }),
  mount: check.optional(check.text),
  namespace: check.optional(check.text),
  allowPrivateNetwork: check.optional(check.flag),
};

/**
 * Reads secrets from the KV engine, version 2, of HashiCorp Vault or OpenBao, and caches them. They
 * rotate without a restart, and the last good value stays in use during an outage.
 *
 * It connects and logs in when the first secret is read.
 *
 * @example
 * ```ts
 * const secrets = createVaultSecrets({ url, environment, authentication: kubernetesLogin({ role }) });
 * const issuer = await secrets.get('mcp/auth#jwt-issuer', { signal });
 * ```
 * @throws {ConfigError} When an option cannot be used.
 */
export function createVaultSecrets(given: VaultSecretsOptions): VaultSecrets {
  const options = checkOptions('vault', given, optionChecks);
  const {
    url,
    environment,
    authentication,
    mount = 'secret',
    namespace,
    allowPrivateNetwork = false,
    ...cache
  } = options;
  assertPath('vault.mount', mount);
  const { monotonicNow, requestTimeoutMs } = readCacheSettings('vault', cache);
  const client = createVaultClient({
    url,
    environment,
    namespace,
    allowPrivateNetwork,
    timeoutMs: requestTimeoutMs,
  });
  const closed = new AbortController();
  const session = authentication.open({ client, monotonicNow, closed: closed.signal });

  return createCachedSecrets({
    ...cache,
    name: 'vault',
    canonicalName,
    read: (name, signal) =>
      readSecret({ client, session, mount, name: parseSecretName(name), signal }),
    remedies: {
      access_denied: (name) =>
        `path "${mount}/data/${parseSecretName(name).path}" { capabilities = ["read"] }`,
      login_refused: () => session.remedy?.(),
    },
    async close() {
      closed.abort();
      await client.close();
    },
  });
}
