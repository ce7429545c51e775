/** A real authorization server, and a rogue one that says whatever a test wants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testContext } from '@sallyport/contract-tests';
import { detectEnvironment, Secret, type TokenVerifier, type VerifyContext } from '@sallyport/core';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { onTestFinished } from 'vitest';
import {
  clientSecretBasic,
  createIntrospectionVerifier,
  type IntrospectionEvent,
  type IntrospectionVerifierOptions,
} from '../src/index.ts';

export const resource = 'https://mcp.example.com/mcp';
export const clientId = 'resource server: 100 %';
// Every character that goes wrong when it is not form-encoded (RFC 6749 §2.3.1).
export const clientSecret = 'se:cr%et + é/&=?';
export const environment = detectEnvironment({ ENVIRONMENT: 'test' });

export async function startServer(): Promise<AuthorizationServer> {
  return startAuthorizationServer({
    resources: [
      { resource, scopes: ['notes:read', 'notes:write'], accessTokenFormat: 'opaque' },
      { resource: 'https://other.example.com/mcp', scopes: ['x'], accessTokenFormat: 'opaque' },
    ],
    clients: [{ clientId, clientSecret }],
  });
}

type Overrides = Partial<IntrospectionVerifierOptions>;

export function createVerifier(
  url: string,
  issuer: string,
  overrides: Overrides = {},
): TokenVerifier {
  const verifier = createIntrospectionVerifier({
    url,
    issuer,
    audience: resource,
    environment,
    clientAuthentication: clientSecretBasic({ clientId, secret: new Secret(clientSecret) }),
    ...overrides,
  } as IntrospectionVerifierOptions);
  onTestFinished(async () => verifier.close?.());
  return verifier;
}

/** How a verification ended: `verified`, or the code of the refusal. */
export async function judge(
  verifier: TokenVerifier,
  token: string,
  context: Partial<VerifyContext> = {},
): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  try {
    await verifier.verify(token, testContext({ nowSeconds, ...context }));
    return 'verified';
  } catch (error) {
    const { name, code } = error as { name: string; code: string };
    if (name !== 'AuthError') throw error;
    return code;
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Answers as it is told, and keeps what it was asked. */
export async function startRogue(first: Handler) {
  const rogue = {
    handle: first,
    bodies: [] as string[],
    headers: [] as IncomingMessage['headers'][],
    events: [] as IntrospectionEvent[],
    url: '',
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      rogue.bodies.push(body);
      rogue.headers.push(request.headers);
      rogue.handle(request, response, body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  rogue.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`;
  const create = (overrides: Overrides = {}) =>
    createVerifier(rogue.url, rogueIssuer, {
      onEvent: (event) => rogue.events.push(event),
      ...overrides,
    });
  return Object.assign(rogue, { create });
}

export const rogueIssuer = 'https://auth.example.com';

/** A good answer, with `changes` in it; `undefined` leaves one out. */
export function goodAnswer(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    active: true,
    iss: rogueIssuer,
    aud: resource,
    sub: 'user-1',
    client_id: 'client-1',
    scope: 'notes:read notes:write',
    token_type: 'Bearer',
    exp: Math.floor(Date.now() / 1_000) + 300,
    ...changes,
  };
}

/** Says this to everybody. */
export function answer(
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
}
