import { ConfigError, type CredentialField, type SenderConstraint } from '@sallyport/core';
import { parseEndpoint } from './resource.ts';

/** One or more issuers. Empty where `Authorization` is ignored. */
export type AuthorizationServers = readonly [string, ...string[]] | readonly [];

/** Options for {@link writeProtectedResourceMetadata}. */
export interface ProtectedResourceMetadataOptions {
  /** The public URL of the MCP endpoint, as it stands in the tokens' `aud`. */
  readonly resource: string;
  /**
   * Exact issuer strings of the authorization servers to trust. At least one, unless a front door signs callers
   * in: then clients get no tokens, and the document names no server.
   */
  readonly authorizationServers: AuthorizationServers;
  /** The minimal set of scopes for a useful start. Never `offline_access`. */
  readonly scopesSupported: readonly string[];
  /** A name to show to people. */
  readonly resourceName?: string;
  /** The bindings of tokens that are checked. Default none. */
  readonly senderConstraints?: readonly SenderConstraint[];
  /** Where the token comes in another field than `Authorization`. */
  readonly credentialField?: CredentialField;
}

/**
 * Writes the metadata document (RFC 9728 §2) as JSON, from configuration alone.
 *
 * @throws {ConfigError} When there is no authorization server and tokens come in `Authorization` alone, or when one
 *   is not an https URL.
 */
export function writeProtectedResourceMetadata(options: ProtectedResourceMetadataOptions): string {
  const { resource, authorizationServers, scopesSupported, resourceName } = options;
  const hasServers = authorizationServers.length > 0;
  if (!hasServers && options.credentialField === undefined) {
    throw new ConfigError('gate.authorizationServers', 'must name at least one');
  }
  for (const issuer of authorizationServers) parseEndpoint('gate.authorizationServers', issuer);
  if (scopesSupported.includes('offline_access')) {
    throw new ConfigError(
      'gate.scopes',
      'must not list offline_access: it is not a scope of a tool',
    );
  }
  return JSON.stringify({
    resource,
    ...(hasServers && { authorization_servers: authorizationServers }),
    ...(scopesSupported.length > 0 && { scopes_supported: scopesSupported }),
    bearer_methods_supported: ['header'],
    ...(resourceName !== undefined && { resource_name: resourceName }),
    ...describeConstraints(options.senderConstraints ?? []),
  });
}

function describeConstraints(constraints: readonly SenderConstraint[]): Record<string, unknown> {
  const dpop = constraints.find(({ method }) => method === 'jkt');
  return {
    ...(dpop && { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(dpop?.required && { dpop_bound_access_tokens_required: true }),
    ...(constraints.some(({ method }) => method === 'x5t#S256') && {
      tls_client_certificate_bound_access_tokens: true,
    }),
  };
}
