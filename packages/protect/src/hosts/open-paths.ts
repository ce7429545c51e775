/** Paths that are open to everybody, and which requests count as requests for them. */
import { ConfigError } from '@sallyport/core';

/** A request, as its host received it, before any router. */
export interface OpenCandidate {
  readonly method: string | undefined;
  /** Each form of the target that the host or a router may go by. All of them must name the open path. */
  readonly targets: readonly string[];
  /** Whether a field of this name arrived. In lower case. */
  readonly has: (name: string) => boolean;
  /** The `Accept` field; empty without one. */
  readonly accept: string;
}

const option = 'protect.openPaths';
const ownDocuments =
  /^\/\.well-known\/(?:oauth-protected-resource|oauth-authorization-server)(?:\/|$)/i;

// With one of these a request is more than the reading of a page: it goes through the gate.
const fieldsOfOthers: readonly string[] = [
  // A bad token is refused on open paths, too.
  ...['authorization', 'dpop', 'mcp-session-id', 'last-event-id'],
  // A body, which only the gate reads.
  ...['transfer-encoding', 'content-length', 'expect', 'upgrade'],
  // Middleware behind the gate could turn the request into another one.
  ...['x-http-method-override', 'x-http-method', 'x-method-override'],
  ...['x-original-url', 'x-rewrite-url', 'x-forwarded-uri'],
];

/**
 * Creates the function that tells whether a request is for an open path: GET or HEAD, exactly one of these
 * paths as it was sent, without credentials, without a body, and for no event stream.
 *
 * @param tokenField The field that carries the token where it is not `Authorization`.
 * @throws {ConfigError} When a path is a pattern, can be read in several ways, or leads to the MCP endpoint.
 */
export function createOpenPaths(
  paths: readonly string[],
  resource: string,
  tokenField = 'authorization',
): (request: OpenCandidate) => boolean {
  const known: ReadonlySet<string> = new Set(paths.map((path) => readPath(path, resource)));
  if (known.size === 0) return () => false;
  return ({ method, targets, has, accept }) => {
    if (method !== 'GET' && method !== 'HEAD') return false;
    const [first = '', ...others] = targets.map((target) => target.split('?', 1)[0] ?? '');
    if (!known.has(first) || others.some((path) => path !== first)) return false;
    // A handler of MCP that ignores paths must not open a stream for a stranger.
    return !/event-stream/i.test(accept) && ![tokenField, ...fieldsOfOthers].some(has);
  };
}

function readPath(path: string, resource: string): string {
  const refuse = (problem: string) => new ConfigError(option, `${JSON.stringify(path)} ${problem}`);
  if (!path.startsWith('/')) throw refuse('must begin with a slash');
  if (path.includes('%')) throw refuse('must have no %: paths are compared as they are sent');
  if (path.includes('//')) throw refuse('must have no //: servers read it in different ways');
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw refuse('must have no . or .. between slashes: servers read it in different ways');
  }
  if (!/^[A-Za-z0-9._~/-]*$/.test(path)) {
    throw refuse(
      'must be one exact path of letters, digits and . _ ~ - /. List each path: there are no wildcards',
    );
  }
  if (ownDocuments.test(path)) throw refuse('is served by the gate itself. Leave it out');
  // Routers differ in whether letter case and a final slash count, and proxies strip prefixes.
  const plain = path.toLowerCase().replace(/\/$/, '');
  for (const endpoint of endpointsOf(resource)) {
    if (plain !== endpoint && (endpoint === '' || !plain.startsWith(`${endpoint}/`))) continue;
    throw refuse('leads to the MCP endpoint, which always needs a token. Leave it out');
  }
  return path;
}

/** The path of the endpoint, and what is left of it behind proxies that strip a prefix. */
function endpointsOf(resource: string): readonly string[] {
  const segments = new URL(resource).pathname.toLowerCase().replace(/\/$/, '').split('/').slice(1);
  if (segments.length === 0) return [''];
  return segments.map((_segment, index) => `/${segments.slice(index).join('/')}`);
}
