/** Development without any settings: an authorization server of one's own comes along. */
import { ConfigError, detectEnvironment } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

const prefix = 'FASTMCP_SERVER_AUTH_';
const ofSignIn = [`${prefix}TYPE`, `${prefix}JWT_`, `${prefix}INTROSPECTION_`];

/** Whether nothing is said about signing in, in development. */
export function needsLocalSignIn(variables: Variables): boolean {
  const isSaid = Object.entries(variables).some(
    ([name, value]) => value?.trim() && ofSignIn.some((beginning) => name.startsWith(beginning)),
  );
  return !isSaid && !detectEnvironment(variables).isProduction;
}

/**
 * Loaded only here: a deployed server carries no authorization server.
 *
 * @throws {ConfigError} When it is such a one.
 */
export async function startLocalSignIn(resource: string): Promise<AuthorizationServer> {
  const { startAuthorizationServer } = await import('@sallyport/testing').catch(() => {
    throw new ConfigError(
      `${prefix}TYPE`,
      'is missing, and this build brings no authorization server of its own. Set it to jwt or introspection',
    );
  });
  return startAuthorizationServer({
    // Made in a millisecond, where an RSA key takes a tenth of a second; and short to paste.
    algorithm: 'ES256',
    resources: [{ resource, scopes: ['read:data', 'write:data'] }],
  });
}

/** What somebody would set who had that authorization server. */
export function describeLocalSignIn(
  { issuer, jwksUri }: AuthorizationServer,
  resource: string,
): Variables {
  return {
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}RESOURCE_URL`]: resource,
    [`${prefix}JWT_ISSUER`]: issuer,
    [`${prefix}JWT_AUDIENCE`]: resource,
    [`${prefix}JWT_JWKS_URI`]: jwksUri,
    [`${prefix}JWT_ALGORITHM`]: 'ES256',
  };
}

/** What stands in for it until the port is known, which its address has in it. */
export const undecided: Variables = { [`${prefix}TYPE`]: 'static' };
