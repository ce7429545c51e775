/** The composition: verifier, limiter, scopes and audit into the gate of the notes server. */
import {
  type AuditSink,
  createGuard,
  createScopePolicy,
  type Guard,
  type RateLimiter,
} from '@sallyport/core';
import { createMcpGate, type McpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { toolScopes } from './notes-server.ts';
import type { Settings } from './settings.ts';
import type { SignIn } from './sign-in.ts';

/** @throws {ConfigError} When the settings do not fit together. */
export function createNotesGate(
  settings: Settings,
  { verifier, authorizationServer }: SignIn,
  resource: string,
  audit: AuditSink,
): { readonly gate: McpGate; readonly guard: Guard } {
  const { requiredScopes, rateLimit, authorizationServers, environment } = settings;
  const guard = createGuard({
    verifier,
    rateLimiter: rateLimit === undefined ? unlimited : createMemoryRateLimiter(rateLimit),
    audit,
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes,
    initialScopes: [...new Set([...requiredScopes, 'read:data'])],
  });
  const [first = authorizationServer, ...others] = authorizationServers;
  const gate = createMcpGate({
    resource,
    authorizationServers: [first, ...others],
    guard,
    scopes: { tools: toolScopes },
    resourceName: 'Sallyport reference: notes',
    // The Inspector's page, on a developer's machine.
    ...(!environment.isProduction && {
      allowedOrigins: ['http://localhost:6274', 'http://127.0.0.1:6274'],
    }),
  });
  return { gate, guard };
}

const within = { allowed: true, retryAfterSeconds: 0 };

/** For `FASTMCP_SERVER_AUTH_RATE_LIMIT_ENABLED=false`. */
const unlimited: RateLimiter = {
  peek: async () => within,
  countFailure: async () => within,
};
