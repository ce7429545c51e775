/** From settings to the verifier, and to the authorization server that clients are sent to. */
import { ConfigError, type TokenVerifier } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';
import { clientSecretBasic, createIntrospectionVerifier } from '@sallyport/verifier-introspection';
import {
  createJwtVerifier,
  hmacSecret,
  isAsymmetricAlgorithm,
  isHmacAlgorithm,
  type KeyEvent,
  publicKey,
  remoteJwks,
} from '@sallyport/verifier-jwt';
import { createStaticVerifier } from '@sallyport/verifier-static';
import type { Authentication } from './authentication-settings.ts';
import type { Settings } from './settings.ts';

/** How tokens are verified, and where clients get them. */
export interface SignIn {
  readonly verifier: TokenVerifier;
  readonly authorizationServer: string;
  /** The authorization server that this process brought along, in development. */
  readonly local?: AuthorizationServer;
}

/** @throws {ConfigError} When the settings do not fit together. */
export async function createSignIn(
  settings: Settings,
  resource: string,
  onKeyEvent: (event: KeyEvent) => void,
): Promise<SignIn> {
  const { authentication, environment, host } = settings;
  switch (authentication.type) {
    case 'local':
      return startLocal(resource, environment);
    case 'static': {
      const { tokens } = authentication;
      const issuer = new URL(resource).origin;
      return {
        verifier: createStaticVerifier({
          tokens,
          issuer,
          audience: resource,
          environment,
          listenHost: host,
        }),
        authorizationServer: issuer,
      };
    }
    case 'introspection':
      return createOpaqueSignIn(authentication, settings, resource);
    case 'jwt':
      return {
        verifier: createVerifier(authentication, environment, onKeyEvent),
        authorizationServer: authentication.issuer,
      };
  }
}

/** Loaded only here, so that a deployed server carries no authorization server. */
async function startLocal(resource: string, environment: Settings['environment']): Promise<SignIn> {
  const { startAuthorizationServer } = await import('@sallyport/testing');
  const local = await startAuthorizationServer({
    // Made in a millisecond, where an RSA key takes a tenth of a second; and short to paste.
    algorithm: 'ES256',
    resources: [{ resource, scopes: ['read:data', 'write:data'] }],
  });
  const verifier = createJwtVerifier({
    issuer: local.issuer,
    audience: resource,
    algorithms: ['ES256'],
    keys: remoteJwks({ url: local.jwksUri, environment }),
  });
  return { verifier, authorizationServer: local.issuer, local };
}

function createOpaqueSignIn(
  { url, clientId, clientSecret, audience, ...times }: Authentication & { type: 'introspection' },
  { environment, authorizationServers }: Settings,
  resource: string,
): SignIn {
  // Answers need not name their issuer, and the endpoint is one of its own addresses.
  const issuer = authorizationServers[0] ?? (URL.canParse(url) ? new URL(url).origin : url);
  return {
    verifier: createIntrospectionVerifier({
      url,
      issuer,
      audience: audience ?? resource,
      environment,
      clientAuthentication: clientSecretBasic({ clientId, secret: clientSecret }),
      timeoutSeconds: times.timeoutSeconds,
      cache: { ttlSeconds: times.cacheTtlSeconds },
    }),
    authorizationServer: issuer,
  };
}

/** What the key variable holds follows from the algorithm, and must fit it. */
function createVerifier(
  settings: Authentication & { type: 'jwt' },
  environment: Settings['environment'],
  onKeyEvent: (event: KeyEvent) => void,
): TokenVerifier {
  const { issuer, audience, algorithm, keys, clockSkewSeconds, jwksCacheTtlSeconds } = settings;
  const claims = {
    issuer,
    audience,
    clockToleranceSeconds: clockSkewSeconds,
    // Most providers' access tokens are JWTs, but not of RFC 9068's type.
    profile: 'legacy',
  } as const;
  if (isHmacAlgorithm(algorithm)) {
    if ('jwksUri' in keys) {
      throw new ConfigError('jwt.algorithms', 'HMAC algorithms cannot be used with JWKS endpoints');
    }
    return createJwtVerifier({
      ...claims,
      algorithms: [algorithm],
      keys: hmacSecret(keys.publicKey),
    });
  }
  if (!isAsymmetricAlgorithm(algorithm)) {
    throw new ConfigError(
      'jwt.algorithms',
      'must be RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, HS256, HS384 or HS512',
    );
  }
  const source =
    'jwksUri' in keys
      ? remoteJwks({
          url: keys.jwksUri,
          environment,
          cacheTtlSeconds: jwksCacheTtlSeconds,
          onKeyEvent,
        })
      : publicKey(keys.publicKey.reveal());
  return createJwtVerifier({ ...claims, algorithms: [algorithm], keys: source });
}
