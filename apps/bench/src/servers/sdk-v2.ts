/** SDK v2, on the Express application that it creates. */
import { createServer } from 'node:http';
import { createMcpExpressApp, requireBearerAuth } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
} from '@modelcontextprotocol/server';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { createJoseVerifier } from './jose-verifier.ts';
import { listenOn, type PublicIssuer, type ServerContestant } from './server-contestant.ts';
import { toolScope } from './tool-call.ts';

/** The server of the example. */
export function createExampleServer(): McpServer {
  const server = new McpServer({ name: 'my-server', version: '1.0.0' });
  server.registerTool(
    'hello',
    { description: 'Greets somebody', inputSchema: z.object({ name: z.string() }) },
    ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name}!` }] }),
  );
  return server;
}

function onExpress(
  name: string,
  createMiddleware?: (issuer: PublicIssuer) => RequestHandler,
): ServerContestant {
  return {
    name,
    line: 'v2',
    checksTokens: createMiddleware !== undefined,
    listen(issuer) {
      const application = createMcpExpressApp();
      if (createMiddleware !== undefined) application.use(createMiddleware(issuer));
      const serve = toNodeHandler(createMcpHandler(createExampleServer));
      application.all('/mcp', (request, response) => serve(request, response, request.body));
      return listenOn(createServer(application));
    },
  };
}

export const sdkV2Example: ServerContestant = onExpress('SDK v2 on Express, no auth');

export const sdkV2WithJose: ServerContestant = onExpress(
  'SDK v2, requireBearerAuth with jose',
  (issuer) =>
    requireBearerAuth({
      verifier: createJoseVerifier(
        issuer,
        (message) => new OAuthError(OAuthErrorCode.InvalidToken, message),
      ),
      requiredScopes: [toolScope],
    }),
);
