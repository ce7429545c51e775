import {
  type CachedSecrets,
  type CacheOptions,
  cacheOptionChecks,
  createCachedSecrets,
  type Reading,
  readCacheSettings,
} from '@sallyport/cached-secrets';
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { readVersion } from './read-version.ts';
import {
  borrowClient,
  createLazyClient,
  type SecretManagerClient,
} from './secret-manager-client.ts';
import { canonicalName, parseSecretName } from './secret-name.ts';

/** Options for {@link createGcpSecrets}: Secret Manager, and how its secrets are cached. */
export interface GcpSecretsOptions extends CacheOptions {
  /** The project's id, or its number. */
  readonly projectId: string;
  /**
   * The account that reads the secrets. The command that grants access names it. Default: the account
   * of the client's credentials.
   */
  readonly serviceAccount?: string;
  /** Your own client. It is not closed. Default: a client with {@link clientOptions}. */
  readonly client?: SecretManagerClient;
  /**
   * For the constructor of `SecretManagerServiceClient`, unchanged. Default: none, so that Application
   * Default Credentials are used.
   */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
}

/** Secrets of one project. A name is that of a secret, or `name@version`. */
export type GcpSecrets = CachedSecrets;

const projectPattern = /^(?:(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{1,20})$/;

const optionChecks: Checks<GcpSecretsOptions> = {
  ...cacheOptionChecks,
  projectId: check.text,
  serviceAccount: check.optional(check.text),
  client: check.optional(check.object),
  clientOptions: check.optional(check.recordOf(check.optional(check.anything))),
};

/**
 * Reads secrets from Google Cloud Secret Manager and caches them. They rotate without a restart, and
 * the last good value stays in use during an outage.
 *
 * The Google client is loaded when the first secret is read.
 *
 * @example
 * ```ts
 * const secrets = createGcpSecrets({ projectId: 'my-project', onEvent: log });
 * const issuer = await secrets.get('jwt-issuer', { signal });
 * ```
 * @throws {ConfigError} When an option cannot be used.
 */
export function createGcpSecrets(given: GcpSecretsOptions): GcpSecrets {
  const options = checkOptions('gcp', given, optionChecks);
  const { projectId, serviceAccount, client: borrowed, clientOptions = {}, ...cache } = options;
  if (!projectPattern.test(projectId)) {
    throw new ConfigError(
      'gcp.projectId',
      'must be the id of a project, such as my-project-123456',
    );
  }
  const { requestTimeoutMs } = readCacheSettings('gcp', cache);
  const client =
    borrowed === undefined ? createLazyClient(projectId, clientOptions) : borrowClient(borrowed);
  // A word and no variable: gcloud refuses it by name, where a shell would take an unset variable as empty.
  let account = serviceAccount ?? 'SERVICE_ACCOUNT_EMAIL';

  async function read(name: string, signal: AbortSignal): Promise<Reading> {
    const reading = await readVersion({
      client,
      projectId,
      name: parseSecretName(name),
      timeoutMs: requestTimeoutMs,
      signal,
    });
    if ('fault' in reading && reading.fault === 'access_denied') {
      account = serviceAccount ?? (await client.findAccount()) ?? account;
    }
    return reading;
  }

  return createCachedSecrets({
    ...cache,
    name: 'gcp_secret_manager',
    subject: 'gcp',
    canonicalName,
    read,
    remedies: {
      access_denied: (name) =>
        `gcloud secrets add-iam-policy-binding ${parseSecretName(name).secret} --project=${projectId} --member=serviceAccount:${account} --role=roles/secretmanager.secretAccessor`,
      credentials_missing: () => 'gcloud auth application-default login',
    },
    close: () => client.close(),
  });
}
