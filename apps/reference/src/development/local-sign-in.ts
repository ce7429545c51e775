/** Development without settings: the server starts an authorization server on this machine. */
import { saysHowToSignIn } from '@sallyport/config';
import { ConfigError, detectEnvironment } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether this is development, and no variable says how callers sign in. */
export function needsLocalSignIn(variables: Variables): boolean {
  return !saysHowToSignIn(variables) && !detectEnvironment(variables).isProduction;
}

/**
 * Starts the authorization server. Its package is loaded only here, so a deployed server does not contain it.
 *
 * @throws {ConfigError} When the package is not installed.
 */
export async function startLocalSignIn(resource: string): Promise<AuthorizationServer> {
  const { startAuthorizationServer } = await import('@sallyport/testing').catch(() => {
    throw new ConfigError(
      'FASTMCP_SERVER_AUTH_TYPE',
      'is missing, and this build brings no authorization server of its own. Set it to jwt or introspection',
    );
  });
  return startAuthorizationServer({
    // An ES256 key takes a millisecond, an RSA key a tenth of a second. Its tokens are short to paste.
    algorithm: 'ES256',
    resources: [{ resource, scopes: ['read:data', 'write:data'] }],
  });
}

/** The settings until the server knows its port, which the address of the endpoint contains. */
export const undecided: Variables = { FASTMCP_SERVER_AUTH_TYPE: 'static' };
