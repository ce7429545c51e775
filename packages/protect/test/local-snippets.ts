/** Runs the examples of the README against servers on this machine. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';

/** What an example exports: a server that listens, or functions of the Fetch API. */
export interface Snippet {
  readonly server?: Server;
  readonly default?: { readonly fetch: (request: Request) => Promise<Response> };
  readonly POST?: (request: Request) => Promise<Response>;
  readonly GET?: (request: Request) => Promise<Response>;
}

/** Where the examples find their servers. */
export interface LocalServers {
  readonly issuer: AuthorizationServer;
  readonly resource: string;
  stop(): Promise<void>;
}

/** Starts an issuer, and sets the variables that the examples read in place of the addresses of the README. */
export async function startLocalServers(): Promise<LocalServers> {
  const port = await findFreePort();
  const resource = `http://localhost:${port}/mcp`;
  const issuer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['notes:read', 'notes:write'] }],
  });
  const variables = {
    ENVIRONMENT: 'development',
    PORT: String(port),
    SNIPPET_RESOURCE: resource,
    SNIPPET_ISSUER: issuer.issuer,
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return {
    issuer,
    resource,
    async stop() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await issuer.stop();
    },
  };
}

/** Waits until an example's server listens. */
export async function untilListening({ server }: Snippet): Promise<void> {
  if (server !== undefined && !server.listening) await once(server, 'listening');
}

export async function close({ server }: Snippet): Promise<void> {
  if (server === undefined) return;
  server.closeAllConnections?.();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
