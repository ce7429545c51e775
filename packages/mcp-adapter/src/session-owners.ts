/**
 * To whom the sessions of older protocol revisions belong. A session id is no credential: with somebody
 * else's token it must lead nowhere (MCP security best practices, "Session Hijacking").
 */
import type { Principal } from '@sallyport/core';

/** Issuer, subject and client together: what stays the same when a token is refreshed. */
type Owner = string;

/** Which sessions were opened through the gate, and by whom. */
export interface SessionOwners {
  bind(sessionId: string, principal: Principal): void;
  owns(sessionId: string, principal: Principal): boolean;
}

// So that one owner cannot push out the sessions of all others.
const leastOfOne = 10;
const shareOfOne = 0.01;

/**
 * Remembers sessions in memory, as the SDKs keep them. What is forgotten nobody owns, and its client
 * begins a new session.
 *
 * In two generations: what was not used while a half of them was comes to nothing. To forget one at a
 * time, always the oldest, would cost more the more there are.
 *
 * @param maximumSessions As many are remembered at most, and of those that were used last a half at
 *   least; of one owner the last hundredth of them, or the last ten.
 */
export function createSessionOwners(maximumSessions: number): SessionOwners {
  const half = Math.ceil(maximumSessions / 2);
  const maximumOfOne = Math.max(leastOfOne, Math.ceil(maximumSessions * shareOfOne));
  let recent = new Map<string, Owner>();
  let older = new Map<string, Owner>();
  // Of the recent ones.
  let sessionsOf = new Map<Owner, Set<string>>();

  function keep(sessionId: string, owner: Owner): void {
    const own = sessionsOf.get(owner) ?? new Set<string>();
    own.add(sessionId);
    sessionsOf.set(owner, own);
    recent.set(sessionId, owner);
    if (own.size > maximumOfOne) forgetOldest(own, owner);
    if (recent.size < half) return;
    older = recent;
    recent = new Map();
    sessionsOf = new Map();
  }

  function forgetOldest(own: Set<string>, owner: Owner): void {
    const [oldest = ''] = own;
    own.delete(oldest);
    if (recent.get(oldest) === owner) recent.delete(oldest);
  }

  return {
    bind: (sessionId, principal) => keep(sessionId, ownerOf(principal)),

    owns(sessionId, principal) {
      const owner = recent.get(sessionId) ?? older.get(sessionId);
      if (owner === undefined || owner !== ownerOf(principal)) return false;
      if (!recent.has(sessionId)) keep(sessionId, owner);
      return true;
    },
  };
}

function ownerOf({ issuer, subject, clientId }: Principal): Owner {
  return JSON.stringify([issuer, subject, clientId]);
}
