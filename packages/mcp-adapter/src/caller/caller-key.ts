/** Keys for state that outlives a request: the caller, and a random handle. */

/** The part of the SDKs' `AuthInfo` that identifies the caller. */
export interface CallerInfo {
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns the caller as one string: issuer and subject. Store records under `callerKey(authInfo) + handle`. Then
 * the handle of another caller finds nothing. Use it also as `bind` of SDK v2's `createRequestStateCodec`
 * (MCP 2026-07-28, "State Handle Hijacking"). A refreshed token has the same key, and no key is the prefix of
 * another one.
 *
 * @throws {Error} When the request did not come through the gate.
 */
export function callerKey(authInfo: CallerInfo | undefined): string {
  const { issuer, subject } = authInfo?.extra ?? {};
  if (typeof issuer !== 'string' || typeof subject !== 'string') {
    throw new Error('no caller: the request did not pass the gate');
  }
  return JSON.stringify([issuer, subject]);
}

/** Creates a handle: 128 random bits in 32 hexadecimal digits. Use it together with {@link callerKey}. */
export function createStateHandle(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
