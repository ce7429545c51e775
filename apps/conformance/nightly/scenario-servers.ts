/** Servers for the scenarios: ours in front of both SDK lines, and a small one that can have one defect. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createJwtVerifier, discoverJwks } from '@sallyport/verifier-jwt';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { plainTools } from '../src/contents.ts';
import { type Revision, revisions } from '../src/start-servers.ts';

export interface ScenarioServer {
  readonly url: string;
  stop(): Promise<void>;
}

const scopesOf: Readonly<Record<string, string>> = {
  test_simple_text: 'mcp:conformance:text',
  test_image_content: 'mcp:conformance:image',
};

/** The server of an SDK line behind our gate. */
export async function startGatedServer(
  revision: Revision,
  issuerPort: number,
): Promise<ScenarioServer> {
  const issuer = `http://127.0.0.1:${issuerPort}`;
  const environment = detectEnvironment({ ENVIRONMENT: 'test' });
  return listen((resource) => {
    const guard = createGuard({
      verifier: createJwtVerifier({
        issuer,
        audience: resource,
        algorithms: ['RS256'],
        keys: discoverJwks({ issuer, environment }),
      }),
      rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000, windowSeconds: 60 }),
      audit: { emit() {} },
      scopePolicy: createScopePolicy(),
      resourceMetadataUrl: protectedResourceMetadataUrl(resource),
      requiredScopes: ['mcp:conformance:text'],
    });
    const tools = Object.fromEntries(
      Object.entries(scopesOf).map(([tool, scope]) => [tool, [scope]]),
    );
    const gate = createMcpGate({
      resource,
      authorizationServers: [issuer],
      guard,
      scopes: { tools },
    });
    return {
      handler: nodeGate(gate, revisions[revision]()),
      close: () => guard.close(),
    };
  });
}

/** One defect of the small server. */
export type Defect =
  | 'no-authorization'
  | 'refuses-everything'
  | 'any-audience'
  | 'audience-prefix'
  | 'audience-if-present'
  | 'no-error-code'
  | 'old-version-open'
  | 'old-version-any-audience'
  | 'unknown-version-served'
  | 'batch-unchecked'
  | 'trusts-mirrored-name'
  | 'no-scopes'
  | 'scope-is-401'
  | 'challenge-without-scope'
  | 'challenge-without-metadata'
  | 'foreign-metadata'
  | 'forgets-after-refusal'
  | 'refuses-more-scopes'
  | 'scope-before-expiry';

/** A small server without Sallyport. Without a defect it passes every scenario. */
export function startPlainServer(
  defect: Defect | undefined,
  port: number,
): Promise<ScenarioServer> {
  const issuer = `http://127.0.0.1:${port}`;
  return listen((resource) => {
    const server = new PlainServer(resource, issuer, defect);
    return {
      handler: (request, response) => void server.answer(request, response),
      close: async () => {},
    };
  });
}

interface Message {
  readonly method: string;
  readonly params?: { readonly name?: string };
}

const versions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];

class PlainServer {
  readonly #resource: string;
  readonly #metadata: string;
  readonly #issuer: string;
  readonly #defect: Defect | undefined;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  #hasRefused = false;

  constructor(resource: string, issuer: string, defect: Defect | undefined) {
    this.#resource = resource;
    this.#metadata = resource.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
    this.#issuer = issuer;
    this.#defect = defect;
    this.#keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const has = (defect: Defect) => this.#defect === defect;
    if (request.method === 'GET') {
      const resource = has('foreign-metadata') ? 'https://other.example.com/mcp' : this.#resource;
      send(response, 200, { resource, authorization_servers: [this.#issuer] });
      return;
    }
    const body = JSON.parse((await readAll(request)) || '{}') as Message | readonly Message[];
    const label = `${request.headers['mcp-protocol-version'] ?? '2025-03-26'}`;
    const isOld = label === '2025-03-26';
    const claims = await this.#readToken(request, isOld);
    if (has('refuses-everything') || claims === undefined) {
      if (!has('no-authorization') && !(isOld && has('old-version-open'))) {
        this.#refuse(response, 401, has('no-error-code') ? {} : { error: 'invalid_token' });
        return;
      }
    }
    if (!versions.includes(label) && !has('unknown-version-served')) {
      send(response, 400, { error: 'unsupported version' });
      return;
    }
    if (Array.isArray(body)) {
      const served = has('batch-unchecked');
      send(response, served ? 200 : 400, served ? body.map(resultOf) : { error: 'no batches' });
      return;
    }
    this.#serve(request, response, body as Message, `${claims?.['scope'] ?? ''}`);
  }

  #serve(request: IncomingMessage, response: ServerResponse, body: Message, scope: string): void {
    const has = (defect: Defect) => this.#defect === defect;
    const mirrored = `${request.headers['mcp-name'] ?? body.params?.name}`;
    const name = has('trusts-mirrored-name') ? mirrored : `${body.params?.name}`;
    const needed = body.method === 'tools/call' ? scopesOf[name] : undefined;
    const granted = scope.split(' ');
    const isGranted = needed === undefined || granted.includes(needed);
    if (has('forgets-after-refusal') && this.#hasRefused) {
      this.#refuse(response, 401, { error: 'invalid_token' });
    } else if (has('refuses-more-scopes') && granted.length > 1) {
      this.#refuse(response, 403, { error: 'insufficient_scope', scope: needed });
    } else if (isGranted || has('no-scopes')) {
      send(response, 200, resultOf(body));
    } else {
      this.#hasRefused = true;
      const status = has('scope-is-401') ? 401 : 403;
      const asked = has('challenge-without-scope') ? undefined : needed;
      this.#refuse(response, status, { error: 'insufficient_scope', scope: asked });
    }
  }

  async #readToken(request: IncomingMessage, isOld: boolean): Promise<JWTPayload | undefined> {
    const has = (defect: Defect) => this.#defect === defect;
    const token = request.headers.authorization?.replace('Bearer ', '');
    if (token === undefined) return undefined;
    try {
      const { aud } = decodeJwt(token);
      const isFree =
        has('any-audience') ||
        (isOld && has('old-version-any-audience')) ||
        (has('audience-prefix') && `${aud}`.startsWith(this.#resource)) ||
        (has('audience-if-present') && (aud === undefined || aud.length === 0));
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#issuer,
        ...(!isFree && { audience: this.#resource }),
        ...(has('scope-before-expiry') && { currentDate: new Date(0) }),
      });
      return payload;
    } catch {
      return undefined;
    }
  }

  #refuse(
    response: ServerResponse,
    status: number,
    parameters: Readonly<Record<string, string | undefined>>,
  ): void {
    const metadata = this.#defect === 'challenge-without-metadata' ? undefined : this.#metadata;
    const all = Object.entries({ ...parameters, resource_metadata: metadata })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}="${value}"`);
    response.setHeader('WWW-Authenticate', `Bearer ${all.join(', ')}`);
    send(response, status, {});
  }
}

function resultOf({ method, params }: Message): object {
  const content = plainTools[params?.name as keyof typeof plainTools];
  const result = method === 'tools/call' ? { content } : { capabilities: {} };
  return { jsonrpc: '2.0', id: 1, result };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function listen(
  create: (resource: string) => { handler: RequestListener; close(): Promise<void> },
): Promise<ScenarioServer> {
  let handler: RequestListener = () => {};
  const server = createServer((request, response) => handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
  const created = create(url);
  handler = created.handler;
  return {
    url,
    async stop() {
      server.closeAllConnections();
      server.close();
      await created.close();
    },
  };
}
