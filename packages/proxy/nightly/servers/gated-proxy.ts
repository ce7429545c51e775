/** A gate with the trial server behind it, in a process of its own. It writes its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createStaticVerifier } from '@sallyport/verifier-static';
import { createCommandUpstream } from '../../src/index.ts';

const resource = 'http://127.0.0.1/mcp';
const guard = createGuard({
  verifier: createStaticVerifier({
    tokens: {
      'dev-token-of-a-quiet-caller': { clientId: 'quiet', scopes: [] },
      'dev-token-of-a-loud-caller': { clientId: 'loud', scopes: [] },
    },
    audience: resource,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    listenHost: '127.0.0.1',
  }),
  rateLimiter: createMemoryRateLimiter(),
  audit: { emit() {} },
  scopePolicy: createScopePolicy(),
  resourceMetadataUrl: protectedResourceMetadataUrl(resource),
  requiredScopes: [],
});
const gate = createMcpGate({
  resource,
  guard,
  authorizationServers: ['https://auth.example.com'],
  scopes: { tools: {} },
});
const upstream = createCommandUpstream({
  command: process.execPath,
  args: process.argv.slice(2),
  environment: process.env,
  maximumProcesses: 8,
});
const server = createServer(nodeGate(gate, upstream.handle));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', async () => {
  await upstream.close();
  process.exit(0);
});
