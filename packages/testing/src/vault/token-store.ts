import { randomBytes, randomUUID } from 'node:crypto';

/** A token with its lease. */
export interface StoredToken {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly displayName: string;
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly issuedAt: number;
  /** 0 for one that never ends. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
  /** In milliseconds of the server's clock. */
  endsAt: number;
}

type TokenParts = Pick<StoredToken, 'displayName' | 'path' | 'policies' | 'ttlSeconds'> &
  Partial<Pick<StoredToken, 'id' | 'metadata' | 'renewable'>>;

/** All tokens of a server. */
export interface TokenStore {
  issue(parts: TokenParts): StoredToken;
  /** `undefined` for one that is unknown, was revoked, or whose lease is over. */
  find(id: string): StoredToken | undefined;
  revoke(id: string): void;
  revokeAll(): void;
}

/** Creates a store without any token. */
export function createTokenStore(now: () => number): TokenStore {
  const tokens = new Map<string, StoredToken>();

  return {
    issue({ id, ttlSeconds, metadata = null, renewable = ttlSeconds > 0, ...parts }) {
      const issuedAt = now();
      const token: StoredToken = {
        ...parts,
        id: id ?? `hvs.${randomBytes(24).toString('base64url')}`,
        accessor: randomUUID(),
        metadata,
        issuedAt,
        ttlSeconds,
        renewable,
        endsAt: ttlSeconds === 0 ? Number.POSITIVE_INFINITY : issuedAt + ttlSeconds * 1_000,
      };
      tokens.set(token.id, token);
      return token;
    },

    find(id) {
      const token = tokens.get(id);
      return token !== undefined && now() < token.endsAt ? token : undefined;
    },

    revoke(id) {
      tokens.delete(id);
    },

    revokeAll() {
      tokens.clear();
    },
  };
}

/** For how much longer it is good, in whole seconds; 0 for one that never ends. */
export function remainingSeconds(token: StoredToken, now: number): number {
  return token.ttlSeconds === 0 ? 0 : Math.max(0, Math.floor((token.endsAt - now) / 1_000));
}
