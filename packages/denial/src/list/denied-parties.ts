import { AuthError, type Principal } from '@sallyport/core';
import { type Denied, type PartyKind, partyOf } from './denied.ts';

/** The entries of one list, for lookup. */
export interface DeniedParties {
  readonly size: number;
  /** The refusal of a denied caller. */
  find(principal: Principal, nowSeconds: number): AuthError | undefined;
}

type Entries = ReadonlyMap<string, Denied>;

/** Indexes a list by issuer: a caller of an issuer without entries costs one lookup. */
export function indexDenied(denied: readonly Denied[]): DeniedParties {
  const issuers = new Map<string, Record<PartyKind, Map<string, Denied>>>();
  for (const entry of denied) {
    const { kind, id } = partyOf(entry);
    const ofIssuer = issuers.get(entry.issuer) ?? {
      token: new Map<string, Denied>(),
      subject: new Map<string, Denied>(),
      client: new Map<string, Denied>(),
    };
    issuers.set(entry.issuer, ofIssuer);
    const other = ofIssuer[kind].get(id);
    // Of two entries for one party, the one that ends later counts.
    if (other === undefined || endOf(other) < endOf(entry)) ofIssuer[kind].set(id, entry);
  }
  return {
    size: denied.length,

    find({ issuer, subject, clientId, claims }, nowSeconds) {
      const ofIssuer = issuers.get(issuer);
      if (ofIssuer === undefined) return undefined;
      const { jti } = claims;
      const token = typeof jti === 'string' && inForce(ofIssuer.token, jti, nowSeconds);
      if (token) return new AuthError('token_denied', { detail: `denied: ${token.reason}` });
      const caller =
        inForce(ofIssuer.subject, subject, nowSeconds) ??
        inForce(ofIssuer.client, clientId, nowSeconds);
      return caller && new AuthError('caller_denied', { detail: `denied: ${caller.reason}` });
    },
  };
}

function inForce(entries: Entries, id: string, nowSeconds: number): Denied | undefined {
  const entry = entries.get(id);
  return entry !== undefined && nowSeconds < endOf(entry) ? entry : undefined;
}

function endOf({ until = Number.POSITIVE_INFINITY }: Denied): number {
  return until;
}
