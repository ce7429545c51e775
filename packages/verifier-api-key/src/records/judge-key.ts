/** From a record to a verdict. What depends on the time is decided at every request, the rest once. */
import { AuthError, type AuthErrorCode, type Principal } from '@sallyport/core';
import type { KeySecret } from '../key/key-secrets.ts';
import { endOf, isSealed, type StoredKey, type UnreadableKey } from './key-record.ts';

/** The issuer of every principal. */
const keyIssuer = 'urn:sallyport:api-key';

/** A key that was read, with what no later request can change. */
export type JudgedKey = RefusedKey | AcceptedKey;

interface RefusedKey {
  readonly refusal: { readonly code: AuthErrorCode; readonly detail: string };
  /** Whether that can never change again. */
  readonly isFinal?: true;
  /** The id of a record that was changed without the secret. */
  readonly changed?: string;
}

interface AcceptedKey {
  readonly refusal?: never;
  readonly isFinal?: never;
  readonly changed?: never;
  readonly id: string;
  /** Seconds since the epoch: when the key expires, or when its overlap after a rotation ends. */
  readonly endsAt: number;
  readonly scopes: readonly string[];
  readonly principal: Omit<Principal, 'scopes'>;
}

/** @param secret The one that the digest of the record was made with. */
export function judgeKey(
  stored: StoredKey | UnreadableKey,
  secret: KeySecret,
  resource: string,
): JudgedKey {
  if ('unreadable' in stored) {
    // Not the fault of the key.
    return refuse('upstream_unavailable', `API keys: ${stored.unreadable}`);
  }
  const { record, revokedAt } = stored;
  if (!isSealed(record, secret)) {
    const refused = refuse('token_inactive', 'API key: somebody changed its record');
    return { ...refused, changed: record.id };
  }
  if (record.resource !== resource) {
    return refuse('token_audience_mismatch', 'API key: it is for another resource');
  }
  if (revokedAt !== undefined) {
    return { ...refuse('token_inactive', `API key ${record.id}: revoked`), isFinal: true };
  }
  const endsAt = endOf(stored);
  return {
    id: record.id,
    endsAt,
    scopes: record.scopes,
    principal: {
      issuer: keyIssuer,
      subject: record.subject,
      clientId: record.clientId,
      audience: Object.freeze([resource]),
      expiresAt: endsAt,
      claims: Object.freeze({ jti: record.id }),
    },
  };
}

function refuse(code: AuthErrorCode, detail: string): RefusedKey {
  return { refusal: { code, detail } };
}

/** @throws {AuthError} When the key is refused now. */
export function principalOf(key: JudgedKey, nowSeconds: number): Principal {
  if (key.refusal !== undefined) {
    const { code, detail } = key.refusal;
    throw new AuthError(code, { detail });
  }
  const { id, endsAt, principal, scopes } = key;
  // Negated, so that a clock that gives no number ends every key.
  if (!(nowSeconds < endsAt)) {
    const late = Math.floor(nowSeconds - endsAt);
    throw new AuthError('token_expired', {
      detail: `API key ${id}: ended ${late} seconds ago; make a new one: sallyport keys rotate`,
    });
  }
  // One for each principal: a `Set` cannot be frozen.
  return Object.freeze({ ...principal, scopes: new Set(scopes) });
}
