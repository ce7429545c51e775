import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createStaticVerifier } from '@sallyport/verifier-static';

const resource = 'http://localhost:8000/mcp';

const guard = createGuard({
  // In production: createJwtVerifier of @sallyport/verifier-jwt.
  verifier: createStaticVerifier({
    tokens: { 'dev-token-12345': { clientId: 'me', scopes: ['read:data'] } },
    audience: resource,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    listenHost: '127.0.0.1',
  }),
  rateLimiter: createMemoryRateLimiter({ maximumAttempts: 10, windowSeconds: 60 }),
  audit: { emit: (event) => process.stdout.write(`${JSON.stringify(event)}\n`) },
  scopePolicy: createScopePolicy(),
  resourceMetadataUrl: protectedResourceMetadataUrl(resource),
  requiredScopes: [],
  initialScopes: ['read:data'],
});

export const gate = createMcpGate({
  resource,
  authorizationServers: ['https://auth.example.com'],
  guard,
  scopes: { tools: { hello: ['read:data'] } },
});
