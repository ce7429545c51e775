/** Addresses that are set for keys, and that have none. */

/** Follows the name of the variable. `undefined` where nothing is known against the address. */
export function findKeyAddressMistake(url: string, issuer: string | undefined): string | undefined {
  if (/\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\b/.test(url)) {
    return 'is the address of the metadata, which holds no keys. Set it to the jwks_uri in that document';
  }
  if (/googleapis\.com\/(?:oauth2\/v1\/certs|robot\/v1\/metadata\/x509)/.test(url)) {
    return 'leads to certificates, and must lead to a JWK set: https://www.googleapis.com/oauth2/v3/certs';
  }
  if (issuer !== undefined && withoutSlash(url) === withoutSlash(issuer)) {
    return `is the issuer, whose own address holds no keys. Set it to the jwks_uri in ${withoutSlash(issuer)}/.well-known/openid-configuration`;
  }
  return undefined;
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

// Anybody can have a host below these.
const sharedDomains: ReadonlySet<string> = new Set([
  ...['auth0.com', 'okta.com', 'oktapreview.com', 'authkit.app', 'logto.app', 'zitadel.cloud'],
  ...['accounts.dev', 'supabase.co', 'onelogin.com', 'run.app', 'github.io', 'vercel.app'],
  ...['amazonaws.com', 'azurewebsites.net', 'cloudfront.net', 'pages.dev', 'workers.dev'],
]);

/** What one owner has: a domain, or the whole host where a domain has many owners. */
export function siteOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  const domain = hostname.split('.').slice(-2).join('.');
  return sharedDomains.has(domain) ? hostname : domain;
}
