import { createHash, randomBytes } from 'node:crypto';
import {
  type AuthorizationServer,
  type AuthorizeHeadlesslyOptions,
  authorizeHeadlessly,
  startAuthorizationServer,
} from '@sallyport/testing';
import { onTestFinished } from 'vitest';

/** A resource with JWT access tokens. */
export const notes = {
  resource: 'http://127.0.0.1:8000/mcp',
  scopes: ['notes:read', 'notes:write'],
};

/** A resource with opaque access tokens. */
export const vault = {
  resource: 'https://vault.example/mcp',
  scopes: ['vault:open'],
  accessTokenFormat: 'opaque',
  accessTokenTtlSeconds: 120,
} as const;

/** A confidential client with every character that HTTP Basic makes difficult. */
export const machine = { clientId: 'machine:1', clientSecret: 'a:b%c+d é&=/' };

/** Starts a server that ends with the test. */
export async function start(
  options: Parameters<typeof startAuthorizationServer>[0] = {},
): Promise<AuthorizationServer> {
  const server = await startAuthorizationServer({
    algorithm: 'ES256',
    resources: [notes, vault],
    clients: [machine],
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  onTestFinished(server.stop);
  return server;
}

/** What MCP clients send. */
export const registration = {
  redirect_uris: ['http://localhost:1234/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_name: 'Inspector',
};

type Json = Record<string, unknown>;

/** Posts JSON or a form, and reads the answer as JSON. */
export async function post(
  url: string,
  body: URLSearchParams | Json,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Json }> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method: 'POST',
    body: isForm ? body : JSON.stringify(body),
    headers: { ...(!isForm && { 'Content-Type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? {} : JSON.parse(text) };
}

/** Registers a client and returns its identifier. */
export async function register(server: AuthorizationServer, changes: Json = {}): Promise<string> {
  const { status, json } = await post(server.registrationUrl, { ...registration, ...changes });
  if (status !== 201) throw new Error(JSON.stringify(json));
  return String(json['client_id']);
}

/** `Authorization: Basic`, as RFC 6749 §2.3.1 has it. */
export function basic({ clientId, clientSecret } = machine): Record<string, string> {
  const [id, secret] = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ text }).toString().slice('text='.length),
  );
  return { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

interface Flow extends AuthorizeHeadlesslyOptions {
  readonly clientId: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly changes?: Record<string, string>;
}

/** An authorization request with PKCE, without what is empty, and what is needed to go on after it. */
export function buildRequest(
  server: AuthorizationServer,
  flow: Flow,
): { url: URL; verifier: string } {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(server.authorizationUrl);
  url.search = new URLSearchParams({
    client_id: flow.clientId,
    redirect_uri: 'http://localhost:1234/callback',
    response_type: 'code',
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(flow.scope !== undefined && { scope: flow.scope }),
    ...(flow.resource !== undefined && { resource: flow.resource }),
    ...flow.changes,
  }).toString();
  for (const [name, value] of [...url.searchParams]) {
    if (value === '') url.searchParams.delete(name);
  }
  return { url, verifier };
}

/** The whole way from the authorization request to the token response. */
export async function authorize(
  server: AuthorizationServer,
  flow: Flow,
  tokenParameters: Record<string, string> = {},
): Promise<{ answer: URL; status: number; json: Json }> {
  const { url, verifier } = buildRequest(server, flow);
  const answer = await authorizeHeadlessly(url, flow);
  const token = await post(
    server.tokenUrl,
    new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: 'http://localhost:1234/callback',
      client_id: flow.clientId,
      ...tokenParameters,
    }),
  );
  return { answer, ...token };
}

/** Asks the introspection endpoint. */
export async function introspect(server: AuthorizationServer, token: unknown): Promise<Json> {
  const body = new URLSearchParams({ token: String(token) });
  return (await post(server.introspectionUrl, body, basic())).json;
}
