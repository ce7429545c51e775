/** The verifiers of a site: for JWTs, opaque tokens and API keys. */
import { Secret, type TokenVerifier } from '@sallyport/core';
import {
  type ApiKeyStore,
  type ApiKeyVerifier,
  createApiKeyVerifier,
  createFileKeyStore,
} from '@sallyport/verifier-api-key';
import { createRedisKeyStore } from '@sallyport/verifier-api-key/redis';
import {
  clientSecretBasic,
  createHybridVerifier,
  createIntrospectionVerifier,
} from '@sallyport/verifier-introspection';
import {
  createJwtVerifier,
  type HmacKeySource,
  hmacSecret,
  remoteJwks,
  rotating,
} from '@sallyport/verifier-jwt';
import { issuers, times } from './facts.ts';
import { environment, resource, type SiteOptions, type StoreListener } from './site-options.ts';

export interface Verifiers {
  readonly main: TokenVerifier;
  /** A gate has either public keys or a shared secret. */
  readonly hmac: TokenVerifier;
  readonly hmacKeys: ReturnType<typeof rotating<HmacKeySource>>;
  readonly apiKeys: readonly ApiKeyVerifier[];
}

export function createVerifiers(options: SiteOptions, onStoreEvent: StoreListener): Verifiers {
  const { facts, secrets } = options;
  const monotonicNow = () => facts.now * 1_000;
  const hmacKeys = rotating({
    keys: hmacSecret(new Secret(secrets.hmac(facts.hmac.secret))),
    graceSeconds: times.hmacGrace,
    monotonicNow,
  });
  const hmacJwt = createJwtVerifier({
    issuer: issuers.hmac,
    audience: resource,
    algorithms: ['HS256'],
    keys: hmacKeys,
  });
  const jwt = createJwtVerifier({
    issuer: issuers.jwt,
    audience: resource,
    algorithms: ['ES256'],
    keys: remoteJwks({
      url: options.services.keyHost.url,
      environment,
      cacheTtlSeconds: times.keysFresh,
      maximumStaleSeconds: times.keysStale,
      // A busy machine must not look like an outage.
      timeoutSeconds: 30,
      monotonicNow,
      onKeyEvent: options.onKeyFetch,
    }),
  });
  const introspection = createIntrospection(options, monotonicNow);
  const [redisKeys, fileKeys] = createApiKeys(options, onStoreEvent, monotonicNow);
  return {
    main: redisKeys.beside(createHybridVerifier({ jwt, introspection })),
    hmac: fileKeys.beside(hmacJwt),
    hmacKeys,
    apiKeys: [redisKeys, fileKeys],
  };
}

function createIntrospection(
  { facts, secrets, services }: SiteOptions,
  monotonicNow: () => number,
): TokenVerifier {
  let { stored: known } = facts.introspection;
  return createIntrospectionVerifier({
    url: services.introspectionHost.url,
    issuer: issuers.opaque,
    audience: resource,
    environment,
    timeoutSeconds: 30,
    cache: { ttlSeconds: times.introspectionCache },
    clientAuthentication: clientSecretBasic({
      clientId: 'mcp-server',
      // As a secret backend does: it keeps what it has read, until that is refused.
      secret: ({ isRefused }) => {
        if (isRefused) known = facts.introspection.stored;
        return new Secret(secrets.client(known));
      },
    }),
    monotonicNow,
  });
}

function createApiKeys(
  { facts, secrets, services, prefix, keyFilePath }: SiteOptions,
  onStoreEvent: StoreListener,
  monotonicNow: () => number,
): readonly [redis: ApiKeyVerifier, file: ApiKeyVerifier] {
  const { secret } = facts.apiKeys;
  const verifierOf = (store: ApiKeyStore) =>
    createApiKeyVerifier({
      resource,
      secret: secrets.apiKey(secret),
      ...(secret > 0 && { previousSecret: secrets.apiKey(secret - 1) }),
      store,
      // A file that a step took away is not late.
      onEvent: ({ type }) => {
        if (store.name === 'redis' || facts.keyFile.isWell) {
          onStoreEvent({ type: `${store.name}_${type}` });
        }
      },
      monotonicNow,
    });
  return [
    verifierOf(
      createRedisKeyStore({
        client: services.redis.client,
        resource,
        prefix: `${prefix}keys:`,
        timeoutSeconds: 1,
      }),
    ),
    verifierOf(createFileKeyStore({ path: keyFilePath })),
  ];
}
