import { ConfigError } from '@sallyport/core';
import { prefix } from './authentication-settings.ts';

// Packages speak of their options; who starts this server knows only its variables.
const variables: ReadonlyMap<string, string> = new Map([
  ['gate.authorizationServers', `${prefix}AUTHORIZATION_SERVERS`],
  ['gate.resource', `${prefix}RESOURCE_URL`],
  ['guard.requiredScopes', `${prefix}JWT_REQUIRED_SCOPES`],
  ['introspection.audience', `${prefix}INTROSPECTION_AUDIENCE`],
  ['introspection.clientId', `${prefix}INTROSPECTION_CLIENT_ID`],
  ['introspection.issuer', `${prefix}AUTHORIZATION_SERVERS`],
  ['introspection.url', `${prefix}INTROSPECTION_URL`],
  ['jwt.algorithms', `${prefix}JWT_ALGORITHM`],
  ['jwt.audience', `${prefix}JWT_AUDIENCE`],
  ['jwt.issuer', `${prefix}JWT_ISSUER`],
  ['jwt.keys', `${prefix}JWT_PUBLIC_KEY`],
  ['jwt.keys.url', `${prefix}JWT_JWKS_URI`],
  ['static.environment', `${prefix}TYPE`],
  ['static.tokens', `${prefix}STATIC_TOKENS`],
]);

/** The same problem, said of the variable that the option came from. */
export function inVariables(problem: unknown): unknown {
  if (!(problem instanceof ConfigError)) return problem;
  const variable = variables.get(problem.option);
  return variable === undefined ? problem : new ConfigError(variable, problem.problem);
}
