/** The one decision about the HTTP method of a request. */

/** A method that this gate understands. Methods are case-sensitive (RFC 9110 §9.1). */
export type RequestMethod = 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS';

const known: ReadonlySet<string> = new Set<RequestMethod>([
  'GET',
  'HEAD',
  'POST',
  'DELETE',
  'OPTIONS',
]);

/**
 * Reads the method of a request. Every later branch uses the result, so that the gate and the
 * server behind it cannot read one method differently: the SDKs turn `post` into `POST`.
 *
 * @returns `undefined` for everything that is not exactly one of {@link RequestMethod}.
 */
export function readMethod(method: string): RequestMethod | undefined {
  return known.has(method) ? (method as RequestMethod) : undefined;
}

/** What an MCP endpoint does. The other methods are for its metadata, and for preflights. */
export type ServedMethod = 'GET' | 'POST' | 'DELETE';

export function isServed(method: RequestMethod): method is ServedMethod {
  return method === 'GET' || method === 'POST' || method === 'DELETE';
}
