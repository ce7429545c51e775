/** Finds the provider of a token by the preset, or by the form of the issuer. */
import { knownProviders, type Provider } from '@sallyport/verifier-jwt/providers';
import type { IssuerRules } from './rules/rules-of-issuer.ts';

/** The provider that the settings name, or whose form the issuer of the settings or of the token has. */
export function findProvider(
  { config: { authentication }, isTrusted }: Pick<IssuerRules, 'config' | 'isTrusted'>,
  issuerOfToken: unknown,
): Provider | undefined {
  if (!isTrusted) return byIssuer(issuerOfToken);
  const configured = authentication.type === 'jwt' ? authentication.provider : undefined;
  const issuer = 'issuer' in authentication ? authentication.issuer : undefined;
  return configured ?? byIssuer(issuer) ?? byIssuer(issuerOfToken);
}

/** The name that people know it by. */
export function nameOfProvider(provider: Provider | undefined): string {
  return provider?.title ?? 'the identity provider';
}

function byIssuer(issuer: unknown): Provider | undefined {
  return typeof issuer === 'string'
    ? knownProviders.find(({ issuers }) => issuers?.test(issuer))
    : undefined;
}
