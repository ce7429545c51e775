/** Real servers, each with a gate of another kind, that answer the curl lines of the pages. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import {
  type AuditEvent,
  AuthError,
  type AuthorizationRule,
  detectEnvironment,
  Secret,
  type TokenVerifier,
} from '@sallyport/core';
import { createDenialList, type Denied } from '@sallyport/denial';
import { createDpop } from '@sallyport/dpop';
import { createPolicy, deny } from '@sallyport/policy';
import { protect } from '@sallyport/protect/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createJwtVerifier, localJwks, remoteJwks } from '@sallyport/verifier-jwt';
import { createStaticVerifier } from '@sallyport/verifier-static';
import { issuer, resource, type TestIssuer } from './tokens.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'development' });

/** A server, and the decisions that it recorded. */
export interface TestServer {
  /** Such as `http://127.0.0.1:49152`. */
  readonly origin: string;
  readonly decisions: readonly AuditEvent[];
  close(): Promise<void>;
}

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, () => ({
      content: [{ type: 'text', text: name }],
    }));
  }
  return server;
});

/**
 * Starts the server of one kind: `jwt`, `keys_fetched`, `keys_away`, `static`, `dpop`, `dpop_nonce`, `limited`, `denied_token`,
 * `denied_caller`, `policy` or `quota`.
 */
export async function startGate(kind: string, testIssuer: TestIssuer): Promise<TestServer> {
  const decisions: AuditEvent[] = [];
  const served = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(testIssuer.jwks));
  });
  const jwks = await listen(served);
  const verifier = verifierFor(kind, testIssuer, jwks);
  const rateLimiter = createMemoryRateLimiter(kind === 'limited' ? { maximumAttempts: 1 } : {});
  if (kind === 'limited') await rateLimiter.countFailure('127.0.0.1');
  const nonce = { secret: new Secret('vW8x2kQ0rN5tJ7yB3mZ6cD9fH1gL4pSa'), rotationSeconds: 60 };
  const protection = await protect(
    {
      resource,
      verifier,
      authorizationServers: [issuer],
      tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
      environment,
      rateLimiter,
      ...rulesFor(kind),
      senderConstraints:
        kind === 'dpop' ? [createDpop()] : kind === 'dpop_nonce' ? [createDpop({ nonce })] : [],
      maximumBodyBytes: 65_536,
      audit: { emit: (event) => void decisions.push(event) },
      onEvent: () => {},
    },
    toNodeHandler(handler),
  );
  const server = createServer(protection);
  const origin = await listen(server);
  return {
    origin,
    decisions,
    async close() {
      await protection.close();
      for (const each of [server, served]) {
        each.closeAllConnections();
        each.close();
      }
    },
  };
}

function rulesFor(kind: string): {
  readonly denial?: AuthorizationRule;
  readonly policy?: AuthorizationRule;
} {
  switch (kind) {
    case 'denied_token':
      return { denial: listOf({ issuer, token: 'token-1', reason: 'found on a paste site' }) };
    case 'denied_caller':
      return { denial: listOf({ issuer, subject: 'ada', reason: 'left the company' }) };
    case 'policy':
      return { policy: createPolicy(() => deny('payments are closed')) };
    case 'quota':
      return { policy: { name: 'quota', check: () => new AuthError('quota_exceeded') } };
    default:
      return {};
  }
}

function listOf(denied: Denied): AuthorizationRule {
  const text = JSON.stringify({ version: 1, denied: [denied] });
  return createDenialList({
    store: { name: 'memory', read: async () => text, replace: async () => false },
  });
}

function verifierFor(kind: string, { jwks }: TestIssuer, origin: string): TokenVerifier {
  if (kind === 'static') {
    return createStaticVerifier({
      tokens: { 'dev-token-12345': { clientId: 'dev-user', scopes: ['notes:read'] } },
      audience: resource,
      environment,
      listenHost: '127.0.0.1',
    });
  }
  const url = kind === 'keys_away' ? 'http://127.0.0.1:2/jwks' : `${origin}/jwks`;
  const isFetched = kind.startsWith('keys_');
  return createJwtVerifier({
    issuer,
    audience: resource,
    algorithms: ['RS256'],
    keys: isFetched ? remoteJwks({ url, environment }) : localJwks(jwks as never),
  });
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
