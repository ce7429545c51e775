import {
  type AuditSink,
  assertScopes,
  ConfigError,
  type Guard,
  type Principal,
} from '@sallyport/core';
import { protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';

const rollingSeconds = 3_600;

/** Lets everybody in as the same person, who may do everything: `DANGEROUSLY_OMIT_AUTH=true`. */
export function createOpenGuard(
  resource: string,
  scopes: readonly string[],
  audit: AuditSink,
): Guard {
  if (!URL.canParse(resource)) throw new ConfigError('gate.resource', 'must be an absolute URL');
  const issuer = new URL(resource).origin;
  assertScopes('guard.initialScopes', scopes);

  const anybody = (): Principal =>
    Object.freeze({
      issuer,
      subject: 'anybody',
      clientId: 'anybody',
      audience: Object.freeze([resource]),
      scopes: new Set(scopes),
      expiresAt: Math.floor(Date.now() / 1_000) + rollingSeconds,
      claims: Object.freeze({}),
    });

  return {
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    initialScopes: scopes,
    authenticate: async () => ({ ok: true, principal: anybody() }),
    recheck: async () => ({ ok: true, principal: anybody() }),

    authorize(principal, { name }) {
      audit.emit({ at: Date.now(), event: 'authorized', verifier: 'none', operation: name });
      return { ok: true, principal };
    },

    permits: () => true,

    async close() {},
  };
}
