import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
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

const gate = createMcpGate({
  resource,
  authorizationServers: ['https://auth.example.com'],
  guard,
  scopes: { tools: { hello: ['read:data'] } },
});

// One for all servers: a server is made for each request, and would make its own.
const jsonSchemaValidator = new AjvJsonSchemaValidator();

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'hello', version: '1.0.0' }, { jsonSchemaValidator });
  server.registerTool('hello', { description: 'Greets the client' }, ({ http }) => ({
    content: [{ type: 'text', text: `Hello, ${http?.authInfo?.clientId}!` }],
  }));
  return server;
});

export const server = createServer(nodeGate(gate, toNodeHandler(handler)));
server.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1');
