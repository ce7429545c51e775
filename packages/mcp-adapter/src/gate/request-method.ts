/** What an MCP endpoint does. The other methods are for its metadata, and for preflights. */
export type ServedMethod = 'GET' | 'POST' | 'DELETE';

/**
 * Methods are case-sensitive (RFC 9110 §9.1). The SDKs turn `post` into `POST`, so the gate refuses what is not
 * exactly one of {@link ServedMethod}: it and the server behind it cannot read one method differently.
 */
export function isServed(method: string): method is ServedMethod {
  return method === 'GET' || method === 'POST' || method === 'DELETE';
}
