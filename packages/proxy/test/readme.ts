import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createHttpUpstream } from '@sallyport/proxy';
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
});
const gate = createMcpGate({
  resource,
  authorizationServers: ['https://auth.example.com'],
  guard,
  scopes: { tools: { hello: ['read:data'] } },
});

// The server to protect, in any language.
const upstream = createHttpUpstream({
  url: process.env['UPSTREAM_URL'] ?? 'http://127.0.0.1:9000/mcp',
  permits: gate.permits,
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});

const gated = nodeGate(gate, upstream.handle);
export const server = createServer((request, response) => {
  if (!upstream.serveKeySet(request, response)) gated(request, response);
});
server.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1');
await once(server, 'listening');
