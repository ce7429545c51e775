import { assertScopes, ConfigError } from '@sallyport/core';

/** The caller of a fixed token. */
export interface StaticToken {
  /** The OAuth client. */
  readonly clientId: string;
  /** Default {@link clientId}, as for a machine's token. */
  readonly subject?: string;
  /** Granted scopes. May be empty. */
  readonly scopes: readonly string[];
  /**
   * When the token ends, in seconds since the epoch. Without it the token does not end, and every
   * principal is good for an hour from the time it was asked for.
   */
  readonly expiresAt?: number;
}

const option = 'static.tokens';
const shortestToken = 16;
// The guard takes no longer one out of a request.
const longestToken = 8_192;
// RFC 6750 §2.1.
const b64token = /^[A-Za-z0-9\-._~+/]+=*$/;
// The end of the year 9999: a time in milliseconds is beyond it.
const latestExpiry = 253_402_300_799;

/** @param isReachable Whether others than this machine can send tokens. */
export function assertTokens(
  tokens: Readonly<Record<string, StaticToken>>,
  isReachable: boolean,
): void {
  const entries = Object.entries(tokens);
  if (entries.length === 0) throw new ConfigError(option, 'must have at least one token');
  for (const [index, [token, entry]] of entries.entries()) {
    // By its place, because the token itself is not to be printed.
    const place = `token ${index + 1} of ${entries.length}`;
    assertToken(place, token, isReachable);
    assertEntry(place, entry);
  }
}

function assertToken(place: string, token: string, isReachable: boolean): void {
  if (!b64token.test(token) || token.length > longestToken) {
    throw new ConfigError(
      option,
      `${place} could not be sent: use up to 8192 letters, digits and -._~+/ (RFC 6750 §2.1)`,
    );
  }
  // The token of our own documentation, dev-token-12345, is short on purpose: it falls in here.
  if (token.length < shortestToken && isReachable) {
    throw new ConfigError(
      option,
      `${place} is too easy to guess for a server that other machines can reach: use ${shortestToken} or more random characters, or listen on 127.0.0.1`,
    );
  }
}

function assertEntry(place: string, { clientId, subject, scopes, expiresAt }: StaticToken): void {
  for (const [name, value] of Object.entries({ clientId, subject: subject ?? clientId })) {
    if (typeof value !== 'string' || value.trim() === '') {
      throw new ConfigError(option, `${place} needs a ${name}`);
    }
  }
  if (!Array.isArray(scopes)) throw new ConfigError(option, `${place} needs a list of scopes`);
  assertScopes(option, scopes);
  if (expiresAt === undefined) return;
  if (!Number.isInteger(expiresAt) || !(expiresAt > 0 && expiresAt <= latestExpiry)) {
    throw new ConfigError(option, `${place}: expiresAt must be in whole seconds since the epoch`);
  }
}
