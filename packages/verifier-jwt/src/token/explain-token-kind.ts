/**
 * Names what was sent in place of an access token, in words from a closed list. For the details of
 * refusals only: claims and text are not verified, so nothing may depend on it.
 */
import { AuthError, type AuthErrorCode, isAuthError, isEmptyClaim } from '@sallyport/core';
import { knownProviders } from '../providers/known-providers.ts';
import type { Mistake } from '../providers/provider.ts';
import type { JsonObject } from './compact-jws.ts';
import type { TokenProfile } from './validate-header.ts';

// The refusals that another kind of token explains.
const explained: ReadonlySet<AuthErrorCode> = new Set([
  'token_audience_mismatch',
  'token_issuer_untrusted',
  'token_algorithm_forbidden',
  'token_type_forbidden',
  'token_claim_invalid',
]);

/** What is known of a token that was refused. */
export interface RefusedToken {
  readonly token: string;
  /** `undefined` where the payload could not be read. */
  readonly claims: JsonObject | undefined;
  readonly profile: TokenProfile | undefined;
}

/** The same refusal, whose detail also says what kind of token was sent. */
export function explainKind(error: unknown, refused: RefusedToken): unknown {
  if (!isAuthError(error)) return error;
  const { code, detail = '' } = error;
  const kind = kindOf(code, refused);
  if (kind === undefined) return error;
  return new AuthError(code, { detail: detail === '' ? kind : `${detail}; ${kind}` });
}

function kindOf(code: AuthErrorCode, refused: RefusedToken): string | undefined {
  if (code === 'token_malformed') return kindOfText(refused.token);
  if (!explained.has(code) || refused.claims === undefined) return undefined;
  const kind = kindOfClaims(refused.claims);
  if (kind === undefined || (refused.profile === 'id-token' && kind.includes('ID token'))) {
    return undefined;
  }
  return `${kind}; the client must send the access token`;
}

// What OpenID Connect gives only to ID tokens: those tell a client who signed in.
export const idTokenClaims: readonly string[] = ['nonce', 'at_hash', 'c_hash', 's_hash'];
const personalClaims = [
  ...['email', 'email_verified', 'name', 'preferred_username', 'given_name', 'picture'],
  ...['auth_time', 'amr', 'firebase'],
];
const scopeClaims = ['scope', 'scp', 'roles', 'permissions', 'scopes'];

/** By `typ` of Keycloak, `token_use` of Cognito, and the claims of each kind. */
const namedKinds: ReadonlyMap<unknown, string> = new Map([
  ['id', 'this is an ID token'],
  ['refresh', 'this is a refresh token'],
  ['offline', 'this is a refresh token'],
  ['logout', 'this is a logout token'],
]);

function kindOfClaims(claims: JsonObject): string | undefined {
  const has = (name: string) => !isEmptyClaim(claims[name]);
  for (const name of ['typ', 'token_use']) {
    const value = claims[name];
    const kind = namedKinds.get(typeof value === 'string' ? value.toLowerCase() : undefined);
    if (kind !== undefined) return kind;
  }
  if (has('events')) return 'this is a logout token or a security event';
  if (idTokenClaims.some(has)) return 'this is an ID token';
  const isClient = has('iss') && claims['iss'] === claims['sub'];
  if (isClient) return 'this is a client assertion (RFC 7523)';
  if (has('htm') && has('htu')) return 'this is a DPoP proof';
  if (personalClaims.some(has) && !scopeClaims.some(has)) return 'this looks like an ID token';
  return undefined;
}

/** Credentials of services that have no preset, and other formats. */
const textKinds: readonly Mistake[] = [
  [/^(?:gh[opusr]_|github_pat_)/, 'a token of GitHub, which only GitHub can check'],
  [/^glpat-/, 'a token of GitLab, which only GitLab can check'],
  [/^xox[a-z]-/, 'a token of Slack, which only Slack can check'],
  [/^[sp]k[-_]/, 'an API key, and not an access token'],
  [/^v\d\.(?:public|local)\./, 'a PASETO, and not a JWT'],
  [/^PHNhbWw/, 'a SAML assertion, and not a JWT'],
];

function kindOfText(token: string): string | undefined {
  const ofProviders = knownProviders.flatMap(({ opaqueTokens = [] }) => opaqueTokens);
  const kind = [...ofProviders, ...textKinds].find(([form]) => form.test(token))?.[1];
  if (kind !== undefined) return kind;
  const dots = token.split('.', 6).length - 1;
  if (dots === 4) {
    return 'an encrypted token (JWE): Auth0 issues these to clients that name no audience or resource';
  }
  if (token.startsWith('eyJ')) return dots < 2 ? 'a JWT that was cut off' : undefined;
  return dots === 2
    ? 'not a JWT'
    : 'an opaque token, but JWTs are configured: let the issuer issue JWTs, or use introspection';
}
