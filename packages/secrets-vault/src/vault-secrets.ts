import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type Environment,
  type Secret,
  type SecretChange,
  type SecretContext,
  type SecretLookup,
  type SecretProvider,
} from '@sallyport/core';
import type { VaultAuthentication } from './authentication.ts';
import { readBounds } from './bounds.ts';
import { type CachedSecret, createCachedSecret } from './cached-secret.ts';
import { readPersistently } from './read-persistently.ts';
import { readSecret } from './read-secret.ts';
import type { Reading } from './reading.ts';
import type { SecretEvent } from './secret-event.ts';
import { assertPath, formatSecretName, parseSecretName } from './secret-name.ts';
import { createSlots } from './slots.ts';
import { findProblem } from './validity.ts';
import { createVaultClient } from './vault-client.ts';
import { createWatch, type Watch } from './watch.ts';

/** Options for {@link createVaultSecrets}. */
export interface VaultSecretsOptions {
  /** Where Vault is, such as `https://vault.example.com:8200`: https, http only in development. */
  readonly url: string;
  /** Where the program runs. In production this machine is never connected to. */
  readonly environment: Environment;
  /** How to say who asks. */
  readonly authentication: VaultAuthentication;
  /** Where the KV engine, version 2, is mounted. Default `secret`. */
  readonly mount?: string;
  /** The namespace, in Vault Enterprise and OpenBao. Default the root namespace. */
  readonly namespace?: string;
  /** For a Vault in one's own network. Metadata services stay out. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /**
   * How old a value may get before it is read again, give or take a tenth: 1 to 86,400 seconds.
   * Default 300.
   */
  readonly cacheTtlSeconds?: number;
  /**
   * For how much longer the last good value is used while none can be read: 0 to 604,800 seconds.
   * Default 86,400.
   */
  readonly maximumStaleSeconds?: number;
  /**
   * Time for one reading with its login and all its attempts, in milliseconds: 100 to 60,000. Default
   * 10,000. Each request has a third of it.
   */
  readonly timeoutMs?: number;
  /**
   * Throws when a value cannot be used. A new version that it refuses replaces nothing. What it throws
   * is not shown, unless it is a `ConfigError`. Default everything can be used.
   */
  readonly validate?: (name: string, secret: Secret) => void;
  /** Is told what happens to the secrets. What it throws is ignored. Default nobody. */
  readonly onEvent?: (event: SecretEvent) => void;
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
  /**
   * Timer of what is watched, and of who has an old value and waits for the new one; rejects when the
   * signal aborts. Default one that keeps no process alive.
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Secrets of one mount. A name is `path`, `path#field`, or one of these with `@version`. */
export interface VaultSecrets extends SecretProvider {
  /**
   * Reads a secret again and again, as long as somebody watches, and tells when another value is in
   * force: at most `cacheTtlSeconds` and a tenth after it was stored.
   *
   * @returns what ends it.
   * @throws {ConfigError} for a name that cannot be one.
   */
  watch(name: string, listener: (change: SecretChange) => void): () => void;
  /**
   * Reads a secret now, for when its value was just refused: at most once in 30 seconds, and otherwise
   * like `get`. When it cannot be read, the last good value is the answer.
   */
  reread(name: string, context: SecretContext): Promise<SecretLookup>;
  /** Ends all reading and watching. Nothing of it keeps the process alive. */
  close(): Promise<void>;
}

interface Entry {
  readonly cached: CachedSecret;
  readonly watch: Watch<SecretChange>;
}

const mostReadingsAtOnce = 8;

const optionChecks: Checks<VaultSecretsOptions> = {
  url: check.text,
  environment: check.environment,
  authentication: check.shape('what vaultToken or kubernetesLogin returns', { open: 'function' }),
  mount: check.optional(check.text),
  namespace: check.optional(check.text),
  allowPrivateNetwork: check.optional(check.flag),
  cacheTtlSeconds: check.optional(check.number),
  maximumStaleSeconds: check.optional(check.number),
  timeoutMs: check.optional(check.number),
  validate: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
  wait: check.optional(check.callback),
};

/**
 * Looks secrets up in the KV engine, version 2, of HashiCorp Vault or OpenBao, and remembers them:
 * through outages, and until a new version is there.
 *
 * Vault is asked, and logged in to, when the first secret is.
 *
 * @example
 * ```ts
 * const secrets = createVaultSecrets({ url, environment, authentication: kubernetesLogin({ role }) });
 * const issuer = await secrets.get('mcp/auth#jwt-issuer', { signal });
 * ```
 * @throws {ConfigError} for an option that cannot be used.
 */
export function createVaultSecrets(given: VaultSecretsOptions): VaultSecrets {
  const options = checkOptions('vault', given, optionChecks);
  const { url, environment, authentication, mount = 'secret', namespace, onEvent } = options;
  const { allowPrivateNetwork = false, validate = () => {} } = options;
  assertPath('vault.mount', mount);
  if (typeof authentication?.open !== 'function') {
    throw new ConfigError('vault.authentication', 'must be vaultToken(…) or kubernetesLogin(…)');
  }
  const { timeoutMs, wait, ...bounds } = readBounds(options);
  const client = createVaultClient({
    url,
    environment,
    namespace,
    allowPrivateNetwork,
    timeoutMs: Math.ceil(timeoutMs / 3),
  });
  const closed = new AbortController();
  const session = authentication.open({ client, now: bounds.now, closed: closed.signal });
  const inSlot = createSlots(mostReadingsAtOnce);
  const entries = new Map<string, Entry>();

  function report(event: SecretEvent): void {
    // What breaks off at shutdown is no outage.
    if (closed.signal.aborted) return;
    try {
      onEvent?.(event);
    } catch {
      // A broken log must not be taken for an outage of the secrets.
    }
  }

  function find(asked: string): Entry {
    const parsed = parseSecretName(asked);
    const name = formatSecretName(parsed);
    const known = entries.get(name);
    if (known !== undefined) return known;
    const attempt = (signal: AbortSignal): Promise<Reading> =>
      inSlot(() => readSecret({ client, session, mount, name: parsed, signal }));
    const cached = createCachedSecret({
      ...bounds,
      wait,
      name,
      read: () => readPersistently({ attempt, timeoutMs, signal: closed.signal }),
      findProblem: (value) => findProblem(validate, name, value),
      report,
      remedies: () => ({
        access_denied: `path "${mount}/data/${parsed.path}" { capabilities = ["read"] }`,
        ...(session.remedy !== undefined && { login_refused: session.remedy() }),
      }),
      onChange: ({ secret, version }, previous) =>
        watch.tell({ name, secret, version, previousVersion: previous?.version }),
    });
    const watch = createWatch<SecretChange>({ cached, wait, closed: closed.signal });
    const entry: Entry = { cached, watch };
    entries.set(name, entry);
    return entry;
  }

  return {
    name: 'vault',
    get: async (name, { signal }) => find(name).cached.get(signal),
    reread: async (name, { signal }) => find(name).cached.reread(signal),
    watch: (name, listener) => find(name).watch.add(listener),

    async close() {
      closed.abort();
      await client.close();
    },
  };
}
