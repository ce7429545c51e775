import type { Principal, UpstreamToken } from '@sallyport/core';

/**
 * What both MCP SDK lines hand to tools (`extra.authInfo`, `ctx.http.authInfo`). Structurally the
 * `AuthInfo` of `@modelcontextprotocol/sdk` and of `@modelcontextprotocol/server`.
 */
export interface AuthInfo {
  /** Always `[redacted]`: a tool must not be able to pass the client's token on. */
  token: string;
  clientId: string;
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
  /** The resource the token was verified for. */
  resource: URL;
  /** Where a client learns which scopes to ask for. Read by SDK v2. */
  resourceMetadataUrl: string;
  /** Who is calling. `subject` is unique within `issuer` only: key records on both. */
  extra: {
    issuer: string;
    subject: string;
    claims: Readonly<Record<string, unknown>>;
    /**
     * A token of the caller's for an API behind this server. There where the gate has a `tokenExchange`.
     *
     * @param target As it was declared there.
     * @throws What the exchange throws.
     */
    upstreamToken?: (target: string) => Promise<UpstreamToken>;
  };
}

/** Which server the principal was let into. */
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
