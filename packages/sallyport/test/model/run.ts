/** One run: the gate, its services in their first state, and the facts. */
import type { KeyObject } from 'node:crypto';
import { createEmptyList, type DenialStore } from '@sallyport/denial';
import { createRedisDenialStore } from '@sallyport/denial/redis';
import {
  type ApiKeyRegistry,
  type ApiKeyStore,
  createApiKeyRegistry,
} from '@sallyport/verifier-api-key';
import { createRedisKeyStore } from '@sallyport/verifier-api-key/redis';
import type { KeyEvent } from '@sallyport/verifier-jwt';
import { describeOpaque, type Issued } from './credentials.ts';
import { createFacts, epoch, type Facts, type Fetch, times } from './facts.ts';
import { type KeyHost, retryAfterSeconds, servesKeys } from './key-host.ts';
import { resource, type Secrets, type Services, type Site, startSite } from './site.ts';

/** What the steps of a run use. */
export interface Run {
  readonly site: Site;
  readonly services: Services;
  readonly secrets: Secrets;
  readonly signingKeys: ReadonlyMap<string, KeyObject>;
  /** Where operators deny callers. */
  readonly denied: DenialStore;
  /** Makes and revokes API keys with the secret of this number. */
  registry(secret: number): ApiKeyRegistry;
  /** Every credential that was sent so far. */
  readonly sent: Issued[];
  readonly apiKeys: Issued[];
  readonly opaque: readonly Issued[];
  /** An address that sent no request before. */
  freshAddress(): string;
  /** What went wrong outside of a request. */
  readonly faults: readonly string[];
  /** What all runs did together. */
  readonly counts: Counts;
  close(): Promise<void>;
}

/** For the report. */
export interface Counts {
  requests: number;
  /** Answers 503 of a Redis that was slow because the machine was. */
  late: number;
}

export const addressOfAll = '192.0.2.1';
const opaqueCount = 4;

export interface Environment {
  readonly services: Services;
  readonly secrets: Secrets;
  readonly signingKeys: ReadonlyMap<string, KeyObject>;
  readonly counts: Counts;
}

let runs = 0;

export async function startRun(given: Environment): Promise<{ model: Facts; real: Run }> {
  const { services, secrets, signingKeys, counts } = given;
  const { keyHost, introspectionHost, redis } = services;
  const [firstKey = ''] = signingKeys.keys();
  const facts = createFacts(firstKey);
  const prefix = `model:${process.pid}:${runs++}:`;
  keyHost.mode = 'well';
  keyHost.published = facts.keys.published;
  introspectionHost.mode = 'well';
  introspectionHost.accepted = [secrets.client(0)];
  introspectionHost.active = new Map();
  const denied = createRedisDenialStore({ client: redis.direct, key: `${prefix}denial` });
  await createEmptyList(denied, epoch * 1_000);
  const store: ApiKeyStore = createRedisKeyStore({
    client: redis.direct,
    resource,
    prefix: `${prefix}keys:`,
    timeoutSeconds: 1,
  });
  const faults: string[] = [];
  const site = await startSite({
    ...{ facts, services, secrets, prefix },
    onKeyFetch(event) {
      const fault = noteFetch(facts, keyHost, event);
      if (fault !== undefined) faults.push(fault);
    },
  });
  const opaque = Array.from({ length: opaqueCount }, (_, index): Issued => {
    const caller = describeOpaque(index);
    facts.introspection.tokens.set(caller.subject, { isActive: index > 0 });
    const token = `${caller.subject}-${secrets.client(1_000 + index)}`;
    if (index > 0) introspectionHost.active.set(token, claimsOf(caller.subject, caller.client));
    return { token, credential: { kind: 'opaque', ...caller } };
  });
  let addresses = 0;
  const real: Run = {
    ...{ site, services, secrets, signingKeys, denied, opaque, counts, faults },
    sent: [],
    apiKeys: [],

    registry: (secret) =>
      createApiKeyRegistry({
        resource,
        secret: secrets.apiKey(secret),
        store,
        now: () => facts.wall * 1_000,
      }),

    freshAddress() {
      addresses += 1;
      return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
    },

    async close() {
      if (!facts.redis.isWell) await redis.restore();
      await site.close();
    },
  };
  return { model: facts, real };
}

const claimsOf = (subject: string, client: string) => ({
  sub: subject,
  client_id: client,
  aud: resource,
  exp: epoch + 1_000_000,
});

/** @returns What is wrong, when the fetch failed although the host is well, or the other way round. */
function noteFetch(facts: Facts, host: KeyHost, { type }: KeyEvent): string | undefined {
  const isLoaded = type === 'keys_loaded';
  const isPaused = host.mode === 'HTTP 503 with Retry-After';
  const fetch: Fetch = {
    at: facts.now,
    keys: isLoaded ? host.lastServed : undefined,
    pause: isPaused ? retryAfterSeconds : times.betweenFetches,
  };
  facts.keys.fetches += 1;
  facts.keys.lastFetch = fetch;
  if (isLoaded) facts.keys.lastGood = fetch;
  return isLoaded === servesKeys(host.mode)
    ? undefined
    : `${type} while the host was: ${host.mode}`;
}
