/** The addresses below `/.well-known/`, where clients look for metadata before they sign in. */

const root = '/.well-known/oauth-protected-resource';

/**
 * The paths at which clients look for the metadata of a resource (RFC 9728 §3.1), with and without a
 * slash at the end. A proxy may strip a prefix of the public path, so every tail of it is served too:
 * for `/notes/mcp`, those of `/notes/mcp`, of `/mcp`, and of the origin where `atRoot` is true.
 *
 * @param resourcePath The path of the resource, or the empty string at the root of the origin.
 */
export function metadataPaths(resourcePath: string, atRoot: boolean): readonly string[] {
  const segments = resourcePath.split('/').slice(1);
  const tails = segments.map((_segment, index) => `/${segments.slice(index).join('/')}`);
  if (atRoot || resourcePath === '') tails.push('');
  return tails.flatMap((tail) => withSlash(root + tail));
}

/** Clients differ in whether they add a slash. */
export function withSlash(path: string): readonly string[] {
  return [path, `${path}/`];
}

/**
 * Whether a client looks for metadata at this path: it has a `.well-known` segment (RFC 8615). Some
 * clients append the segment to the path of the resource instead of inserting it.
 */
export function isWellKnown(path: string): boolean {
  if (!path.includes('/.well-known')) return false;
  // Without dot segments, as the SDKs and other hosts see the path.
  const { pathname } = new URL(`http://localhost${path}`);
  return pathname.includes('/.well-known/') || pathname.endsWith('/.well-known');
}
