/** What anybody may read: the metadata, by its path. */
import { ConfigError, type Guard } from '@sallyport/core';
import { writeProtectedResourceMetadata } from './protected-resource-metadata.ts';

/** Options for {@link createPublicDocuments}. */
export interface PublicDocumentsOptions {
  /** The public URL of the MCP endpoint, as it stands in the tokens' `aud`. */
  readonly resource: string;
  /** Exact issuer strings of the authorization servers to trust. At least one. */
  readonly authorizationServers: readonly [string, ...string[]];
  /** A name to show to people, in the metadata. */
  readonly resourceName?: string;
  /**
   * Serves the metadata at `/.well-known/oauth-protected-resource` too, where clients look that know no
   * path-inserted address. One resource of an origin can have it. Default false.
   */
  readonly metadataAtRoot?: boolean;
  /**
   * The metadata of the authorization server (RFC 8414), as it serves it, for clients of MCP
   * 2025-03-26: they look for it at this server's `/.well-known/oauth-authorization-server`. Its
   * `issuer` must be one of `authorizationServers`. Default: no such address.
   */
  readonly authorizationServerMetadata?: Readonly<Record<string, unknown>>;
}

const rootPath = '/.well-known/oauth-protected-resource';

/**
 * @param metadataPath Where the protected resource metadata is (RFC 9728 §3.1).
 * @throws {ConfigError} When an option does not fit.
 */
export function createPublicDocuments(
  metadataPath: string,
  { initialScopes, senderConstraints }: Pick<Guard, 'initialScopes' | 'senderConstraints'>,
  options: PublicDocumentsOptions,
): ReadonlyMap<string, string> {
  const { authorizationServers, authorizationServerMetadata, metadataAtRoot = false } = options;
  const metadata = writeProtectedResourceMetadata({
    ...options,
    scopesSupported: initialScopes,
    ...(senderConstraints && { senderConstraints }),
  });
  const documents = new Map([[metadataPath, metadata]]);
  if (metadataAtRoot) documents.set(rootPath, metadata);
  if (authorizationServerMetadata !== undefined) {
    const { issuer } = authorizationServerMetadata;
    if (typeof issuer !== 'string' || !authorizationServers.includes(issuer)) {
      throw new ConfigError(
        'gate.authorizationServerMetadata',
        `must have as issuer one of ${authorizationServers.join(', ')}`,
      );
    }
    documents.set(
      '/.well-known/oauth-authorization-server',
      JSON.stringify(authorizationServerMetadata),
    );
  }
  return documents;
}
