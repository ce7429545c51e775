import { AuthError } from './errors.ts';

const maximumTokenLength = 8_192;

// RFC 6750 §2.1 `credentials`, with any number of spaces (RFC 9110 §11.4) and any case.
const bearerCredentials = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
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
 * Takes the token out of a request. The `Authorization` header is its only source; bodies, cookies
 * and queries are not looked at.
 *
 * @returns 1 to 8,192 characters of the `b64token` alphabet (RFC 6750 §2.1).
 * @throws {AuthError} `credentials_missing` without a Bearer header, `credentials_malformed` when
 *   the request is ambiguous, `token_malformed` when what follows `Bearer ` cannot be a token.
 */
export function extractBearer({ authorization, tokenInQuery }: CredentialFields): string {
  const [field, second] = authorization;
  if (field === undefined) throw new AuthError('credentials_missing');
  if (second !== undefined) throw malformed('several Authorization fields');
  const token = bearerCredentials.exec(field)?.[1];
  if (token !== undefined && token.length <= maximumTokenLength && !tokenInQuery) return token;
  throw explain(field, tokenInQuery);
}

/** Why these are not the credentials of a request. */
function explain(field: string, tokenInQuery: boolean): AuthError {
  if (controlCharacter.test(field)) return malformed('control character in Authorization');

  const scheme = /^bearer(?![^ \t])/i;
  if (!scheme.test(field)) {
    return new AuthError('credentials_missing', { detail: 'another authentication scheme' });
  }
  if (tokenInQuery) return malformed('a token in the header and in the query');

  const credentials = field.slice('Bearer'.length).replace(/^ +/, '');
  if (credentials === '') return malformed('Bearer without a token');
  // The Fetch API joins repeated fields with a comma, which no token has.
  if (credentials.includes(',')) return malformed('several Authorization fields, joined');
  if (credentials.length > maximumTokenLength) return notAToken('longer than 8192 characters');
  return notAToken('not a b64token');
}

function malformed(detail: string): AuthError {
  return new AuthError('credentials_malformed', { detail });
}

function notAToken(detail: string): AuthError {
  return new AuthError('token_malformed', { detail });
}
