/** Introspection, put together of `@sallyport/verifier-introspection`. */
import type { IntrospectionAuthentication } from '../config.ts';
import { loadPackage } from '../optional-package.ts';
import { currentSecret } from '../secrets/current-secret.ts';
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
  const { clientSecret, clientSecretName } = authentication;
  const { audience = resource, otherAudiences } = authentication;
  const verifier = createIntrospectionVerifier({
    url,
    issuer,
    audience: [audience, ...otherAudiences],
    environment,
    ...networkOptions(network),
    clientAuthentication: clientSecretBasic({
      clientId,
      secret: currentSecret(clientSecret, clientSecretName, secrets, timeoutSeconds),
    }),
    timeoutSeconds,
    cache: { ttlSeconds: cacheTtlSeconds },
    onEvent,
  });
  return { verifier, issuer };
}
