import {
  type AuditSink,
  assertScopes,
  ConfigError,
  type Environment,
  type Guard,
  type Principal,
} from '@sallyport/core';
import { protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';

const rollingSeconds = 3_600;

/** What an open guard is made of. */
export interface OpenGuardOptions {
  readonly resource: string;
  readonly environment: Environment;
  /** Every scope of the server: the one caller has them all. */
  readonly scopes: readonly string[];
  readonly audit: AuditSink;
}

/**
 * Lets everybody in as the same caller, who may do everything.
 *
 * @throws {ConfigError} In production.
 */
export function createOpenGuard(options: OpenGuardOptions): Guard {
  const { resource, environment, scopes, audit } = options;
  if (environment.isProduction) {
    throw new ConfigError(
      'protect.dangerouslyOmitAuthentication',
      'is refused in production: everybody could call every tool. Set issuer in its place, or ENVIRONMENT=development at your own machine',
    );
  }
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
