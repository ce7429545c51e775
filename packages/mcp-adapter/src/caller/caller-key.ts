/** For state that outlives a request: whose it is, and a handle that nobody can guess. */

/** The part of the SDKs' `AuthInfo` that says who is calling. */
export interface CallerInfo {
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Who is calling, as one string: issuer and subject, since a subject means nothing without its issuer.
 * For the keys of records, as `callerKey(authInfo) + handle`, so that a handle of somebody else leads
 * nowhere; and for `bind` of SDK v2's `createRequestStateCodec` (MCP 2026-07-28, "State Handle
 * Hijacking"). It stays the same when a token is refreshed, and ends where the handle begins.
 *
 * @throws {Error} When the request did not come through the gate.
 */
export function callerKey(authInfo: CallerInfo | undefined): string {
  const { issuer, subject } = authInfo?.extra ?? {};
  if (typeof issuer !== 'string' || typeof subject !== 'string') {
    throw new Error('nobody is signed in: the request did not come through the gate');
  }
  return JSON.stringify([issuer, subject]);
}

/** 128 random bits, in 32 hexadecimal digits. Worth nothing without {@link callerKey}. */
export function createStateHandle(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
