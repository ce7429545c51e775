import { assertKnownOptions } from '../known-options.ts';
import type { AuthorizationServerOptions, ProtectedResource } from './options.ts';
import { findRedirectFault } from './sign-in/redirect-uri.ts';

/** The options with every default in place. */
export interface Settings extends Required<AuthorizationServerOptions> {
  readonly resources: readonly [ProtectedResource, ...ProtectedResource[]];
}

const defaultResource: ProtectedResource = {
  resource: 'http://127.0.0.1:8000/mcp',
  scopes: ['notes:read', 'notes:write'],
};

const names: readonly (keyof AuthorizationServerOptions)[] = [
  ...(['port', 'resources', 'clients', 'subject', 'consent', 'algorithm', 'onError'] as const),
];

// RFC 6749 §3.3.
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
// RFC 6749 appendix A.1.
const clientIdentifier = /^[\x20-\x7E]+$/;

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} for an option that cannot be used.
 */
export function toSettings(options: AuthorizationServerOptions): Settings {
  assertKnownOptions(options, names);
  const {
    port = 0,
    resources: [first, ...others] = [defaultResource],
    clients = [],
    subject = 'developer',
    consent = 'page',
    algorithm = 'RS256',
    onError = () => {},
  } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) refuse('port', 'from 0 to 65535');
  if (first === undefined) throw new TypeError('resources: at least one is needed');
  if (subject === '') refuse('subject', 'some text');
  const resources = [first, ...others] as const;
  for (const resource of resources) assertResource(resource);
  for (const { clientId, clientSecret, scopes = [], redirectUris = [] } of clients) {
    if (!clientIdentifier.test(clientId)) refuse('clients.clientId', 'visible ASCII');
    if (clientSecret === '') refuse('clients.clientSecret', 'some text, or left out');
    assertScopes('clients.scopes', scopes);
    for (const fault of redirectUris.map(findRedirectFault)) {
      if (fault !== undefined) throw new TypeError(`clients.redirectUris: ${fault}`);
    }
  }
  assertUnlike(
    'resources',
    resources.map(({ resource }) => new URL(resource).href),
  );
  assertUnlike(
    'clients',
    clients.map(({ clientId }) => clientId),
  );

  return { port, resources, clients, subject, consent, algorithm, onError };
}

function assertResource({ resource, scopes, accessTokenTtlSeconds = 1 }: ProtectedResource): void {
  if (!URL.canParse(resource) || resource.includes('#')) {
    refuse('resources.resource', 'an absolute URI without a fragment (RFC 8707 §2)');
  }
  assertScopes('resources.scopes', scopes);
  if (!(Number.isInteger(accessTokenTtlSeconds) && accessTokenTtlSeconds > 0)) {
    refuse('resources.accessTokenTtlSeconds', 'a positive number of whole seconds');
  }
}

function assertScopes(option: string, scopes: readonly string[]): void {
  if (!scopes.every((scope) => scopeToken.test(scope))) {
    refuse(option, 'scopes without white space, quotes or backslashes (RFC 6749 §3.3)');
  }
}

function assertUnlike(option: string, names: readonly string[]): void {
  if (new Set(names).size < names.length) refuse(option, 'unlike each other');
}

function refuse(option: string, expected: string): never {
  throw new TypeError(`${option}: must be ${expected}`);
}
