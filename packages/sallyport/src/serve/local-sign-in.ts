/** Development without settings: a local authorization server, and the settings that name it. */
import { variablesOfLocalIssuer } from '@sallyport/config';
import type { AuthorizationServer } from '@sallyport/testing';
import { loadTesting } from '../load-testing.ts';

/** Starts the authorization server. Its package is loaded only here, so `run` never loads it. */
export async function startLocalSignIn(resource: string): Promise<AuthorizationServer> {
  const { startAuthorizationServer } = await loadTesting();
  return startAuthorizationServer({
    algorithm: 'ES256',
    resources: [{ resource, scopes: [localScope] }],
  });
}

/** The one scope of the local authorization server. */
export const localScope = 'mcp';

/** The settings of a server behind that authorization server. */
export function describeLocalSignIn(
  local: AuthorizationServer,
  resource: string,
): Record<string, string> {
  return variablesOfLocalIssuer(local, resource, [localScope]);
}
