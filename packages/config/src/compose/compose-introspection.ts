/** Introspection, put together of `@sallyport/verifier-introspection`. */
import type { Secret, SecretProvider } from '@sallyport/core';
import type { SecretSource } from '@sallyport/verifier-introspection';
import type { IntrospectionAuthentication } from '../config.ts';
import { loadPackage } from '../optional-package.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { networkOptions } from './compose-keys.ts';
import type { ComposedVerifier, VerifierContext } from './compose-verifier.ts';

/** @throws {ConfigError} When the parts do not fit together, or the package is not installed. */
export async function composeIntrospection(
  authentication: IntrospectionAuthentication,
  { environment, resource, network, secrets, onEvent }: VerifierContext,
): Promise<ComposedVerifier> {
  const { createIntrospectionVerifier, clientSecretBasic } = await loadPackage(
    '@sallyport/verifier-introspection',
    authenticationType.name,
    () => import('@sallyport/verifier-introspection'),
  );
  const { url, issuer, clientId, timeoutSeconds, cacheTtlSeconds } = authentication;
  const { audience = resource, otherAudiences } = authentication;
  const verifier = createIntrospectionVerifier({
    url,
    issuer,
    audience: [audience, ...otherAudiences],
    environment,
    ...networkOptions(network),
    clientAuthentication: clientSecretBasic({
      clientId,
      secret: currentSecret(authentication, secrets),
    }),
    timeoutSeconds,
    cache: { ttlSeconds: cacheTtlSeconds },
    onEvent,
  });
  return { verifier, issuer };
}

/** The secret in force, read anew when the server did not take it: it may just have been changed. */
function currentSecret(
  { clientSecret, clientSecretName, timeoutSeconds }: IntrospectionAuthentication,
  secrets: SecretProvider | undefined,
): SecretSource {
  if (secrets === undefined || clientSecretName === undefined) return clientSecret;
  let last: Secret = clientSecret;
  return async ({ isRefused }) => {
    const context = { signal: AbortSignal.timeout(timeoutSeconds * 1_000) };
    try {
      const lookup =
        isRefused && secrets.reread !== undefined
          ? await secrets.reread(clientSecretName, context)
          : await secrets.get(clientSecretName, context);
      if (lookup.found) last = lookup.secret;
    } catch {
      // The backend has told its listener. What was good before may still be.
    }
    return last;
  };
}
