/** API keys that were seen before, with their records in memory. */
import { randomBytes } from 'node:crypto';
import { Secret } from '@sallyport/core';
import {
  type ApiKeyStore,
  type ApiKeyVerifier,
  createApiKeyRegistry,
  createApiKeyVerifier,
  type StoredKey,
} from '@sallyport/verifier-api-key';
import type { TokenCheck } from './contestant.ts';

/** The name of its package. */
export const apiKeysName = '@sallyport/verifier-api-key';

/** @returns Keys that the check accepts. */
export async function openApiKeys(count: number): Promise<{
  readonly keys: readonly string[];
  readonly verifier: ApiKeyVerifier;
  readonly check: TokenCheck;
}> {
  const options = {
    resource: 'https://mcp.acme-corp.dev/mcp',
    secret: new Secret(randomBytes(48).toString('base64url')),
    store: createMemoryStore(),
  };
  const registry = createApiKeyRegistry(options);
  const keys: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { key } = await registry.create({ owner: `owner-${index}`, scopes: ['notes:read'] });
    keys.push(key.reveal());
  }
  const verifier = createApiKeyVerifier(options);
  const { signal } = new AbortController();
  return {
    keys,
    verifier,
    check: (key) =>
      verifier.verify(key, {
        nowSeconds: Math.floor(Date.now() / 1_000),
        signal,
        allowRemote: true,
      }),
  };
}

function createMemoryStore(): ApiKeyStore {
  const records = new Map<string, StoredKey>();
  return {
    name: 'memory',
    isLocal: true,
    find: async (digest) => records.get(digest),
    list: async () => [...records.values()],
    add: async (record) => void records.set(record.digest, { record }),
    revoke: async () => false,
    touch: async () => {},
  };
}
