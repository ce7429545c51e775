import type { ClientMetadata } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { StaticClient } from './options.ts';
import { isLoopbackHost } from './sign-in/cross-site.ts';
import { findRedirectFault } from './sign-in/redirect-uri.ts';

/** The member under which a registered `scope` is kept. See {@link adaptRegistration}. */
export const registeredScope = 'sallyport_scope';

/** Scopes of OpenID Connect, which belong to no resource. */
export const accountScopes: readonly string[] = ['openid', 'offline_access'];

/** What a client sent to the registration endpoint, before anything is checked. */
type Registration = { -readonly [Member in keyof ClientMetadata]: ClientMetadata[Member] } & {
  [registeredScope]?: string;
};

/**
 * Makes a registration acceptable that a MCP client sends (RFC 7591).
 *
 * The `scope` is put aside: oidc-provider would hold the client to it for ever, and a step-up asks
 * for more. `application_type` follows from the redirect URIs, because native rules fit loopback
 * addresses and most clients do not send it.
 *
 * @param metadata Changed in place, as oidc-provider wants it.
 * @param isTypeGiven Whether the client named its `application_type`.
 */
export function adaptRegistration(
  metadata: Registration,
  { isTypeGiven, knownScopes }: { isTypeGiven: boolean; knownScopes: ReadonlySet<string> },
): void {
  assertHarmless(metadata);
  const { scope, redirect_uris: redirectUris, grant_types: grantTypes } = metadata;
  delete metadata[registeredScope];
  if (typeof scope === 'string') {
    const unknown = scope.split(' ').filter((name) => name !== '' && !knownScopes.has(name));
    if (unknown.length > 0) {
      throw new errors.InvalidClientMetadata('scope must only contain scopes of scopes_supported');
    }
    metadata[registeredScope] = scope;
    delete metadata.scope;
    if (scope.split(' ').includes('offline_access') && Array.isArray(grantTypes)) {
      metadata.grant_types = [...new Set([...grantTypes, 'refresh_token'])];
    }
  }
  if (!isTypeGiven) metadata.application_type = toApplicationType(redirectUris);
}

/**
 * Refuses what would let a stranger get a token without a person, or make the server fetch an
 * address of the stranger's choice.
 */
function assertHarmless(metadata: Registration): void {
  const { redirect_uris: redirectUris, grant_types: grantTypes } = metadata;
  if (Array.isArray(grantTypes) && grantTypes.includes('client_credentials')) {
    throw new errors.InvalidClientMetadata(
      'grant_types: client_credentials is for clients of the option `clients` only',
    );
  }
  for (const member of ['jwks_uri', 'sector_identifier_uri']) {
    if (metadata[member] !== undefined) {
      throw new errors.InvalidClientMetadata(`${member} is not fetched`);
    }
  }
  const faults = (Array.isArray(redirectUris) ? redirectUris : []).map(findRedirectFault);
  const fault = faults.find((found) => found !== undefined);
  if (fault !== undefined) throw new errors.InvalidRedirectUri(`redirect_uris ${fault}`);
}

/** Client metadata for a client of the options. */
export function toClientMetadata({
  clientId,
  clientSecret,
  redirectUris = [],
}: StaticClient): ClientMetadata {
  const hasCodeFlow = redirectUris.length > 0;
  return {
    client_id: clientId,
    client_name: clientId,
    redirect_uris: [...redirectUris],
    response_types: hasCodeFlow ? ['code'] : [],
    grant_types: [
      ...(hasCodeFlow ? ['authorization_code', 'refresh_token'] : []),
      ...(clientSecret === undefined ? [] : ['client_credentials']),
    ],
    application_type: toApplicationType(redirectUris),
    token_endpoint_auth_method: clientSecret === undefined ? 'none' : 'client_secret_basic',
    ...(clientSecret !== undefined && { client_secret: toVisibleAscii(clientSecret) }),
  };
}

/**
 * Rewrites a `Basic` header whose secret is beyond visible ASCII. RFC 6749 appendix A.2 has no such
 * secrets, and oidc-provider none either; other servers issue them, and clients form-encode them.
 */
export function toAsciiAuthorization(header: string): string {
  const [, credentials = ''] = /^basic +(\S+)$/i.exec(header) ?? [];
  const [id = '', secret] = Buffer.from(credentials, 'base64').toString().split(/:(.*)/s, 2);
  if (secret === undefined) return header;
  try {
    const decoded = decodeURIComponent(secret.replaceAll('+', ' '));
    if (toVisibleAscii(decoded) === decoded) return header;
    const encoded = encodeURIComponent(toVisibleAscii(decoded));
    return `Basic ${Buffer.from(`${id}:${encoded}`).toString('base64')}`;
  } catch {
    // Not form-encoded: oidc-provider says so.
    return header;
  }
}

function toVisibleAscii(secret: string): string {
  return /^[\x20-\x7E]*$/.test(secret) ? secret : encodeURIComponent(secret);
}

function toApplicationType(redirectUris: unknown): 'native' | 'web' {
  const urls = (Array.isArray(redirectUris) ? redirectUris : []).map((uri) => URL.parse(uri));
  const isNative = urls.some(
    (url) =>
      url !== null &&
      (!/^https?:$/.test(url.protocol) ||
        (url.protocol === 'http:' && isLoopbackHost(url.hostname))),
  );
  return isNative ? 'native' : 'web';
}
