/** Keys from a file in place of the network: the same gate, with the same rules for keys. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { detectEnvironment } from '@sallyport/core';
import type { SettingsSource } from '../settings/settings-source.ts';

/** Settings that fetch keys from this process. */
export interface OfflineKeys {
  readonly source: SettingsSource;
  close(): void;
}

const prefix = 'FASTMCP_SERVER_AUTH_JWT_';

/**
 * Serves a JWK set on the loopback address, and points the settings at it. That needs
 * `ENVIRONMENT=development`, which changes no check of a token.
 *
 * @param jwks Text of the file.
 */
export async function serveKeys(source: SettingsSource, jwks: string): Promise<OfflineKeys> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/jwk-set+json');
    response.end(jwks);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const variables = { ...source.variables, ENVIRONMENT: 'development' };
  // On a production platform, keys from this machine are refused.
  const signs = detectEnvironment(variables).productionSigns.map((sign) => sign.replace(/=.*/, ''));
  for (const name of [...signs, `${prefix}PUBLIC_KEY`, 'FASTMCP_SERVER_AUTH_EGRESS_PROXY']) {
    Reflect.deleteProperty(variables, name);
  }
  return {
    source: {
      ...source,
      variables: {
        ...variables,
        [`${prefix}JWKS_URI`]: `http://127.0.0.1:${port}/jwks`,
      },
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
