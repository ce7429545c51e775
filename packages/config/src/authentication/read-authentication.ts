import { type Environment, Secret } from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { Config, StaticAuthentication } from '../config.ts';
import { looksSecret } from '../report/secret-shapes.ts';
import type { Settings } from '../values/settings.ts';
import { introspectionRequiredScopes } from '../variables/introspection-variables.ts';
import { jwtRequiredScopes } from '../variables/jwt-variables.ts';
import {
  authenticationType,
  dangerouslyOmitAuth,
  staticTokens,
} from '../variables/server-variables.ts';
import { readAuthenticationType } from './authentication-type.ts';
import { readIntrospection } from './read-introspection.ts';
import { namesSeveral, readIssuers } from './read-issuers.ts';
import { readJwt } from './read-jwt.ts';

type Signing = Pick<Config, 'authentication' | 'requiredScopes'>;

/** How callers sign in. Problems are remembered; what is returned then is never used. */
export function readAuthentication(
  settings: Settings,
  environment: Environment,
  providers: readonly Provider[],
): Signing {
  settings.require(authenticationType);
  const type = readAuthenticationType(settings);
  const isOmitted = settings.read(dangerouslyOmitAuth);
  refuseOutsideDevelopment(settings, environment);
  if (isOmitted && type !== undefined && type !== 'none') {
    settings.refuse(
      dangerouslyOmitAuth,
      `has no effect without ${authenticationType.name}=none. Set it to false, or both at your own machine`,
    );
  }
  switch (type) {
    case 'jwt': {
      const read = namesSeveral(settings) ? readIssuers : readJwt;
      const authentication = read(settings, environment, providers);
      const hasScopes = authentication.provider?.withoutScopes !== true;
      const requiredScopes = readScopes(settings, hasScopes && environment, jwtRequiredScopes);
      return { requiredScopes, authentication };
    }
    case 'introspection': {
      const requiredScopes = readScopes(settings, environment, introspectionRequiredScopes);
      return { requiredScopes, authentication: readIntrospection(settings, environment) };
    }
    case 'api-key':
      return { requiredScopes: settings.read(jwtRequiredScopes), authentication: { type } };
    case 'static':
      return {
        requiredScopes: settings.read(jwtRequiredScopes),
        authentication: readStatic(settings),
      };
    default:
      if (type === 'none' && !isOmitted && !settings.isUnknown(dangerouslyOmitAuth)) {
        settings.refuse(
          authenticationType,
          `lets everybody in. If that is meant, at your own machine, set ${dangerouslyOmitAuth.name}=true as well`,
        );
      }
      return { requiredScopes: [], authentication: { type: 'none' } };
  }
}

function refuseOutsideDevelopment(settings: Settings, environment: Environment): void {
  if (!environment.isProduction) return;
  const { name, productionSigns } = environment;
  const signs = [...(name === 'production' ? ['ENVIRONMENT'] : []), ...productionSigns].join(', ');
  const type = settings.read(authenticationType);
  if (type === 'static' || type === 'none') {
    settings.refuse(
      authenticationType,
      `is for development, and this is production according to ${signs}. Set it to jwt or introspection; at your own machine, set ENVIRONMENT=development`,
    );
  }
  if (settings.read(dangerouslyOmitAuth)) {
    settings.refuse(
      dangerouslyOmitAuth,
      `must be false or absent in production, and this is production according to ${signs}`,
    );
  }
}

function readScopes(
  settings: Settings,
  environment: Environment | false,
  variable: typeof jwtRequiredScopes,
): readonly string[] {
  const scopes = settings.read(variable);
  if (scopes.some(looksSecret)) {
    settings.refuse(variable, 'looks like a secret, and scopes are sent to every client');
  }
  if (scopes.length === 0 && environment !== false && environment.isProduction) {
    settings.warn(
      variable,
      'is empty: every token of the issuer is accepted, except for tools that require scopes',
    );
  }
  return scopes;
}

// The token of the quick start, which the static verifier lets in on loopback only.
const quickStartTokens = {
  'dev-token-12345': { client_id: 'developer@example.com', scopes: ['read:data', 'write:data'] },
};

function readStatic(settings: Settings): StaticAuthentication {
  const tokens = settings.read(staticTokens) ?? quickStartTokens;
  return {
    type: 'static',
    tokens: Object.entries(tokens).map(([token, { client_id: clientId, scopes }]) => ({
      token: new Secret(token),
      clientId,
      scopes,
    })),
  };
}
