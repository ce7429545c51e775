/** What people see of a key. */
import type { KeySecret } from '../key/key-secrets.ts';
import { endOf, isSealed, type StoredKey } from './key-record.ts';

/** A key without its secret part, as lists show it. */
export interface ApiKeySummary {
  readonly id: string;
  /**
   * `ending`: it was rotated, and still valid. `unusable`: its record is for another resource, was made with a
   * secret that is no longer in use, or was changed by somebody else.
   */
  readonly status: 'active' | 'ending' | 'expired' | 'revoked' | 'unusable';
  readonly owner: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  /** Times are in seconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt?: number;
  readonly endsAt?: number;
  /** The last day on which the key was used, such as `2026-11-27` (UTC). Absent: never. */
  readonly usedOn?: string;
}

/** What the keys of a server have in common. */
export interface KeysInUse {
  readonly resource: string;
  /** The current secret, and the previous one if there is one. */
  readonly secrets: readonly KeySecret[];
}

export function summariseKey(
  stored: StoredKey,
  inUse: KeysInUse,
  nowSeconds: number,
): ApiKeySummary {
  const { record, ...rest } = stored;
  const { id, subject, clientId, scopes, resource, createdAt, expiresAt } = record;
  const about = { owner: subject, client: clientId, scopes, resource };
  return {
    id,
    status: statusOf(stored, inUse, nowSeconds),
    ...about,
    createdAt,
    expiresAt,
    ...rest,
  };
}

function statusOf(
  stored: StoredKey,
  { resource, secrets }: KeysInUse,
  nowSeconds: number,
): ApiKeySummary['status'] {
  const { record, revokedAt, endsAt } = stored;
  if (revokedAt !== undefined) return 'revoked';
  const isOwn = record.resource === resource && secrets.some((each) => isSealed(record, each));
  if (!isOwn) return 'unusable';
  if (nowSeconds >= endOf(stored)) return 'expired';
  return endsAt === undefined ? 'active' : 'ending';
}
