import { OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import {
  createOAuthTokenVerifier,
  type OAuthTokenVerifier,
  type OAuthTokenVerifierOptions,
} from './oauth-token-verifier.ts';

const codes = {
  invalid_token: OAuthErrorCode.InvalidToken,
  temporarily_unavailable: OAuthErrorCode.TemporarilyUnavailable,
} as const;

/**
 * Fits a verifier into the gate of SDK v2 (`@modelcontextprotocol/server`), for those who keep
 * `requireBearerAuth`. That function has no rate limit, and answers an outage with 400.
 *
 * @throws {ConfigError} When `resource` is not a valid resource URL.
 */
export function toOAuthTokenVerifier(options: OAuthTokenVerifierOptions): OAuthTokenVerifier {
  return createOAuthTokenVerifier(options, (kind, message) => new OAuthError(codes[kind], message));
}
