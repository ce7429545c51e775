import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

// Per kind of entry, so that a flood of tokens does not displace the registered clients.
const maxEntries = 5_000;

/**
 * Keeps what one server issued. Several providers, one after the other, can share it: that is how
 * clients and grants survive a key rotation.
 */
export function createMemoryStore(): AdapterFactory {
  const kinds = new Map<string, Map<string, Entry>>();

  return (kind) => {
    const entries = kinds.get(kind) ?? new Map<string, Entry>();
    kinds.set(kind, entries);
    return createAdapter(entries);
  };
}

function createAdapter(entries: Map<string, Entry>): Adapter {
  function findLive(id: string): AdapterPayload | undefined {
    const entry = entries.get(id);
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.payload;
    entries.delete(id);
    return undefined;
  }

  function findBy(member: 'uid' | 'userCode', value: string): AdapterPayload | undefined {
    for (const [id, { payload }] of entries) {
      if (payload[member] === value) return findLive(id);
    }
    return undefined;
  }

  return {
    async upsert(id, payload, expiresInSeconds = Number.POSITIVE_INFINITY) {
      // Deleted first: a Map keeps the place of an entry that is only overwritten.
      entries.delete(id);
      entries.set(id, { payload, expiresAtMs: Date.now() + expiresInSeconds * 1_000 });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },

    async find(id) {
      return findLive(id);
    },

    async findByUid(uid) {
      return findBy('uid', uid);
    },

    async findByUserCode(userCode) {
      return findBy('userCode', userCode);
    },

    async consume(id) {
      const payload = findLive(id);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
    },

    async destroy(id) {
      entries.delete(id);
    },

    async revokeByGrantId(grantId) {
      for (const [id, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(id);
      }
    },
  };
}
