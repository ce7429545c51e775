/** A proxy on a real socket, in front of any upstream. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AuthError,
  createGuard,
  createScopePolicy,
  type EventListener,
  type OperationalEvent,
} from '@sallyport/core';
import {
  createMcpGate,
  type McpGate,
  type McpGateOptions,
  protectedResourceMetadataUrl,
} from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createHttpUpstream, type HttpUpstream, type HttpUpstreamOptions } from '../src/index.ts';

export const resource = 'https://mcp.example.com/mcp';
export const issuer = 'https://auth.example.com';

/** A token names its subject and scopes. All others are bad. A token has no colon (RFC 6750 §2.1). */
export const tokenOf = (subject: string, ...scopes: string[]) =>
  `token-of-${subject}~${scopes.join('+').replaceAll(':', '_')}`;

export const alice: string = tokenOf('alice', 'notes:read');
export const bob: string = tokenOf('bob', 'notes:read');

const tokenForm = /^token-of-([a-z0-9-]+)~(.*)$/;

/** A gate for any number of callers. */
export function createTestGate(overrides: Partial<McpGateOptions> = {}): McpGate {
  const guard = createGuard({
    verifier: {
      name: 'test',
      async verify(token) {
        const [, subject, scopes = ''] = tokenForm.exec(token) ?? [];
        if (subject === undefined) throw new AuthError('token_inactive');
        return Object.freeze({
          issuer,
          subject,
          clientId: 'client-1',
          audience: [resource],
          scopes: new Set(scopes.replaceAll('_', ':').split('+').filter(Boolean)),
          expiresAt: 4_000_000_000,
          claims: {},
        });
      },
    },
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
  });
  return createMcpGate({
    resource,
    authorizationServers: [issuer],
    guard,
    scopes: { tools: {}, otherTools: ['notes:read'] },
    ...overrides,
  });
}

/** A proxy that listens. */
export interface TestProxy {
  readonly url: URL;
  readonly upstream: HttpUpstream;
  readonly events: OperationalEvent[];
  readonly server: Server;
  stop(): Promise<void>;
}

/** Starts a gate with an HTTP upstream behind it. */
export async function startProxy(
  options: HttpUpstreamOptions,
  gate: McpGate = createTestGate(),
): Promise<TestProxy> {
  const events: OperationalEvent[] = [];
  const onEvent: EventListener = (event) => events.push(event);
  const upstream = createHttpUpstream({ onEvent, ...options });
  const gated = nodeGate(gate, upstream.handle);
  const server = createServer((request, response) => {
    if (!upstream.serveKeySet(request, response)) void gated(request, response);
  });
  // A busy machine would close connections just when a test uses them again.
  server.keepAliveTimeout = 120_000;
  const url = await listen(server, '/mcp');
  return {
    url,
    upstream,
    events,
    server,
    async stop() {
      await upstream.close();
      await stopServer(server);
    },
  };
}

/** @returns The URL of a path on it. */
export async function listen(
  server: {
    listen(port: number, host: string): unknown;
    address(): string | AddressInfo | null;
  } & NodeJS.EventEmitter,
  path = '',
): Promise<URL> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
}

export async function stopServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

/** Posts a message as a client of the proxy. */
export function post(
  url: URL,
  body: unknown,
  { token = alice, headers = {}, signal }: PostOptions = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
}

export interface PostOptions {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export const call = (name = 'echo', id: unknown = 1, given: unknown = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});
export const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
