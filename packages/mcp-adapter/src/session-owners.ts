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

/**
 * Remembers sessions in memory, as the SDKs keep them. What is forgotten nobody owns, and its client
 * begins a new session.
 *
 * @param maximumSessions Beyond this, those that were not used for longest are forgotten.
 */
export function createSessionOwners(maximumSessions: number): SessionOwners {
  // A Map keeps the order of insertion, so the first one was not used for longest.
  const owners = new Map<string, Owner>();

  function keep(sessionId: string, owner: Owner): void {
    owners.delete(sessionId);
    owners.set(sessionId, owner);
    const [oldest] = owners.size > maximumSessions ? owners.keys() : [];
    if (oldest !== undefined) owners.delete(oldest);
  }

  return {
    bind: (sessionId, principal) => keep(sessionId, ownerOf(principal)),

    owns(sessionId, principal) {
      const owner = owners.get(sessionId);
      if (owner === undefined || owner !== ownerOf(principal)) return false;
      keep(sessionId, owner);
      return true;
    },
  };
}

function ownerOf({ issuer, subject, clientId }: Principal): Owner {
  return JSON.stringify([issuer, subject, clientId]);
}
