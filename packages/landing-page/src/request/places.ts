/** Which addresses have a page. */

const wellKnown = '/.well-known/oauth-protected-resource';

/** What stands at an address: the MCP endpoint, the top of the origin, or the icon that browsers ask for. */
export type Place = 'endpoint' | 'top' | 'icon';

/**
 * Creates the function that finds the place of a path.
 *
 * A proxy may strip a prefix of the public path. For the resource `/notes/mcp` the paths `/notes/mcp` and `/mcp`
 * are therefore both the endpoint, with and without a slash at the end.
 *
 * @param metadataPath The path of the public metadata. It ends with the path of the resource (RFC 9728 §3.1).
 */
export function createPlaces(metadataPath: string): (path: string) => Place | undefined {
  const segments = metadataPath.slice(wellKnown.length).split('/').filter(Boolean);
  const tails = segments.map((_segment, index) => `/${segments.slice(index).join('/')}`);
  const places = new Map<string, Place>([
    ['/', segments.length === 0 ? 'endpoint' : 'top'],
    ['/favicon.ico', 'icon'],
  ]);
  for (const tail of tails) places.set(tail, 'endpoint').set(`${tail}/`, 'endpoint');
  return (path) => places.get(path);
}
