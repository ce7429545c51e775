import { AuthError } from '../errors.ts';
import { assertTokenSize, defaultMaximumTokenBytes } from '../token/token-size.ts';
import { describeNonToken, describeOtherScheme, isWordForNothing } from './credential-slips.ts';

/** The authentication schemes that tokens come with: RFC 6750 §2.1, RFC 9449 §7.1. */
export type CredentialScheme = 'Bearer' | 'DPoP';

/** A token as received. */
export interface Credentials {
  readonly scheme: CredentialScheme;
  /** Characters of the `b64token` alphabet (RFC 6750 §2.1), at most as many as asked for. Otherwise untrusted. */
  readonly token: string;
}

// With any number of spaces (RFC 9110 §11.4) and any case.
const tokenCredentials = /^(?:bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;
const schemeName = /^(?:bearer|dpop)(?![^ \t])/i;
// Everything below 0x20 but the tab, and DEL: no client sends these, an attacker does.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacter = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Where a request carried credentials. */
export interface CredentialFields {
  /** Every `Authorization` field value as received, not joined. */
  readonly authorization: readonly string[];
  /** Whether the query had an `access_token`, which is never used as one (OAuth 2.1 §5.1). */
  readonly tokenInQuery: boolean;
}

/**
 * Extracts the token from the `Authorization` header. It does not read bodies, cookies or queries.
 *
 * @param schemes The supported schemes. Any other scheme counts as no header.
 * @param maximumTokenBytes Longest token to take. Default 8,192.
 * @throws {AuthError} `credentials_missing` without a header of these schemes, `credentials_malformed`
 *   when the request is ambiguous, `token_malformed` when what follows the scheme cannot be a token.
 */
export function extractCredentials(
  { authorization, tokenInQuery }: CredentialFields,
  schemes: readonly CredentialScheme[],
  maximumTokenBytes: number = defaultMaximumTokenBytes,
): Credentials {
  const [field, second] = authorization;
  if (field === undefined) throw new AuthError('credentials_missing');
  if (second !== undefined) throw malformed('several Authorization fields');
  const scheme = schemeOf(field);
  if (scheme !== undefined && schemes.includes(scheme) && !tokenInQuery) {
    const token = tokenCredentials.exec(field)?.[1];
    const isToken = token !== undefined && token.length <= maximumTokenBytes;
    if (isToken && !isWordForNothing(token)) return { scheme, token };
  }
  throw explain(field, { tokenInQuery, schemes, maximumTokenBytes });
}

/** The scheme that a field begins with, whatever follows; `undefined` for one without tokens. */
export function schemeOf(field: string): CredentialScheme | undefined {
  const [name] = schemeName.exec(field) ?? [];
  if (name === undefined) return undefined;
  return name.length === 'DPoP'.length ? 'DPoP' : 'Bearer';
}

/**
 * Why these are not the credentials of a request.
 *
 * @throws {AuthError} Where the length alone decides.
 */
function explain(
  field: string,
  {
    tokenInQuery,
    schemes,
    maximumTokenBytes,
  }: {
    readonly tokenInQuery: boolean;
    readonly schemes: readonly CredentialScheme[];
    readonly maximumTokenBytes: number;
  },
): AuthError {
  if (controlCharacter.test(field)) return malformed('control character in Authorization');

  const scheme = schemeOf(field);
  if (scheme === undefined || !schemes.includes(scheme)) {
    return new AuthError('credentials_missing', { detail: describeOtherScheme(field) });
  }
  if (tokenInQuery) return malformed('a token in the header and in the query');

  const credentials = field.slice(scheme.length).replace(/^ +/, '');
  if (credentials === '') return malformed(`${scheme} without a token`);
  // The Fetch API joins repeated fields with a comma, which no token has.
  if (credentials.includes(',')) return malformed('several Authorization fields, joined');
  assertTokenSize(credentials, maximumTokenBytes);
  return new AuthError('token_malformed', { detail: describeNonToken(credentials) });
}

function malformed(detail: string): AuthError {
  return new AuthError('credentials_malformed', { detail });
}
