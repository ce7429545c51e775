/** The proxy under load: a gate as its README shows it, in front of the cheapest MCP server. */
import './probe.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createHttpUpstream } from '@sallyport/proxy';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { connectRedis, createRedisRateLimiter } from '@sallyport/rate-limit-redis';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';

/** What the program is told, as JSON in its first argument. */
export interface ProxyTask {
  readonly issuer: string;
  readonly keysUrl: string;
  readonly resource: string;
  readonly redisUrl: string;
  readonly upstreamUrl: string;
}

const task = JSON.parse(process.argv[2] ?? '') as ProxyTask;
const environment = detectEnvironment({ ENVIRONMENT: 'development' });
const client = await connectRedis({ url: task.redisUrl });
const guard = createGuard({
  verifier: createJwtVerifier({
    issuer: task.issuer,
    audience: task.resource,
    algorithms: ['RS256'],
    keys: remoteJwks({ url: task.keysUrl, environment }),
  }),
  rateLimiter: createRedisRateLimiter({ client, fallback: createMemoryRateLimiter() }),
  audit: { emit: () => {} },
  scopePolicy: createScopePolicy(),
  resourceMetadataUrl: protectedResourceMetadataUrl(task.resource),
  requiredScopes: [],
});
const gate = createMcpGate({
  resource: task.resource,
  authorizationServers: [task.issuer],
  guard,
  scopes: { tools: { hello: ['read:data'] } },
});
const upstream = createHttpUpstream({ url: task.upstreamUrl, permits: gate.permits });
// As `sallyport run` has it.
const limits = { headersTimeout: 10_000, requestTimeout: 30_000 };
const server = createServer(limits, nodeGate(gate, upstream.handle, { trustedProxyHops: 1 }));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('SIGTERM', () => {
  server.close(async () => {
    await Promise.all([guard.close(), upstream.close()]);
    client.disconnect();
  });
  server.closeAllConnections();
});
