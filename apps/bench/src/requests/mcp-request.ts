/** The request that is measured, and the applications that answer it, with a gate and without. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { createGuard, createScopePolicy } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createJwtVerifier, localJwks } from '@sallyport/verifier-jwt';
import express from 'express';
import { createJoseVerifier } from '../servers/jose-verifier.ts';
import type { Issuer } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';

/** A tool call, as a client of the protocol sends it. */
export const requestBody: string = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'notes', arguments: { query: 'milk' } },
});
const answer = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  result: { content: [{ type: 'text', text: '3 notes' }] },
});

/** An application: it reads the JSON body, looks into it, and answers. */
export interface Application {
  readonly name: string;
  /** The same application without a gate. The difference is the cost of the gate. */
  readonly without?: string;
  readonly create: (issuer: Issuer) => Server;
}

const respond: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(answer);
};

/** What every one of them does behind its gate. */
function assertCall(body: unknown): void {
  if ((body as { method?: unknown }).method !== 'tools/call') throw new Error('no tool call');
}

const bare: Application = {
  name: 'node:http alone',
  create: () =>
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        assertCall(JSON.parse(Buffer.concat(chunks).toString()));
        respond(request, response);
      });
    }),
};

const bareExpress: Application = {
  name: 'Express alone',
  create: () => {
    const application = express();
    application.post('/mcp', express.json(), (request, response) => {
      assertCall(request.body);
      respond(request, response);
    });
    return createServer(application);
  },
};

function gated(name: string, maximumTokens: number): Application {
  return {
    name,
    without: bare.name,
    create({ jwk }) {
      const guard = createGuard({
        verifier: createJwtVerifier({
          issuer: issuerName,
          audience,
          algorithms: ['RS256'],
          keys: localJwks({ keys: [jwk] }),
          cache: { maximumTokens },
        }),
        rateLimiter: createMemoryRateLimiter({ maximumAttempts: 10, windowSeconds: 60 }),
        audit: { emit: () => {} },
        scopePolicy: createScopePolicy(),
        resourceMetadataUrl: protectedResourceMetadataUrl(audience),
        requiredScopes: [],
        initialScopes: ['notes:read'],
      });
      const gate = createMcpGate({
        resource: audience,
        authorizationServers: [issuerName],
        guard,
        scopes: { tools: { notes: ['notes:read'] } },
      });
      return createServer(
        nodeGate(gate, (request, response, body) => {
          assertCall(body);
          respond(request, response);
        }),
      );
    },
  };
}

const sdk: Application = {
  name: 'requireBearerAuth of the SDK with jose',
  without: bareExpress.name,
  create(issuer) {
    const verifier = createJoseVerifier(issuer);
    const application = express();
    application.post(
      '/mcp',
      requireBearerAuth({ verifier, requiredScopes: ['notes:read'] }),
      express.json(),
      (request, response) => {
        assertCall(request.body);
        respond(request, response);
      },
    );
    return createServer(application);
  },
};

export const hotGate: Application = gated('the gate, tokens seen before', 10_000);
export const coldGate: Application = gated('the gate, tokens never seen', 0);

/** Everybody who takes part, in the order of the table. */
export const applications: readonly Application[] = [bare, hotGate, coldGate, bareExpress, sdk];
