export type {
  OAuthTokenVerifier,
  OAuthTokenVerifierOptions,
} from './sdk/oauth-token-verifier.ts';
export { toOAuthTokenVerifier } from './sdk/sdk-v1.ts';
