/** Our gate in front of SDK v1, as the README of the adapter shows it. */
import { createServer, type IncomingMessage } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { createGuard, createScopePolicy } from '@sallyport/core';
import { createMcpGate, type McpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createCloudLoggingSink } from '@sallyport/telemetry';
import { createJwtVerifier, localJwks } from '@sallyport/verifier-jwt';
import { z } from 'zod';
import { audience, issuerName } from '../tokens/tokens.ts';
import { toKeySet } from './jose-verifier.ts';
import { openly } from './openly.ts';
import { listenOn, type PublicIssuer, type ServerContestant } from './server-contestant.ts';
import { toolScope } from './tool-call.ts';

const jsonSchemaValidator = new AjvJsonSchemaValidator();
const inputSchema = z.object({ name: z.string().max(200) });

function createHello(): McpServer {
  const server = new McpServer({ name: 'hello', version: '1.0.0' }, { jsonSchemaValidator });
  server.registerTool('hello', { description: 'Greets somebody', inputSchema }, ({ name }) => ({
    content: [{ type: 'text', text: `Hello, ${name}!` }],
  }));
  return server;
}

const serve: GatedHandler = async (request, response, body) => {
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  await createHello().connect(transport);
  // The types of mcp-auth, which is measured here too, want more of `auth` than the SDK does.
  await transport.handleRequest(request as IncomingMessage, response, body);
};

export const bareV1: ServerContestant = {
  name: 'SDK v1 on node:http, no auth',
  line: 'v1',
  checksTokens: false,
  listen: () => listenOn(createServer(openly(serve))),
};

export const gatedV1: ServerContestant = {
  name: 'SDK v1 on node:http, our gate',
  line: 'v1',
  checksTokens: true,
  listen: (issuer) => listenOn(createServer(nodeGate(createGate(issuer), serve))),
};

/** Our gate with tokens of this issuer, as the configuration would compose it. */
export function createGate(issuer: PublicIssuer): McpGate {
  const guard = createGuard({
    verifier: createJwtVerifier({
      issuer: issuerName,
      audience,
      algorithms: ['RS256'],
      keys: localJwks(toKeySet(issuer)),
    }),
    rateLimiter: createMemoryRateLimiter(),
    audit: createCloudLoggingSink(),
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(audience),
    requiredScopes: [],
    initialScopes: [toolScope],
  });
  return createMcpGate({
    resource: audience,
    authorizationServers: [issuerName],
    guard,
    scopes: { tools: { hello: [toolScope], echo: [toolScope] } },
  });
}
