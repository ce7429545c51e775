/** Two gates as `sallyport run` composes them, with real services around them, and a clock that the run moves. */
import {
  createGuard,
  createScopePolicy,
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
import { hmacSecret } from '@sallyport/verifier-jwt';
import { issuers, maximumCalls, times } from './facts.ts';
import { watchKeyFetches } from './key-fetches.ts';
import { answerOf, findFault, type Outcome } from './outcome.ts';
import { resource, type SiteOptions, type StoreListener } from './site-options.ts';
import { createVerifiers, type Verifiers } from './verifiers.ts';

const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list', arguments: {} },
});

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

interface Gate {
  readonly guard: Guard;
  readonly serve: (request: Request, address: string) => Promise<Response>;
}

interface Parts {
  readonly gates: Readonly<Record<GateName, Gate>>;
  readonly verifiers: Verifiers;
}

export async function startSite(options: SiteOptions): Promise<Site> {
  const { services, secrets } = options;
  let detail: string | undefined;
  // What the gate cannot reach, as it says itself.
  const away = new Set<string>();
  const noteStore: StoreListener = ({ type }) => {
    if (type.endsWith('_unavailable')) away.add(type.replace('_unavailable', ''));
    if (type.endsWith('_available')) away.delete(type.replace('_available', ''));
  };
  const noteDetail = (given: string | undefined): void => {
    detail = given;
  };
  const keyFetches = watchKeyFetches(services.keyHost.url);
  const open = (): Promise<Parts> =>
    openGates(
      {
        ...options,
        onKeyFetch: (event) => {
          if (event.type === 'keys_dropped') return;
          keyFetches.noteEnd();
          options.onKeyFetch(event);
        },
      },
      noteStore,
      noteDetail,
    );
  let parts = await open();

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

    settle: keyFetches.settle,

    async restart() {
      await keyFetches.settle();
      await closeGates();
      away.clear();
      parts = await open();
    },

    replaceHmacSecret(index) {
      parts.verifiers.hmacKeys.replace(hmacSecret(new Secret(secrets.hmac(index))));
    },

    replaceApiKeySecret(index) {
      for (const keys of parts.verifiers.apiKeys) keys.replaceSecret(secrets.apiKey(index));
    },

    async close() {
      await keyFetches.settle();
      keyFetches.close();
      await closeGates();
    },
  };
}

async function openGates(
  options: SiteOptions,
  onStoreEvent: StoreListener,
  onDetail: (detail: string | undefined) => void,
): Promise<Parts> {
  const { facts, services, prefix } = options;
  const { redis } = services;
  const monotonicNow = () => facts.now * 1_000;
  const now = () => facts.wall * 1_000;
  const verifiers = createVerifiers(options, onStoreEvent);
  const quota = createMemoryCallQuota({
    calls: maximumCalls,
    windowSeconds: times.quotaWindow,
    monotonicNow,
  });
  const denial = createDenialList({
    store: createRedisDenialStore({ client: redis.client, key: `${prefix}denial` }),
    onEvent: onStoreEvent,
    now,
    monotonicNow,
  });
  const rateLimiter = createRedisRateLimiter({
    client: redis.limiterClient,
    fallback: createMemoryRateLimiter({ monotonicNow }),
    prefix: `${prefix}failures:`,
    monotonicNow,
  });
  const openGate = (verifier: TokenVerifier, issuer: string): Gate => {
    const guard = createGuard({
      verifier,
      rateLimiter,
      audit: {
        emit: (event) => {
          if ('detail' in event) onDetail(event.detail);
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
    main: openGate(verifiers.main, issuers.jwt),
    hmac: openGate(verifiers.hmac, issuers.hmac),
  };
  await denial.prepare();
  return { gates, verifiers };
}
