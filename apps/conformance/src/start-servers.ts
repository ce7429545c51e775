/** The same server as it is, behind the gate, and as an upstream of the gate. Every request has a token. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { localhostAllowedHostnames, validateHostHeader } from '@modelcontextprotocol/server';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import { createCommandUpstream, createHttpUpstream } from '@sallyport/proxy';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { startAuthorizationServer } from '@sallyport/testing';
import { createJwtVerifier, discoverJwks } from '@sallyport/verifier-jwt';
import { createHandlerV1 } from './server-v1.ts';
import { createHandlerV2 } from './server-v2.ts';
import { createTokenProxy } from './token-proxy.ts';

/** A requirement set of the suite, and the server of the SDK line that speaks this revision. */
export const revisions = {
  '2025-11-25': createHandlerV1,
  '2026-07-28': () => toNodeHandler(createHandlerV2()),
} as const satisfies Readonly<Record<string, () => GatedHandler>>;

export type Revision = keyof typeof revisions;

/** Four addresses for one server. */
export interface StartedServers {
  readonly bare: string;
  readonly gated: string;
  /** The bare server, as the upstream of a gate. */
  readonly proxied: string;
  /** The same server as a command, which speaks stdio. */
  readonly launched: string;
  stop(): Promise<void>;
}

const stdioServer = fileURLToPath(new URL('stdio-server.ts', import.meta.url));

export async function startServers(revision: Revision): Promise<StartedServers> {
  const bare = await listen(createServer(withoutGate(revisions[revision]())));
  const upstream = createHttpUpstream({ url: urlOf(bare) });
  const gated = await startGated(revisions[revision]());
  const proxied = await startGated(upstream.handle);
  const command = createCommandUpstream({
    command: process.execPath,
    args: ['--no-warnings', stdioServer, revision],
    environment: {},
    startTimeoutSeconds: 120,
    maximumProcesses: 200,
    maximumProcessesPerCaller: 200,
  });
  const launched = await startGated(command.handle);
  return {
    bare: urlOf(bare),
    gated: gated.url,
    proxied: proxied.url,
    launched: launched.url,

    async stop() {
      for (const server of [gated, proxied, launched]) await server.stop();
      await command.close();
      await upstream.close();
      bare.closeAllConnections();
      bare.close();
    },
  };
}

/** A server behind the gate, at an address that needs no token. */
async function startGated(
  handler: GatedHandler,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  let serverPort = 0;
  let token = '';
  const proxy = await listen(
    createTokenProxy(
      () => serverPort,
      () => token,
    ),
  );
  const resource = urlOf(proxy);
  const local = await startAuthorizationServer({ resources: [{ resource, scopes: ['use'] }] });
  token = await local.issueToken({ resource, scopes: ['use'], subject: 'suite' });
  const environment = detectEnvironment({ ENVIRONMENT: 'test' });
  const guard = createGuard({
    verifier: createJwtVerifier({
      issuer: local.issuer,
      audience: resource,
      algorithms: ['RS256'],
      keys: discoverJwks({ issuer: local.issuer, environment }),
    }),
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 10, windowSeconds: 60 }),
    audit: { emit() {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: ['use'],
  });
  const gate = createMcpGate({
    resource,
    authorizationServers: [local.issuer],
    guard,
    scopes: { tools: {} },
  });
  const gated = await listen(createServer(nodeGate(gate, handler)));
  serverPort = portOf(gated);
  return {
    url: resource,

    async stop() {
      for (const server of [proxy, gated]) {
        server.closeAllConnections();
        server.close();
      }
      await guard.close();
      await local.stop();
    },
  };
}

/** What a server without a gate has to do itself: look at `Host` and `Origin`, and read the body. */
function withoutGate(handler: GatedHandler): RequestListener {
  return async (request, response) => {
    const host = validateHostHeader(request.headers.host, localhostAllowedHostnames());
    const { origin } = request.headers;
    const isForeign =
      origin !== undefined && !localhostAllowedHostnames().includes(new URL(origin).hostname);
    if (!host.ok || isForeign) {
      response.writeHead(403).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    await handler(request as Parameters<GatedHandler>[0], response, parse(text));
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const urlOf = (server: Server) => `http://localhost:${portOf(server)}/mcp`;
