/** A gate with a command behind it, on a real socket, and clients of both SDK lines. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as v2 from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  AuthError,
  createGuard,
  createScopePolicy,
  type OperationalEvent,
  type Secret,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { onTestFinished } from 'vitest';
import {
  type CommandUpstreamOptions,
  createCommandUpstream,
  type Upstream,
} from '../../src/index.ts';

export const trialServer: string = fileURLToPath(
  new URL('./servers/trial-server.mjs', import.meta.url),
);

/** The one token that is refused nowhere is made of the caller's name. */
export const tokenOf = (caller: string): string => `token-of-${caller}-for-the-tests`;

export interface Running {
  readonly url: URL;
  readonly upstream: Upstream;
  readonly events: OperationalEvent[];
  post(body: unknown, given?: PostOptions): Promise<Response>;
}

export interface PostOptions {
  readonly caller?: string;
  readonly session?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly method?: string;
}

export type TrialOptions = Partial<CommandUpstreamOptions> & {
  readonly flags?: readonly string[];
  /** Instances that share it verify each other's session ids. */
  readonly sessionSecret?: Secret;
};

/** Starts a gate whose upstream is the trial server, unless `options` name another command. */
export async function start({
  flags = [],
  sessionSecret,
  ...options
}: TrialOptions = {}): Promise<Running> {
  const events: OperationalEvent[] = [];
  const upstream = createCommandUpstream({
    command: process.execPath,
    args: [trialServer, ...flags],
    environment: process.env,
    onEvent: (event) => events.push(event),
    maximumProcesses: 16,
    // A busy machine starts a process slowly.
    startTimeoutSeconds: 90,
    maximumProcessesPerCaller: 8,
    drainSeconds: 0,
    ...options,
  });
  const { url, server } = await serve(upstream, sessionSecret);
  onTestFinished(async () => {
    await upstream.close();
    server.closeAllConnections();
    server.close();
  });
  return { url, upstream, events, post: (body, given) => post(url, body, given) };
}

async function serve(
  upstream: Upstream,
  sessionSecret: Secret | undefined,
): Promise<{ readonly url: URL; readonly server: Server }> {
  const resource = 'http://127.0.0.1/mcp';
  const gate = createMcpGate({
    resource,
    guard: createGuard({
      verifier: {
        name: 'test',
        async verify(token) {
          const [, subject] = /^token-of-([a-z0-9]+)-for-the-tests$/.exec(token) ?? [];
          if (subject === undefined) throw new AuthError('token_inactive');
          return Object.freeze({
            issuer: 'https://auth.example.com',
            subject,
            clientId: 'client-1',
            audience: [resource],
            scopes: new Set<string>(),
            expiresAt: 4_000_000_000,
            claims: {},
          });
        },
      },
      rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
      audit: { emit() {} },
      scopePolicy: createScopePolicy(),
      resourceMetadataUrl: protectedResourceMetadataUrl(resource),
      requiredScopes: [],
      initialScopes: [],
    }),
    authorizationServers: ['https://auth.example.com'],
    scopes: { tools: {}, otherTools: [] },
    maximumBodyBytes: 8_000_000,
    ...(sessionSecret !== undefined && { sessionSecret }),
  });
  const server = createServer(nodeGate(gate, upstream.handle));
  // A busy machine would close connections just when a test uses them again.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/mcp`), server };
}

async function post(url: URL, body: unknown, given: PostOptions = {}): Promise<Response> {
  const { caller = 'alice', session, headers = {}, signal, method = 'POST' } = given;
  return fetch(url, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
    headers: {
      Authorization: `Bearer ${tokenOf(caller)}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      Accept: 'application/json, text/event-stream',
      ...(session !== undefined && { 'Mcp-Session-Id': session }),
      ...headers,
    },
  });
}

export const initialize = (capabilities = {}): unknown => ({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities,
    clientInfo: { name: 'test', version: '1' },
  },
});

export const call = (name: string, given: object = {}, id: string | number = 1): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});

/** The headers of MCP 2026-07-28 that repeat a request. */
export function headersOf(request: object): Record<string, string> {
  const { method, params } = request as { method: string; params?: { name?: string } };
  return {
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': method,
    ...(params?.name !== undefined && { 'Mcp-Name': params.name }),
  };
}

/** Begins a session. @returns Its id, and a function that calls a tool and gives its text. */
export async function begin(running: Running, caller = 'alice', capabilities = {}) {
  const answer = await running.post(initialize(capabilities), { caller });
  if (answer.status !== 200) throw new Error(`initialize: ${answer.status}`);
  await answer.json();
  const session = answer.headers.get('mcp-session-id') ?? '';
  const use = async (name: string, given: object = {}, id: string | number = 1) => {
    const answered = await running.post(call(name, given, id), { caller, session });
    return textOf(await readAnswer(answered));
  };
  return { session, use };
}

export function textOf(message: unknown): string {
  const { result } = message as { result?: { content: readonly { text: string }[] } };
  return result?.content[0]?.text ?? JSON.stringify(message);
}

/** The last message of an answer, whether it is JSON or a stream. */
export async function readAnswer(answer: Response): Promise<unknown> {
  return (await readMessages(answer)).at(-1);
}

export async function readMessages(answer: Response): Promise<readonly unknown[]> {
  const text = await answer.text();
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream'))
    return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data));
}

const bearer = (caller: string) => ({ headers: { Authorization: `Bearer ${tokenOf(caller)}` } });

/** A client of SDK v1. */
export async function connectV1(
  { url }: Running,
  caller = 'alice',
  { capabilities = {}, prepare = (_client: Client) => {}, fetch: send = fetch } = {},
): Promise<Client> {
  const client = new Client({ name: 'v1', version: '1' }, { capabilities });
  prepare(client);
  // The types of SDK v1 do not know `exactOptionalPropertyTypes`.
  await client.connect(
    new StreamableHTTPClientTransport(url, { requestInit: bearer(caller), fetch: send }) as never,
  );
  onTestFinished(() => client.close());
  return client;
}

/** A client of SDK v2. @param mode `auto` speaks the revision without sessions where the server does. */
export async function connectV2(
  { url }: Running,
  caller = 'alice',
  {
    mode = 'auto',
    capabilities = {},
    prepare = (_client: v2.Client) => {},
    fetch: send = fetch,
  }: {
    mode?: 'auto' | 'legacy';
    capabilities?: v2.ClientCapabilities;
    prepare?: (client: v2.Client) => void;
    fetch?: typeof fetch;
  } = {},
): Promise<v2.Client> {
  const client = new v2.Client(
    { name: 'v2', version: '1' },
    { capabilities, versionNegotiation: { mode } },
  );
  prepare(client);
  await client.connect(
    new v2.StreamableHTTPClientTransport(url, { requestInit: bearer(caller), fetch: send }),
  );
  onTestFinished(() => client.close());
  return client;
}

/** A process that has ended and waits for its parent to notice (a zombie) is not alive. */
export function isAlive(processId: number | string): boolean {
  try {
    process.kill(Number(processId), 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}
