/** A real authorization server, and the questions that every protected server must answer rightly. */
import { once } from 'node:events';
import { type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { detectEnvironment, type Environment, type OperationalEvent } from '@sallyport/core';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';

export const environment: Environment = detectEnvironment({ ENVIRONMENT: 'development' });
export const resource = 'https://mcp.example.com/mcp';
export const otherResource = 'https://mcp.example.com/files/mcp';
export const tools = { read_note: ['notes:read'], write_note: ['notes:write'] };

/** An authorization server for both resources. Stop it after the tests. */
export function startIssuer(
  resources: readonly string[] = [resource, otherResource],
): Promise<AuthorizationServer> {
  const scopes = ['notes:read', 'notes:write'];
  return startAuthorizationServer({
    resources: resources.map((each) => ({ resource: each, scopes })),
  });
}

/** Settings for a test: the five lines, with what a test must know. */
export function settingsFor({ issuer }: AuthorizationServer, events: OperationalEvent[] = []) {
  return {
    resource,
    issuer,
    tools,
    environment,
    audit: { emit: () => {} },
    onEvent: (event: OperationalEvent) => void events.push(event),
  };
}

/** Where a server listens. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export async function listening(server: Server, host = '127.0.0.1'): Promise<Listening> {
  if (!server.listening) {
    server.listen(0, host);
    await once(server, 'listening');
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections?.();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const callOf = (name: string) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } });

/** Calls a tool over HTTP, and returns the answer. */
export function callTool(url: string, name: string, token?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: callOf(name),
  });
}

/** What a server answers without a token, with a good one, with too small a scope, and about its metadata. */
export interface Answers {
  readonly noToken: number;
  readonly goodToken: number;
  readonly smallScope: number;
  readonly metadata: number;
}

export const right: Answers = { noToken: 401, goodToken: 200, smallScope: 403, metadata: 200 };

interface Metadata {
  readonly resource?: unknown;
}

/** Asks the questions. */
export async function ask(
  origin: string,
  issuer: AuthorizationServer,
  { path = '/mcp', of = resource }: { path?: string; of?: string } = {},
): Promise<Answers> {
  const url = `${origin}${path}`;
  const tokenWith = (scope: string) => issuer.issueToken({ resource: of, scopes: [scope] });
  const stranger = await callTool(url, 'write_note');
  const challenge = stranger.headers.get('WWW-Authenticate') ?? '';
  const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  const document = URL.canParse(metadata)
    ? await fetch(new URL(new URL(metadata).pathname, origin))
    : undefined;
  const described = document?.status === 200 ? ((await document.json()) as Metadata) : undefined;
  return {
    noToken: stranger.status,
    goodToken: (await callTool(url, 'write_note', await tokenWith('notes:write'))).status,
    smallScope: (await callTool(url, 'write_note', await tokenWith('notes:read'))).status,
    // A document of another resource is none.
    metadata: described === undefined || described.resource === of ? (document?.status ?? 0) : 0,
  };
}

/** Sends a target and fields as they are: `fetch` would change them. */
export async function sendAsIs(
  origin: string,
  {
    method = 'GET',
    target,
    headers = {},
  }: {
    method?: string;
    target: string;
    headers?: Readonly<Record<string, string>>;
  },
): Promise<number> {
  const { hostname, port } = new URL(origin);
  const request = send({ host: hostname, port, method, path: target, headers });
  request.end();
  const [response] = await once(request, 'response');
  response.destroy();
  return response.statusCode;
}

export const typesOf = (events: readonly OperationalEvent[]) => events.map(({ type }) => type);
