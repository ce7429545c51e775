/** Addresses that no token of a known provider has as its issuer. Each problem says what tokens have instead. */
import { knownProviders } from './known-providers.ts';
import type { Mistake, Provider } from './provider.ts';

// These addresses are mistakes with every provider.
const endpoint: Mistake = [
  /\/(?:\.well-known\/.+|authorize|token|openid-connect\/\w+|keys|jwks(?:\.json)?)\/?$/,
  'is the address of metadata or of an endpoint. Set it to "issuer" in the metadata',
];

/**
 * Finds what is wrong with an issuer, by its form. `undefined`: nothing is known against it.
 *
 * @param providers The rows to ask. Default: all of Sallyport.
 */
export function findIssuerMistake(
  issuer: string,
  providers: readonly Provider[] = knownProviders,
): string | undefined {
  if (providers.some(({ recognise }) => recognise?.(issuer) !== undefined)) return undefined;
  const ofProviders = providers.flatMap(({ issuerMistakes = [] }) => issuerMistakes);
  return findMistake(issuer, [endpoint, ...ofProviders]);
}

/** Finds the problem of the first mistake whose form fits. */
export function findMistake(text: string, mistakes: readonly Mistake[]): string | undefined {
  return mistakes.find(([form]) => form.test(text))?.[1];
}

/** Finds the provider that an issuer is of, by its form. `undefined`: none that Sallyport knows. */
export function findProvider(issuer: string): Provider | undefined {
  return knownProviders.find(
    ({ issuers, recognise }) => recognise?.(issuer) !== undefined || issuers?.test(issuer),
  );
}
