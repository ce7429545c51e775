/** A server behind a real gate, with a real authorization server. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { settings } from './command.ts';

/** What runs. */
export interface GatedServer {
  readonly url: string;
  readonly authorizationServer: AuthorizationServer;
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback address. */
export async function listen(listener: RequestListener) {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    http,
    port,
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}

/** @param changes Variables besides, or in place, by their names without the prefix. */
export async function startGatedServer(
  changes: Readonly<Record<string, string>> = {},
): Promise<GatedServer> {
  let handle: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => handle(request, response));
  const url = `http://localhost:${server.port}/mcp`;
  const authorizationServer = await startAuthorizationServer({
    algorithm: 'ES256',
    clients: [
      {
        clientId: 'notes',
        clientSecret: 'vN4xQ8sT2bW7kY5zR9mJ6cF3',
        redirectUris: [`${url}/sign-in/callback`],
      },
    ],
    resources: [{ resource: url, scopes: ['read:data', 'write:data'] }],
  });
  const variables = settings({
    TYPE: 'jwt',
    RESOURCE_URL: url,
    JWT_ISSUER: authorizationServer.issuer,
    JWT_AUDIENCE: url,
    JWT_ALGORITHM: 'ES256',
    JWT_JWKS_URI: authorizationServer.jwksUri,
    JWT_REQUIRED_SCOPES: 'read:data',
    ...changes,
  });
  const composed = await createGateFromConfig(await loadConfig(variables), {
    tools: {},
    audit: { emit: () => {} },
    allowedOrigins: ['http://localhost:6274'],
  });
  handle = nodeGate(composed.gate, (_request, response) => void response.end('{}'));
  return {
    url,
    authorizationServer,
    variables,
    async close() {
      server.close();
      await composed.close();
      await authorizationServer.stop();
    },
  };
}
