/** What a tool learns of its caller: the principal, and only if wanted, the token. */
import {
  ConfigError,
  extractCredentials,
  type GuardRequest,
  type Principal,
  Secret,
} from '@sallyport/core';
import type { McpGateOptions } from '../gate/mcp-gate-options.ts';
import { type AuthInfo, toAuthInfo } from './auth-info.ts';

/** The request of a caller whom the guard let in. */
export interface CallerRequest {
  readonly credentials: GuardRequest;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

const noToken = [
  'gate.tokenExchange',
  'has nothing to exchange: the caller has an API key, and no token of an authorization server',
] as const;

/** Creates the function that makes the `authInfo` of each request. */
export function createCallerInfo(
  options: Pick<McpGateOptions, 'resource' | 'exposeToken' | 'tokenExchange'>,
  resourceMetadataUrl: string,
): (principal: Principal, request: CallerRequest) => AuthInfo {
  const { resource, exposeToken = false, tokenExchange } = options;
  return (principal, { credentials, signal }) => {
    const authInfo = toAuthInfo(principal, { resource, resourceMetadataUrl });
    // The guard has already accepted the token, whatever limit it was given.
    const readToken = () =>
      extractCredentials(credentials, ['Bearer', 'DPoP'], Number.POSITIVE_INFINITY).token;
    if (exposeToken) authInfo.token = readToken();
    if (tokenExchange !== undefined) {
      const context = { expiresAt: principal.expiresAt, signal };
      authInfo.extra.upstreamToken = async (target) => {
        // An API key is for this server alone, and no authorization server knows it.
        if (principal.issuer.startsWith('urn:sallyport:')) throw new ConfigError(...noToken);
        return tokenExchange.exchange(new Secret(readToken()), target, context);
      };
    }
    return authInfo;
  };
}
