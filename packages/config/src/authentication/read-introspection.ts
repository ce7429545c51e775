import { type Environment, Secret } from '@sallyport/core';
import type { IntrospectionAuthentication } from '../config.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import {
  introspectionAudience,
  introspectionCacheTtl,
  introspectionClientId,
  introspectionClientSecret,
  introspectionTimeout,
  introspectionUrl,
} from '../variables/introspection-variables.ts';
import { authorizationServers, resourceUrl } from '../variables/server-variables.ts';

/** Opaque tokens (RFC 7662). */
export function readIntrospection(
  settings: Settings,
  environment: Environment,
): IntrospectionAuthentication {
  const url = settings.require(introspectionUrl) ?? '';
  const clientId = settings.require(introspectionClientId) ?? '';
  const clientSecret = settings.require(introspectionClientSecret) ?? '';
  const [audience, ...otherAudiences] = settings.read(introspectionAudience);
  // Before the placeholders: the right domain would not help.
  refuseAuth0(settings, url);
  for (const [variable, text] of [
    [introspectionUrl, url],
    [introspectionClientId, clientId],
    [introspectionClientSecret, clientSecret],
    ...[audience, ...otherAudiences].map((each) => [introspectionAudience, each] as const),
  ] as const) {
    refusePlaceholder(settings, variable, text, environment);
  }
  warnOfLoop(settings, url);
  return {
    type: 'introspection',
    url,
    // Answers need not name their issuer, and the endpoint is one of its own addresses.
    issuer: settings.read(authorizationServers)[0] ?? originOf(url) ?? '',
    clientId,
    clientSecret: new Secret(clientSecret),
    clientSecretName: settings.secretOf(introspectionClientSecret),
    audience,
    otherAudiences,
    timeoutSeconds: settings.read(introspectionTimeout),
    cacheTtlSeconds: settings.read(introspectionCacheTtl),
  };
}

/** Every token would be refused, and for a reason that only its documentation tells. */
function refuseAuth0(settings: Settings, url: string): void {
  if (!/^https:\/\/[^/]+\.auth0\.com\//.test(url)) return;
  settings.refuse(
    introspectionUrl,
    'leads nowhere: Auth0 has no introspection endpoint. Its access tokens for an API are JWTs: set FASTMCP_SERVER_AUTH_TYPE=jwt, FASTMCP_SERVER_AUTH_JWT_PROVIDER=auth0, FASTMCP_SERVER_AUTH_JWT_TENANT to the domain, and FASTMCP_SERVER_AUTH_JWT_AUDIENCE to the API',
  );
}

/** A server that asked itself would ask itself again. */
function warnOfLoop(settings: Settings, url: string): void {
  const own = originOf(settings.read(resourceUrl) ?? '');
  if (own !== undefined && own === originOf(url)) {
    settings.warn(
      introspectionUrl,
      'is on this server. If the gate protects it, every request is refused',
    );
  }
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
