/** Which server a request says that it is for (RFC 9110 §7.2). */

export type Scheme = 'http' | 'https';

/**
 * Reads the authority that a request names. The SDKs, frameworks and proxies each read another of its
 * copies, so the copies must agree.
 *
 * @param hostFields Every `Host` field as received. More than one is malformed (RFC 9112 §3.2).
 * @param others The other copies: `:authority` of HTTP/2, or the host of a URL. `undefined` where absent.
 * @returns Not checked for its syntax. `undefined` when the request names no authority, or several that differ.
 */
export function readAuthority(
  hostFields: readonly string[],
  others: readonly (string | undefined)[],
  scheme: Scheme,
): string | undefined {
  if (hostFields.length > 1) return undefined;
  const [first, ...copies] = [...hostFields, ...others.filter((other) => other !== undefined)];
  if (first === undefined) return undefined;
  const expected = normalise(first, scheme);
  return copies.every((copy) => copy === first || normalise(copy, scheme) === expected)
    ? first
    : undefined;
}

const defaultPorts = { http: /:(?:80)?$/, https: /:(?:443)?$/ } as const;

/** Without the port that the scheme implies (RFC 3986 §6.2.3). */
function normalise(authority: string, scheme: Scheme): string {
  return authority.toLowerCase().replace(defaultPorts[scheme], '');
}
