import type { Settings } from '../values/settings.ts';
import { apiKeyFile, apiKeyRedisUrl } from '../variables/api-key-variables.ts';
import {
  introspectionClientId,
  introspectionClientSecret,
  introspectionUrl,
} from '../variables/introspection-variables.ts';
import {
  jwksUri,
  jwtAudience,
  jwtIssuer,
  jwtIssuers,
  jwtProvider,
  jwtTenant,
  publicKey,
} from '../variables/jwt-variables.ts';
import { authenticationType, staticTokens } from '../variables/server-variables.ts';
import type { Variable } from '../variables/variable.ts';

type AuthenticationType = NonNullable<(typeof authenticationType)['fallback']>;

/**
 * Reads the type of authentication. Where it is missing or misspelt, that is a problem, and the other
 * variables tell which type they are for: their problems appear at the same start.
 */
export function readAuthenticationType(settings: Settings): AuthenticationType | undefined {
  return settings.read(authenticationType) ?? guessType(settings);
}

/** Refuses a variable about callers where everybody is let in. */
export function refuseWithoutCallers(settings: Settings, variable: Variable): void {
  if (readAuthenticationType(settings) !== 'none') return;
  const problem = `has no effect: ${authenticationType.name}=none lets everybody in. Remove it`;
  settings.refuse(variable, problem);
}

function guessType({ isSet }: Settings): AuthenticationType | undefined {
  const jwt = [
    jwtIssuer,
    jwtIssuers,
    jwtAudience,
    jwksUri,
    publicKey,
    jwtProvider,
    jwtTenant,
  ].filter(isSet);
  const introspection = [introspectionUrl, introspectionClientId, introspectionClientSecret].filter(
    isSet,
  );
  if (jwt.length !== introspection.length) {
    return jwt.length > introspection.length ? 'jwt' : 'introspection';
  }
  if (jwt.length > 0) return undefined;
  if ([apiKeyFile, apiKeyRedisUrl].some(isSet)) return 'api-key';
  return isSet(staticTokens) ? 'static' : undefined;
}
