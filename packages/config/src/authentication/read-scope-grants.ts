/** Scopes where tokens have none: a front door grants them by a list. */
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { JwtAuthentication } from '../config.ts';
import type { Settings } from '../values/settings.ts';
import {
  clockSkew,
  jwtProvider,
  jwtRequiredScopes,
  jwtScopeGrants,
} from '../variables/jwt-variables.ts';
import { toolScopes } from '../variables/server-variables.ts';

/** In seconds. The clock of a front door is more exact than those of others. */
export function readClockSkew(settings: Settings, provider: Provider | undefined): number {
  const seconds = settings.read(clockSkew);
  return settings.isSet(clockSkew) ? seconds : (provider?.clockToleranceSeconds ?? seconds);
}

export function readScopeGrants(
  settings: Settings,
  provider: Provider | undefined,
): JwtAuthentication['scopeGrants'] {
  const grants = settings.read(jwtScopeGrants);
  if (provider?.credentialField !== undefined) {
    if (!settings.isSet(jwtScopeGrants)) {
      settings.warn(
        jwtScopeGrants,
        'is not set: no caller has a scope, so only tools without scopes can be called',
      );
    }
    return grants;
  }
  if (settings.isSet(jwtScopeGrants)) {
    settings.refuse(
      jwtScopeGrants,
      `has no meaning without ${jwtProvider.name}=google-iap: tokens of other issuers carry their scopes. Take it away`,
    );
  }
  return undefined;
}

export function refuseScopes(settings: Settings, { credentialField }: Provider): void {
  const problem =
    'asks for scopes, and the ID tokens of this issuer have none: every request would be refused';
  if (credentialField !== undefined) {
    const cure = `${problem}. Set ${jwtScopeGrants.name} to who gets which scopes`;
    if (settings.read(jwtRequiredScopes).length > 0) settings.refuse(jwtRequiredScopes, cure);
    if (Object.values(settings.read(toolScopes) ?? {}).flat().length > 0) {
      settings.refuse(toolScopes, cure);
    }
    return;
  }
  if (settings.read(jwtRequiredScopes).length > 0) {
    settings.refuse(jwtRequiredScopes, `${problem}. Take it away`);
  }
  if (Object.values(settings.read(toolScopes) ?? {}).some((scopes) => scopes.length > 0)) {
    settings.refuse(toolScopes, `${problem}. Set it to {}`);
  }
}
