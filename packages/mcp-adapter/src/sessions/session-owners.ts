/**
 * Binds the sessions of older protocol revisions to their callers. A session id is not a credential: it must be
 * useless with the token of another caller (MCP security best practices, "Session Hijacking").
 */
import type { EventListener, Secret } from '@sallyport/core';
import { createSessionProof, isProvenForm, type SessionOwner } from './session-proof.ts';

/** How the gate treats the `Mcp-Session-Id` of a request. */
type SessionClaim =
  /** The caller's own session. The server sees its own id. */
  | { readonly kind: 'own'; readonly serverId: string }
  /** The request passes as one without a session: the server does not see the field. */
  | { readonly kind: 'hidden' }
  /** The request is answered with 404. */
  | { readonly kind: 'unknown' };

/** What decides about a session id besides the id. */
interface SessionRequest {
  /** Every `Mcp-Session-Id` of the request. */
  readonly claimed: readonly string[];
  readonly owner: SessionOwner;
  /** Whether the request begins a session, or its revision has none: then no id counts. */
  readonly ignoresSession: boolean;
}

/** Verifies the owners of sessions. It stores no sessions. */
export interface SessionOwners {
  claim(request: SessionRequest): SessionClaim;
  /**
   * Makes the ids that one answer hands to its client. It takes the server's value of
   * `Mcp-Session-Id`, and returns `undefined` for an invalid id: the answer then has no such field.
   * A value that it returned itself stays as it is.
   */
  prover(owner: SessionOwner): ProveSession;
  /** @throws {ConfigError} When the secret is too short. */
  replaceSecret(next: Secret): void;
}

/** See {@link SessionOwners.prover}. */
export type ProveSession = (serverValue: unknown) => string | undefined;

/** Options for {@link createSessionOwners}. */
export interface SessionOwnersOptions {
  /** Shared by all instances. Default: random, for this process alone. */
  readonly secret: Secret | undefined;
  /** Never throws. */
  readonly report: EventListener;
  /** Clock, in milliseconds. */
  readonly now: () => number;
}

// Visible ASCII, as MCP demands.
const sessionId = /^[\x21-\x7e]{1,2048}$/;

/** @throws {ConfigError} When the secret is too short. */
export function createSessionOwners({ secret, report, now }: SessionOwnersOptions): SessionOwners {
  const proof = createSessionProof(secret, now);
  let isShared = secret !== undefined;
  let hasSessions = false;
  let hasRefused = false;

  function noteSession(): void {
    if (!hasSessions && !isShared) report({ type: 'session_secret_missing' });
    hasSessions = true;
  }

  function noteRefused(): void {
    if (!hasRefused) report({ type: 'session_id_refused' });
    hasRefused = true;
  }

  return {
    claim({ claimed, owner, ignoresSession }) {
      if (ignoresSession || claimed.length === 0) return { kind: 'hidden' };
      const [only = ''] = claimed;
      // With several values, it is unknown which one the server would use.
      const serverId = claimed.length === 1 ? proof.verify(only, owner) : undefined;
      if (serverId !== undefined && sessionId.test(serverId)) return { kind: 'own', serverId };
      return hasSessions || claimed.some(hasProvenForm) ? { kind: 'unknown' } : { kind: 'hidden' };
    },

    prover(owner) {
      const proven = new Set<string>();
      return (serverValue) => {
        const value = onlyValue(serverValue);
        if (typeof value !== 'string' || !sessionId.test(value)) {
          noteRefused();
          return undefined;
        }
        if (proven.has(value)) return value;
        noteSession();
        const id = proof.prove(value, owner);
        proven.add(id);
        return id;
      };
    },

    replaceSecret(next) {
      proof.replaceSecret(next);
      isShared = true;
    },
  };
}

/** Some hosts join several fields by commas. */
function hasProvenForm(value: string): boolean {
  return value.split(',').some((part) => isProvenForm(part.trim()));
}

function onlyValue(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
