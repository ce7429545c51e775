/** Issuers and tenants that no token of a known provider has. Each problem says what tokens have instead. */
import type { Mistake, Provider } from '@sallyport/verifier-jwt/providers';
import { recogniseProvider } from './recognise-provider.ts';

// These addresses are mistakes with every provider.
const commonMistakes: readonly Mistake[] = [
  [
    /\/\.well-known\//,
    'is the address of metadata. Set it to the value of "issuer" in that document',
  ],
  [
    /\/(?:oauth2?\/(?:v\d(?:\.\d)?\/)?(?:authorize|token)|protocol\/openid-connect\/\w+|discovery\/(?:v2\.0\/)?keys|v1\/keys|jwks(?:\.json)?)\/?$/,
    'is the address of an endpoint. Set it to the value of "issuer" in the metadata of the provider',
  ],
];

/** What is wrong with an issuer, judged by its form. `undefined` where nothing is known against it. */
export function findIssuerMistake(
  issuer: string,
  providers: readonly Provider[],
): string | undefined {
  if (recogniseProvider(issuer, providers) !== undefined) return undefined;
  const ofProviders = providers.flatMap(({ issuerMistakes = [] }) => issuerMistakes);
  return findMistake(issuer, [...commonMistakes, ...ofProviders]);
}

/** What is wrong with the tenant of a preset, judged by its form. */
export function findTenantMistake({ tenant }: Provider, text: string): string | undefined {
  for (const part of text.split(',')) {
    const mistake = findMistake(part, tenant.mistakes ?? []);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

/** The problem of the first mistake whose form fits. */
export function findMistake(text: string, mistakes: readonly Mistake[]): string | undefined {
  return mistakes.find(([form]) => form.test(text))?.[1];
}
