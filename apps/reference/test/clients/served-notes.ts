/** The reference server as it is deployed, with an authorization server of its own beside it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { startAuthorizationServer } from '@sallyport/testing';
import { startReference } from '../reference-server.ts';

export interface ServedNotes {
  readonly url: URL;
  /** All that was logged, line by line. */
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
}

/** @param accessTokenTtlSeconds After this, access tokens are of no use, to the second. */
export async function serveNotes(accessTokenTtlSeconds = 3_600): Promise<ServedNotes> {
  const port = await findFreePort();
  const resource = `http://localhost:${port}/mcp`;
  const authorizationServer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'], accessTokenTtlSeconds }],
  });
  const { server, log } = await startReference({
    PORT: String(port),
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: resource,
    FASTMCP_SERVER_AUTH_JWT_ISSUER: authorizationServer.issuer,
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: resource,
    FASTMCP_SERVER_AUTH_JWT_JWKS_URI: authorizationServer.jwksUri,
    FASTMCP_SERVER_AUTH_JWT_CLOCK_SKEW: '0',
  });
  return {
    url: new URL(resource),
    log,

    async stop() {
      await server.stop();
      await authorizationServer.stop();
    },
  };
}

/** The resource has its port in it, and is known to the authorization server before it listens. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
