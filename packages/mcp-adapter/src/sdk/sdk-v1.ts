import {
  InvalidTokenError,
  TemporarilyUnavailableError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import {
  createOAuthTokenVerifier,
  type OAuthTokenVerifier,
  type OAuthTokenVerifierOptions,
} from './oauth-token-verifier.ts';

const classes = {
  invalid_token: InvalidTokenError,
  temporarily_unavailable: TemporarilyUnavailableError,
} as const;

/**
 * Fits a verifier into the gate of SDK v1 (`@modelcontextprotocol/sdk`), for those who keep
 * `requireBearerAuth`. That function has no rate limit, and answers an outage with 400.
 *
 * @throws {ConfigError} When `resource` is not a valid resource URL.
 */
export function toOAuthTokenVerifier(options: OAuthTokenVerifierOptions): OAuthTokenVerifier {
  return createOAuthTokenVerifier(options, (kind, message) => new classes[kind](message));
}
