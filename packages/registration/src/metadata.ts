/** The metadata of this server as an authorization server (RFC 8414). */

/**
 * Writes the document. Its issuer is what `authorization_servers` of the resource says, byte for byte: clients compare.
 * It does not offer client id metadata documents.
 */
export function writeMetadata(issuer: string, scopes: readonly string[]): string {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
}
