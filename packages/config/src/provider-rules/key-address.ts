/** Addresses that are set for keys, and that have none. */
import { findMistake, type Provider } from '@sallyport/verifier-jwt/providers';

/** Follows the name of the variable. `undefined` where nothing is known against the address. */
export function findKeyAddressMistake(
  url: string,
  issuer: string | undefined,
  providers: readonly Provider[],
): string | undefined {
  if (/\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\b/.test(url)) {
    return 'is the address of the metadata, which holds no keys. Set it to the jwks_uri in that document';
  }
  const ofProviders = providers.flatMap(({ keyMistakes = [] }) => keyMistakes);
  const mistake = findMistake(url, ofProviders);
  if (mistake !== undefined) return mistake;
  if (issuer !== undefined && withoutSlash(url) === withoutSlash(issuer)) {
    return `is the issuer, whose own address holds no keys. Set it to the jwks_uri in ${withoutSlash(issuer)}/.well-known/openid-configuration`;
  }
  return undefined;
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

// Anybody can have a host below these.
const sharedDomains: ReadonlySet<string> = new Set([
  ...['onelogin.com', 'run.app', 'github.io', 'vercel.app', 'amazonaws.com', 'azurewebsites.net'],
  ...['cloudfront.net', 'pages.dev', 'workers.dev'],
]);

/** What one owner has: a domain, or the whole host where many owners share the domain. */
export function siteOf(url: string, providers: readonly Provider[]): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  const domain = hostname.split('.').slice(-2).join('.');
  const isShared =
    sharedDomains.has(domain) ||
    providers.some((provider) => provider.sharedDomains?.includes(domain));
  return isShared ? hostname : domain;
}
