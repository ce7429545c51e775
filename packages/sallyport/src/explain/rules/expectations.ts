/** What the settings want of a token, as far as they say it in so many words. */
import type { Config } from '@sallyport/config';

/** `undefined` members are known to a preset alone. */
export interface Expectations {
  readonly issuer: string | undefined;
  readonly audiences: readonly string[] | undefined;
  readonly clientIds: readonly string[];
  readonly algorithm: string | undefined;
  readonly toleranceSeconds: number;
  readonly scopes: readonly string[];
}

/** @param tool The tool that the token is tried for. */
export function readExpectations(config: Config, tool: string | undefined): Expectations {
  const { authentication, requiredScopes, toolScopes, resource } = config;
  const scopes = [...requiredScopes, ...((tool && toolScopes?.[tool]) || [])];
  const nothing = { issuer: undefined, audiences: undefined, clientIds: [], algorithm: undefined };
  if (authentication.type === 'jwt') {
    const { issuer, audience, otherAudiences, clientIds, algorithm } = authentication;
    return {
      issuer,
      audiences: audience === undefined ? undefined : [audience, ...otherAudiences],
      clientIds,
      algorithm,
      toleranceSeconds: authentication.clockSkewSeconds,
      scopes,
    };
  }
  if (authentication.type === 'introspection') {
    const { issuer, audience = resource, otherAudiences } = authentication;
    return {
      ...nothing,
      issuer,
      audiences: [audience, ...otherAudiences],
      toleranceSeconds: 0,
      scopes,
    };
  }
  return { ...nothing, toleranceSeconds: 0, scopes };
}
