/** The address under which a client called, whatever a proxy made of its path. */

/**
 * Returns the function that builds the URL that a proof of possession must name (RFC 9449 §4.2, `htu`).
 *
 * It is the resource, as configured. Proxies may strip a prefix, so the path that arrives counts only
 * where it lies below the resource. A client that adds a slash signs the slash.
 */
export function createPublicUrl(resource: string): (path: string) => string {
  const { origin, pathname } = new URL(resource);
  const base = pathname === '/' ? '' : pathname;
  return (path) => {
    if (path.startsWith(`${base}/`)) return origin + path;
    return path.endsWith('/') ? `${resource}/` : resource;
  };
}
