import type { AuthError, Principal, RuleRequest } from '@sallyport/core';

/** A caller, by its claims. */
export function principalOf(claims: Partial<Principal> = {}): Principal {
  return {
    issuer: 'https://auth.example.com',
    subject: 'user-1',
    clientId: 'client-1',
    audience: ['https://mcp.example.com/mcp'],
    scopes: new Set(),
    expiresAt: 2_000_000_000,
    claims: {},
    ...claims,
  };
}

/** A message that calls a tool. */
export function callOf(tool: unknown): object {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {} } };
}

/** What the guard asks a rule. */
export function requestOf(message: unknown, claims: Partial<Principal> = {}): RuleRequest {
  return {
    principal: principalOf(claims),
    operation: { name: 'tools/call', scopes: [], message },
    clientKey: '192.0.2.1',
    nowSeconds: 0,
    signal: undefined,
  };
}

/** The seconds to wait, and 0 for a call that is allowed. */
export function waitOf(refusal: AuthError | undefined): number {
  return refusal === undefined ? 0 : (refusal.retryAfterSeconds ?? Number.NaN);
}
