/** The part of the settings that says who is let in, and who counts failures. */
import { ConfigError, type RequestName, type Secret } from '@sallyport/core';
import type { OpenSettings, VerifierSettings } from '@sallyport/protect';
import { composeCallQuota, type ReadableQuota } from '../callers/compose-call-quota.ts';
import { composeDenial } from '../callers/compose-denial.ts';
import { createSharedRedis } from '../callers/shared-redis.ts';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { composeRateLimiter } from './compose-rate-limiter.ts';
import { type ComposedVerifier, composeVerifier } from './compose-verifier.ts';
import type { GateOptions } from './gate-options.ts';

/** Settings of `protect` about authentication, and what can be changed of them. */
export interface Authentication {
  readonly settings: (OpenSettings | VerifierSettings) &
    Pick<GateOptions, 'rateLimiter' | 'denial' | 'quota'> & {
      readonly authorizationServers?: readonly [string, ...string[]];
      readonly requestName?: RequestName;
    };
  readonly replaceKey: ((key: Secret) => void) | undefined;
}

interface Context extends Pick<GateOptions, 'verifier' | 'rateLimiter' | 'denial' | 'quota'> {
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  readonly onEvent: ConfigListener;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function authenticate(config: Config, context: Context): Promise<Authentication> {
  const { authentication, environment } = config;
  const { resource, verifier: own, onEvent } = context;
  if (authentication.type === 'none') {
    if (own !== undefined) {
      throw new ConfigError(
        'gate.verifier',
        'has no token to verify: authentication is switched off',
      );
    }
    const authorizationServers = listServers(config, new URL(resource).origin);
    const settings = { dangerouslyOmitAuthentication: true, authorizationServers } as const;
    return { settings, replaceKey: undefined };
  }
  const { verifier, issuer, replaceKey, requestName }: ComposedVerifier =
    own === undefined
      ? await composeVerifier(authentication, {
          environment,
          listenHost: config.host,
          resource,
          network: config.network,
          secrets: config.secrets,
          onEvent,
        })
      : { verifier: own, issuer: 'issuer' in authentication ? authentication.issuer : undefined };
  const useRedis = createSharedRedis(environment, onEvent);
  const { rateLimiter = await composeRateLimiter(config.rateLimit, useRedis, onEvent) } = context;
  const { denial = await composeDenial(config.denialList, environment, onEvent) } = context;
  const quota = context.quota ?? (await composeQuota(config, { resource, useRedis, onEvent }));
  return {
    settings: {
      verifier,
      rateLimiter,
      ...(quota !== undefined && { quota }),
      ...(denial && { denial }),
      authorizationServers: listServers(config, issuer ?? new URL(resource).origin),
      ...(requestName !== undefined && { requestName }),
    },
    replaceKey,
  };
}

function composeQuota(
  { callQuota }: Config,
  context: Parameters<typeof composeCallQuota>[1],
): Promise<ReadableQuota> | undefined {
  return callQuota && composeCallQuota(callQuota, context);
}

function listServers({ authorizationServers }: Config, issuer: string): [string, ...string[]] {
  const [first = issuer, ...others] = authorizationServers;
  return [first, ...others];
}
