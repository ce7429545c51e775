import {
  type CachedSecrets,
  type CacheOptions,
  cacheOptionChecks,
  createCachedSecrets,
  readCacheSettings,
} from '@sallyport/cached-secrets';
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { createLazyClient } from './lazy-client.ts';
import { readSecret } from './read-secret.ts';
import { canonicalName, parseSecretName } from './secret-name.ts';

/** Options for {@link createAwsSecrets}: the backend, and how its secrets are cached. */
export interface AwsSecretsOptions extends CacheOptions {
  /** The region that the secrets are in, such as `eu-central-1`. */
  readonly region: string;
  /**
   * For the constructor of `SecretsManagerClient`, unchanged: `credentials`, `endpoint` and so on. Default:
   * none, so that the client searches for credentials as every AWS program does.
   */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
}

/** Secrets of one region and account. A name is that of a secret, or `name@version`. */
export type AwsSecrets = CachedSecrets;

const optionChecks: Checks<AwsSecretsOptions> = {
  ...cacheOptionChecks,
  region: check.text,
  clientOptions: check.optional(check.recordOf(check.optional(check.anything))),
};

/**
 * Reads secrets from AWS Secrets Manager and caches them. They rotate without a restart, and the last good
 * value stays in use during an outage.
 *
 * The AWS client is loaded when the first secret is read.
 *
 * @example
 * ```ts
 * const secrets = createAwsSecrets({ region: 'eu-central-1', onEvent: log });
 * const issuer = await secrets.get('notes/jwt-issuer', { signal });
 * ```
 * @throws {ConfigError} When an option cannot be used.
 */
export function createAwsSecrets(given: AwsSecretsOptions): AwsSecrets {
  const options = checkOptions('aws', given, optionChecks);
  const { region, clientOptions = {}, ...cache } = options;
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    throw new ConfigError('aws.region', 'must be the name of a region, such as eu-central-1');
  }
  const { requestTimeoutMs: timeoutMs } = readCacheSettings('aws', cache);
  const client = createLazyClient({ ...clientOptions, region });
  return createCachedSecrets({
    ...cache,
    name: 'aws_secrets_manager',
    subject: 'aws',
    canonicalName,
    read: (name, signal) => readSecret({ client, name: parseSecretName(name), timeoutMs, signal }),
    remedies: {
      // AWS appends six characters to the name.
      access_denied: (name) =>
        `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:${region}:*:secret:${parseSecretName(name).secret}-??????"}`,
      credentials_missing: () => 'give the task, pod or function a role, or run aws configure',
    },
    close: () => client.close(),
  });
}
