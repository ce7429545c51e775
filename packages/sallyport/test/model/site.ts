/** A gate as `sallyport run` composes it, with real services around it, and a clock that the run moves. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createGuard,
  createScopePolicy,
  detectEnvironment,
  type Guard,
  Secret,
  type TokenVerifier,
} from '@sallyport/core';
import { createDenialList } from '@sallyport/denial';
import { createRedisDenialStore } from '@sallyport/denial/redis';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { createMemoryCallQuota, createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createRedisRateLimiter } from '@sallyport/rate-limit-redis';
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
  type KeyEvent,
  remoteJwks,
  rotating,
} from '@sallyport/verifier-jwt';
import { type Facts, issuers, maximumCalls, times } from './facts.ts';
import type { IntrospectionHost } from './introspection-host.ts';
import type { KeyHost } from './key-host.ts';
import { answerOf, findFault, type Outcome } from './outcome.ts';
import type { RedisBehindProxy } from './redis-behind-proxy.ts';

export const resource = 'https://mcp.example.com/mcp';
const environment = detectEnvironment({ ENVIRONMENT: 'test' });
const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list', arguments: {} },
});

/** The services, which every run uses again. */
export interface Services {
  readonly keyHost: KeyHost;
  readonly introspectionHost: IntrospectionHost;
  readonly redis: RedisBehindProxy;
}

/** Secrets by their numbers. */
export interface Secrets {
  readonly hmac: (index: number) => string;
  readonly client: (index: number) => string;
  readonly apiKey: (index: number) => Secret;
}

export interface SiteOptions {
  readonly services: Services;
  readonly secrets: Secrets;
  /** The site reads its clocks and writes what its services answered. */
  readonly facts: Facts;
  /** Of what the run keeps in Redis. */
  readonly prefix: string;
  /** The file of API keys of the gate `hmac`. */
  readonly keyFilePath: string;
  readonly onKeyFetch: (event: KeyEvent) => void;
}

export interface Site {
  ask(token: string | undefined, address: string, gate: GateName): Promise<Outcome>;
  /** Resolves when no fetch of keys is under way. */
  settle(): Promise<void>;
  restart(): Promise<void>;
  replaceHmacSecret(index: number): void;
  replaceApiKeySecret(index: number): void;
  close(): Promise<void>;
}

/** Two gates, which share a denial list and a limit of failures. */
export type GateName = 'main' | 'hmac';

interface Parts {
  readonly gates: Readonly<
    Record<
      GateName,
      {
        readonly guard: Guard;
        readonly serve: (request: Request, address: string) => Promise<Response>;
      }
    >
  >;
  readonly hmacKeys: ReturnType<typeof rotating<HmacKeySource>>;
  readonly apiKeys: readonly ApiKeyVerifier[];
}

