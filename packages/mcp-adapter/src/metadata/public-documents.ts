/** The public documents, by path: metadata that needs no token. */
import { ConfigError, type CredentialField, type Guard } from '@sallyport/core';
import {
  type AuthorizationServers,
  writeProtectedResourceMetadata,
} from './protected-resource-metadata.ts';
import { metadataPaths, withSlash } from './well-known.ts';

/** Options for {@link createPublicDocuments}. */
export interface PublicDocumentsOptions {
  /** The public URL of the MCP endpoint, as it stands in the tokens' `aud`. */
  readonly resource: string;
  /**
   * Exact issuer strings of the authorization servers to trust. At least one. It may be empty where
   * `credentialField` says that `Authorization` is ignored.
   */
  readonly authorizationServers: AuthorizationServers;
  /** A name to show to people, in the metadata. */
  readonly resourceName?: string;
  /**
   * Serves the metadata at `/.well-known/oauth-protected-resource` too, where older clients look. Set it
   * to `false` where another resource of the same origin is described there. Default true.
   */
  readonly metadataAtRoot?: boolean;
  /**
   * The metadata of the authorization server (RFC 8414), as it serves it, for clients of MCP
   * 2025-03-26: they look for it at this server's `/.well-known/oauth-authorization-server`. Its
   * `issuer` must be one of `authorizationServers`. Default: no such address.
   */
  readonly authorizationServerMetadata?: Readonly<Record<string, unknown>>;
  /**
   * The field that carries the token where it is not `Authorization`, such as `X-API-Key` or what Identity-Aware
   * Proxy adds. Default: `Authorization` alone.
   */
  readonly credentialField?: CredentialField;
}

/**
 * Returns the documents by the exact path of the request.
 *
 * @throws {ConfigError} When an option does not fit.
 */
export function createPublicDocuments(
  { initialScopes, senderConstraints }: Pick<Guard, 'initialScopes' | 'senderConstraints'>,
  options: PublicDocumentsOptions,
): ReadonlyMap<string, string> {
  const { authorizationServers, authorizationServerMetadata, metadataAtRoot = true } = options;
  const metadata = writeProtectedResourceMetadata({
    ...options,
    scopesSupported: initialScopes,
    ...(senderConstraints && { senderConstraints }),
  });
  const { pathname } = new URL(options.resource);
  const paths = metadataPaths(pathname === '/' ? '' : pathname, metadataAtRoot);
  const documents = new Map(paths.map((path) => [path, metadata]));
  if (authorizationServerMetadata !== undefined) {
    const { issuer } = authorizationServerMetadata;
    if (typeof issuer !== 'string' || !authorizationServers.some((each) => each === issuer)) {
      throw new ConfigError(
        'gate.authorizationServerMetadata',
        `must have as issuer one of ${authorizationServers.join(', ')}`,
      );
    }
    const document = JSON.stringify(authorizationServerMetadata);
    for (const path of withSlash('/.well-known/oauth-authorization-server')) {
      documents.set(path, document);
    }
  }
  return documents;
}
