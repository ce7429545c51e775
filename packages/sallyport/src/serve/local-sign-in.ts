/** Development without settings: a local authorization server, and the settings that name it. */
import type { AuthorizationServer } from '@sallyport/testing';
import { loadTesting } from '../load-testing.ts';
import type { Surroundings } from '../surroundings.ts';

type Variables = Surroundings['variables'];

const prefix = 'FASTMCP_SERVER_AUTH_';
const ofSignIn = [`${prefix}TYPE`, `${prefix}JWT_`, `${prefix}INTROSPECTION_`];

/** Whether the variables say how callers sign in. */
export function saysHowToSignIn(variables: Variables): boolean {
  return Object.entries(variables).some(
    ([name, value]) => value?.trim() && ofSignIn.some((beginning) => name.startsWith(beginning)),
  );
}

/** Loaded only here: a deployed server carries no authorization server. */
export async function startLocalSignIn(resource: string): Promise<AuthorizationServer> {
  const { startAuthorizationServer } = await loadTesting();
  return startAuthorizationServer({
    algorithm: 'ES256',
    resources: [{ resource, scopes: [localScope] }],
  });
}

/** The one scope of the local authorization server. */
export const localScope = 'mcp';

/** What somebody would set who had that authorization server. */
export function describeLocalSignIn(
  { issuer, jwksUri }: AuthorizationServer,
  resource: string,
): Record<string, string> {
  return {
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}RESOURCE_URL`]: resource,
    [`${prefix}JWT_ISSUER`]: issuer,
    [`${prefix}JWT_AUDIENCE`]: resource,
    [`${prefix}JWT_JWKS_URI`]: jwksUri,
    [`${prefix}JWT_ALGORITHM`]: 'ES256',
    [`${prefix}JWT_REQUIRED_SCOPES`]: localScope,
  };
}
