import {
  type AuditEvent,
  AuthError,
  type AuthorizationRule,
  createGuard,
  createScopePolicy,
  type Guard,
  type Principal,
  type TokenVerifier,
} from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { McpGateOptions } from '../src/gate/mcp-gate.ts';
import { createMcpGate, type McpGate, protectedResourceMetadataUrl } from '../src/index.ts';

export const resource = 'https://mcp.example.com/mcp';
export const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
export const issuer = 'https://auth.example.com';

/** Tokens are named after what they may do; every other one is bad. */
export const tokens = {
  none: 'token-without-scopes',
  read: 'token-that-may-read',
  write: 'token-that-may-write',
} as const;

const scopesOf: Readonly<Record<string, readonly string[]>> = {
  [tokens.none]: [],
  [tokens.read]: ['notes:read'],
  [tokens.write]: ['notes:read', 'notes:write'],
};

/** Who holds a token that may read. */
export const principal: Principal = principalOf(tokens.read);

function principalOf(token: string): Principal {
  const scopes = scopesOf[token];
  if (scopes === undefined) throw new AuthError('token_inactive');
  return Object.freeze({
    issuer,
    subject: 'user-1',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(scopes),
    expiresAt: 4_000_000_000,
    claims: { tenant: 't1' },
  });
}

export interface TestGuardOptions {
  readonly events?: AuditEvent[];
  readonly verify?: TokenVerifier['verify'];
  readonly rules?: readonly AuthorizationRule[];
}

export function createTestGuard({
  events = [],
  verify = async (token) => principalOf(token),
  rules = [],
}: TestGuardOptions = {}): Guard {
  return createGuard({
    verifier: { name: 'test', verify },
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
    audit: { emit: (event) => events.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    initialScopes: ['notes:read'],
    rules,
  });
}

export const gateOptions: Omit<McpGateOptions, 'guard'> = {
  resource,
  authorizationServers: [issuer],
  scopes: {
    tools: { whoami: [], list: ['notes:read'], delete: ['notes:read', 'notes:write'] },
  },
  allowedOrigins: ['https://inspector.example.com'],
  maximumBodyBytes: 100_000,
};

export function createTestGate(
  overrides: Partial<McpGateOptions> = {},
  events: AuditEvent[] = [],
): McpGate {
  return createMcpGate({ ...gateOptions, guard: createTestGuard({ events }), ...overrides });
}

export const toolCall = (name: string, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
});
