/** What `toOAuthTokenVerifier` of both SDK lines shares; only their error classes differ. */
import {
  type AuthError,
  assertConfirmationAccepted,
  authErrorAnswers,
  type Checks,
  check,
  checkOptions,
  isAuthError,
  maximumTokenBytesCheck,
  type TokenVerifier,
} from '@sallyport/core';
import { type AuthInfo, toAuthInfo } from '../caller/auth-info.ts';
import { protectedResourceMetadataUrl } from '../metadata/resource.ts';

/** Options of `toOAuthTokenVerifier`. */
export interface OAuthTokenVerifierOptions {
  readonly verifier: TokenVerifier;
  /** The public URL of the MCP endpoint; the verifier checks that tokens are meant for it. */
  readonly resource: string;
  /** Longest token that is accepted, in bytes: 1,024 to 65,536. Default 8,192. */
  readonly maximumTokenBytes?: number;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The one method that both SDK lines ask their users for. */
export interface OAuthTokenVerifier {
  /** @throws The error class of the SDK line, with a fixed text that holds nothing of the token. */
  verifyAccessToken(token: string): Promise<AuthInfo>;
}

const optionChecks: Checks<OAuthTokenVerifierOptions> = {
  verifier: check.verifier,
  resource: check.text,
  maximumTokenBytes: maximumTokenBytesCheck,
  now: check.optional(check.callback),
};

/** @param toSdkError Makes an error that the SDK's gate understands, from a public text. */
export function createOAuthTokenVerifier(
  options: OAuthTokenVerifierOptions,
  toSdkError: (kind: 'invalid_token' | 'temporarily_unavailable', message: string) => Error,
): OAuthTokenVerifier {
  const checked = checkOptions('gate', options, optionChecks);
  const { verifier, resource, maximumTokenBytes, now = Date.now } = checked;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  return {
    async verifyAccessToken(token) {
      try {
        const principal = await verifier.verify(token, {
          nowSeconds: Math.floor(now() / 1_000),
          // The SDK's gate has no signal to pass on; verifiers bound their own calls.
          signal: new AbortController().signal,
          allowRemote: true,
          ...(maximumTokenBytes !== undefined && { maximumTokenBytes }),
        });
        // The SDK's gate asks for no proof, so that no bound token may get past it.
        assertConfirmationAccepted(principal.confirmation, undefined);
        return toAuthInfo(principal, { resource, resourceMetadataUrl });
      } catch (error) {
        const { error: kind, description } = isAuthError(error)
          ? answerTo(error)
          : authErrorAnswers.upstream_unavailable;
        throw toSdkError(
          kind === 'invalid_token' ? 'invalid_token' : 'temporarily_unavailable',
          description,
        );
      }
    },
  };
}

function answerTo({ code }: AuthError) {
  return authErrorAnswers[code];
}
