/** One run: the gate, its services in their first state, and the facts. */
import type { KeyObject } from 'node:crypto';
import { createEmptyList, type DenialStore } from '@sallyport/denial';
import { createRedisDenialStore } from '@sallyport/denial/redis';
import { type ApiKeyRegistry, createApiKeyRegistry } from '@sallyport/verifier-api-key';
import type { KeyEvent } from '@sallyport/verifier-jwt';
import { describeOpaque, type Issued } from './credentials.ts';
import {
  createFacts,
  epoch,
  type Facts,
  type Fetch,
  issuers,
  type KeyStoreName,
  keyStoreNames,
  times,
} from './facts.ts';
import { type KeyHost, retryAfterSeconds, servesKeys } from './key-host.ts';
import { type KeyStores, openKeyStores } from './key-stores.ts';
import { type Site, startSite } from './site.ts';
import { resource, type Secrets, type Services } from './site-options.ts';

/** What the steps of a run use. */
export interface Run {
  readonly site: Site;
  readonly services: Services;
  readonly secrets: Secrets;
  readonly signingKeys: ReadonlyMap<string, KeyObject>;
  /** Where operators deny callers. */
  readonly denied: DenialStore;
  readonly keyStores: KeyStores;
  /** Makes and revokes API keys with the secret of this number. */
  registry(secret: number, store: KeyStoreName): ApiKeyRegistry;
  /** Every credential that was sent so far. */
  readonly sent: Issued[];
  readonly apiKeys: Issued[];
  readonly opaque: Issued[];
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
const opaqueCount = 2;

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
  introspectionHost.now = () => epoch + facts.now;
  const denied = createRedisDenialStore({ client: redis.direct, key: `${prefix}denial` });
  await createEmptyList(denied, epoch * 1_000);
  const keyStores = await openKeyStores({
    ...{ direct: redis.direct, resource, prefix: `${prefix}keys:` },
  });
  const faults: string[] = [];
  const site = await startSite({
    ...{ facts, services, secrets, prefix, keyFilePath: keyStores.path },
    onKeyFetch(event) {
      const fault = noteFetch(facts, keyHost, event);
      if (fault !== undefined) faults.push(fault);
    },
  });
  let addresses = 0;
  const real: Run = {
    ...{ site, services, secrets, signingKeys, denied, keyStores, counts, faults },
    sent: [],
    apiKeys: [],
    opaque: [],

    registry: (secret, store) =>
      createApiKeyRegistry({
        resource,
        secret: secrets.apiKey(secret),
        store: keyStores.stores[store],
        now: () => facts.wall * 1_000,
      }),

    freshAddress() {
      addresses += 1;
      return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
    },

    async close() {
      if (!facts.redis.isWell) await redis.restore();
      await site.close();
      await keyStores.close();
    },
  };
  for (let index = 0; index < opaqueCount; index += 1) {
    real.opaque.push(issueOpaque(facts, real, 1_000_000));
  }
  for (const store of keyStoreNames) await createApiKey(facts, real, store);
  return { model: facts, real };
}

/** Issues a token that no other one has the name of. */
export function issueOpaque(facts: Facts, run: Run, seconds: number): Issued {
  const { tokens } = facts.introspection;
  const caller = describeOpaque(tokens.size);
  const { subject, client } = caller;
  const expiresAt = epoch + Math.floor(facts.now) + seconds;
  const token = `${subject}-${run.secrets.client(1_000 + tokens.size)}`;
  tokens.set(subject, { isActive: true, expiresAt });
  run.services.introspectionHost.active.set(token, {
    ...{ sub: subject, client_id: client, aud: resource, exp: expiresAt },
  });
  return { token, credential: { kind: 'opaque', ...caller } };
}

export async function createApiKey(facts: Facts, run: Run, store: KeyStoreName): Promise<void> {
  const { secret, keys } = facts.apiKeys;
  const subject = `owner-${run.apiKeys.length}`;
  const { id, key } = await run.registry(secret, store).create({ owner: subject, scopes: [] });
  const caller = { issuer: issuers.apiKey, subject, client: subject, token: id };
  keys.set(id, { secret, store });
  run.apiKeys.push({ token: key.reveal(), credential: { kind: 'api key', store, ...caller } });
}

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
