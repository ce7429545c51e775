/** SDK v1, written like its example `simpleStatelessStreamableHttp`. */
import { createServer } from 'node:http';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Express, RequestHandler } from 'express';
import { createLocalJWKSet } from 'jose';
import { createVerifyJwt, handleBearerAuth } from 'mcp-auth';
import { z } from 'zod';
import { audience, issuerName } from '../tokens/tokens.ts';
import { createJoseVerifier, toKeySet } from './jose-verifier.ts';
import { listenOn, type PublicIssuer, type ServerContestant } from './server-contestant.ts';
import { toolScope } from './tool-call.ts';

/** The example's server, but for its tool, which takes its time. */
function createExampleServer(): McpServer {
  const server = new McpServer(
    { name: 'stateless-streamable-http-server', version: '1.0.0' },
    { capabilities: { logging: {} } },
  );
  server.registerPrompt(
    'greeting-template',
    {
      description: 'A simple greeting prompt template',
      argsSchema: { name: z.string().describe('Name to include in greeting') },
    },
    ({ name }) => ({
      messages: [
        {
          role: 'user',
          content: { type: 'text', text: `Please greet ${name} in a friendly manner.` },
        },
      ],
    }),
  );
  server.registerTool(
    'hello',
    {
      description: 'Greets somebody',
      inputSchema: { name: z.string().describe('Name to include in greeting') },
    },
    ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name}!` }] }),
  );
  server.registerResource(
    'greeting-resource',
    'https://example.com/greetings/default',
    { mimeType: 'text/plain' },
    () => ({
      contents: [{ uri: 'https://example.com/greetings/default', text: 'Hello, world!' }],
    }),
  );
  return server;
}

/** Serves the example at `/mcp`. */
export function serveExample(application: Express): Express {
  application.post('/mcp', async (request, response) => {
    const server = createExampleServer();
    const transport = new StreamableHTTPServerTransport();
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
    response.on('close', () => {
      void transport.close();
      void server.close();
    });
  });
  return application;
}

function onExpress(
  name: string,
  createMiddleware?: (issuer: PublicIssuer) => RequestHandler,
): ServerContestant {
  return {
    name,
    line: 'v1',
    checksTokens: createMiddleware !== undefined,
    listen(issuer) {
      const application = createMcpExpressApp();
      if (createMiddleware !== undefined) application.use(createMiddleware(issuer));
      return listenOn(createServer(serveExample(application)));
    },
  };
}

/** With which all others are compared. */
export const sdkExample: ServerContestant = onExpress('SDK v1 example on Express, no auth');

export const sdkV1WithJose: ServerContestant = onExpress(
  'SDK v1, requireBearerAuth with jose',
  (issuer) =>
    requireBearerAuth({
      verifier: createJoseVerifier(issuer, (message) => new InvalidTokenError(message)),
      requiredScopes: [toolScope],
    }),
);

export const mcpAuth: ServerContestant = onExpress('SDK v1, mcp-auth', (issuer) =>
  handleBearerAuth({
    verifyAccessToken: createVerifyJwt(createLocalJWKSet(toKeySet(issuer)), {
      algorithms: ['RS256'],
    }),
    issuer: issuerName,
    audience,
    requiredScopes: [toolScope],
  }),
);