export async function startSite(options: SiteOptions): Promise<Site> {
  const { facts, services, secrets, prefix } = options;
  const { keyHost, introspectionHost, redis } = services;
  const origin = new URL(keyHost.url).origin;
  let begun = 0;
  let ended = 0;
  let detail: string | undefined;
  // What the gate cannot reach, as it says itself.
  const away = new Set<string>();
  const noteStore = ({ type }: { readonly type: string }): void => {
    if (type.endsWith('_unavailable')) away.add(type.replace('_unavailable', ''));
    if (type.endsWith('_available')) away.delete(type.replace('_available', ''));
  };
  // Fetches begin in the background, so that their beginning is seen nowhere else.
  const count = (message: unknown): void => {
    const { request } = message as { request: { origin: unknown } };
    if (String(request.origin) === origin) begun += 1;
  };
  subscribe('undici:request:create', count);
  let parts = await open();

  async function open(): Promise<Parts> {
    const monotonicNow = () => facts.now * 1_000;
    const now = () => facts.wall * 1_000;
    const hmacKeys = rotating({
      keys: hmacSecret(new Secret(secrets.hmac(facts.hmac.secret))),
      graceSeconds: times.hmacGrace,
      monotonicNow,
    });
    const jwt = createJwtVerifier({
      issuer: issuers.jwt,
      audience: resource,
      algorithms: ['ES256'],
      keys: remoteJwks({
        url: keyHost.url,
        environment,
        cacheTtlSeconds: times.keysFresh,
        maximumStaleSeconds: times.keysStale,
        // A busy machine must not look like an outage.
        timeoutSeconds: 30,
        monotonicNow,
        onKeyEvent: (event) => {
          if (event.type === 'keys_dropped') return;
          ended += 1;
          options.onKeyFetch(event);
        },
      }),
    });
    const hmacJwt = createJwtVerifier({
      issuer: issuers.hmac,
      audience: resource,
      algorithms: ['HS256'],
      keys: hmacKeys,
    });
    let { stored: known } = facts.introspection;
    const introspection = createIntrospectionVerifier({
      url: introspectionHost.url,
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
    const { secret: apiKeySecret } = facts.apiKeys;
    const apiKeysOf = (store: ApiKeyStore) =>
      createApiKeyVerifier({
        resource,
        secret: secrets.apiKey(apiKeySecret),
        ...(apiKeySecret > 0 && { previousSecret: secrets.apiKey(apiKeySecret - 1) }),
        store,
        // A file that a step took away is not late.
        onEvent: (event) => {
          if (store.name === 'redis' || facts.keyFile.isWell) {
            noteStore({ type: `${store.name}_${event.type}` });
          }
        },
        monotonicNow,
      });
    const redisKeys = apiKeysOf(
      createRedisKeyStore({
        client: redis.client,
        resource,
        prefix: `${prefix}keys:`,
        timeoutSeconds: 1,
      }),
    );
    const fileKeys = apiKeysOf(createFileKeyStore({ path: options.keyFilePath }));
    const quota = createMemoryCallQuota({
      calls: maximumCalls,
      windowSeconds: times.quotaWindow,
      monotonicNow,
    });
    const denial = createDenialList({
      store: createRedisDenialStore({ client: redis.client, key: `${prefix}denial` }),
      onEvent: noteStore,
      now,
      monotonicNow,
    });
    const rateLimiter = createRedisRateLimiter({
      client: redis.limiterClient,
      fallback: createMemoryRateLimiter({ monotonicNow }),
      prefix: `${prefix}failures:`,
      monotonicNow,
    });
    const compose = (verifier: TokenVerifier, issuer: string) => {
      const guard = createGuard({
        verifier,
        rateLimiter,
        audit: {
          emit: (event) => {
            if ('detail' in event) detail = event.detail;
          },
        },
        scopePolicy: createScopePolicy(),
        resourceMetadataUrl: protectedResourceMetadataUrl(resource),
        requiredScopes: [],
        rules: [denial, quota],
        now,
        monotonicNow,
      });
      const gate = createMcpGate({
        resource,
        guard,
        authorizationServers: [issuer],
        scopes: { tools: { list: [] } },
        now,
      });
      return { guard, serve: fetchGate(gate, () => new Response('let in')) };
    };
    const gates = {
      main: compose(redisKeys.beside(createHybridVerifier({ jwt, introspection })), issuers.jwt),
      // A gate has either public keys or a shared secret.
      hmac: compose(fileKeys.beside(hmacJwt), issuers.hmac),
    };
    await denial.prepare();
    return { gates, hmacKeys, apiKeys: [redisKeys, fileKeys] };
  }

  async function settle(): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (begun !== ended) {
      if (performance.now() > deadline) throw new Error('a fetch of keys did not end');
      await sleep(1);
    }
  }

  const closeGates = () =>
    Promise.all(Object.values(parts.gates).map(({ guard }) => guard.close()));

  return {
    async ask(token, address, gate) {
      const headers = {
        'Content-Type': 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      };
      detail = undefined;
      const wasAway = away.size > 0;
      const startedAt = performance.now();
      const response = await parts.gates[gate].serve(
        new Request(resource, { method: 'POST', headers, body }),
        address,
      );
      const elapsedMs = performance.now() - startedAt;
      const answer = answerOf.get(response.status);
      if (answer === undefined) throw new Error(`the gate answered ${response.status}`);
      const fault = findFault(answer, response, await response.text(), token !== undefined);
      return { answer, elapsedMs, wasLate: wasAway || away.size > 0, fault, detail };
    },

    settle,

    async restart() {
      await settle();
      await closeGates();
      away.clear();
      parts = await open();
    },

    replaceHmacSecret(index) {
      parts.hmacKeys.replace(hmacSecret(new Secret(secrets.hmac(index))));
    },

    replaceApiKeySecret(index) {
      for (const keys of parts.apiKeys) keys.replaceSecret(secrets.apiKey(index));
    },

    async close() {
      await settle();
      unsubscribe('undici:request:create', count);
      await closeGates();
    },
  };
}
