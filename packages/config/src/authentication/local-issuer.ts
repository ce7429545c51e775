/** Development without settings: the variables for a local authorization server. */
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtIssuer,
  jwtRequiredScopes,
} from '../variables/jwt-variables.ts';
import { authenticationType, resourceUrl } from '../variables/server-variables.ts';

const beginnings = [
  authenticationType.name,
  ...['JWT_', 'INTROSPECTION_'].map((topic) => `FASTMCP_SERVER_AUTH_${topic}`),
];

/** A local authorization server, such as that of `@sallyport/testing`. */
export interface LocalIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
}

/** Whether a variable says how callers sign in. */
export function saysHowToSignIn(variables: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(variables).some(
    ([name, value]) => value?.trim() && beginnings.some((beginning) => name.startsWith(beginning)),
  );
}

/**
 * Returns the variables of a server that accepts the tokens of a local authorization server, signed with ES256.
 *
 * @param resource Public URL of the MCP endpoint, and the audience of the tokens.
 * @param requiredScopes Scopes that every operation needs. Default none.
 */
export function variablesOfLocalIssuer(
  local: LocalIssuer,
  resource: string,
  requiredScopes: readonly string[] = [],
): Record<string, string> {
  return {
    [authenticationType.name]: 'jwt',
    [resourceUrl.name]: resource,
    [jwtIssuer.name]: local.issuer,
    [jwtAudience.name]: resource,
    [jwksUri.name]: local.jwksUri,
    [jwtAlgorithm.name]: 'ES256',
    ...(requiredScopes.length > 0 && { [jwtRequiredScopes.name]: requiredScopes.join(' ') }),
  };
}
