/** Who is calling, from what the gate verified. */
import type { AuthInfo } from '@sallyport/mcp-adapter';

/** A signed-in caller. */
export interface Caller {
  /** Issuer and subject: limits count for the person, whichever client is used. */
  readonly user: string;
  /** Issuer, subject and client: who owns a session, or a child process without one. */
  readonly owner: string;
}

/** @returns `undefined` for a caller who is not signed in. */
export function readCaller(auth: AuthInfo | undefined): Caller | undefined {
  const { issuer, subject } = auth?.extra ?? {};
  if (typeof issuer !== 'string' || typeof subject !== 'string') return undefined;
  return {
    // JSON separates the parts: two different callers never give the same text.
    user: JSON.stringify([issuer, subject]),
    owner: JSON.stringify([issuer, subject, auth?.clientId]),
  };
}
