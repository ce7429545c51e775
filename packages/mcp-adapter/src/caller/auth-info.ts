import type { Principal, UpstreamToken } from '@sallyport/core';

/**
 * What both MCP SDK lines hand to tools (`extra.authInfo`, `ctx.http.authInfo`). Structurally the
 * `AuthInfo` of `@modelcontextprotocol/sdk` and of `@modelcontextprotocol/server`.
 */
export interface AuthInfo {
  /** `[redacted]`, unless the gate has `exposeToken`. So a tool cannot pass the client's token on. */
  token: string;
  clientId: string;
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
  /** The resource the token was verified for. */
  resource: URL;
  /** Where a client learns which scopes to ask for. Read by SDK v2. */
  resourceMetadataUrl: string;
  /** The caller. `subject` is unique only within `issuer`: use both as the key of records. */
  extra: {
    issuer: string;
    subject: string;
    claims: Readonly<Record<string, unknown>>;
    /**
     * Gets a token of the caller for an API behind this server. Absent when the gate has no `tokenExchange`.
     *
     * @param target A name of `targets` of the token exchange.
     * @throws The errors of the token exchange, and a `ConfigError` for a caller with an API key.
     */
    upstreamToken?: (target: string) => Promise<UpstreamToken>;
  };
}

/** The server that admitted the principal. */
export interface AuthInfoContext {
  readonly resource: string;
  readonly resourceMetadataUrl: string;
}

/** Turns a principal into the SDKs' shape. */
export function toAuthInfo(principal: Principal, context: AuthInfoContext): AuthInfo {
  const { issuer, subject, clientId, scopes, expiresAt, claims } = principal;
  return {
    token: '[redacted]',
    clientId,
    scopes: [...scopes],
    expiresAt,
    // Made only for who asks, and for each anew: it can be changed.
    get resource() {
      return new URL(context.resource);
    },
    resourceMetadataUrl: context.resourceMetadataUrl,
    extra: { issuer, subject, claims },
  };
}
