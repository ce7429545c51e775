/** What can refuse a caller whose token is good, and who counts failures. */
import type { RateLimiter } from '@sallyport/core';
import type { Opened } from '../compose/authenticate.ts';
import type { GateOptions } from '../compose/gate-options.ts';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { composeCallQuota } from './compose-call-quota.ts';
import { composeDenial } from './compose-denial.ts';
import { composeRateLimiter } from './compose-rate-limiter.ts';
import type { WithRedis } from './redis-connections.ts';

type LimitOptions = Pick<GateOptions, 'rateLimiter' | 'denial' | 'quota'>;

interface Context extends LimitOptions {
  readonly resource: string;
  readonly withRedis: WithRedis;
  readonly onEvent: ConfigListener;
  readonly opened: Opened;
}

/**
 * Composes the limits that variables describe. What the server passed in takes their place.
 *
 * @throws {ConfigError} When a package is not installed.
 */
export async function composeLimits(
  { rateLimit, denialList, callQuota }: Config,
  { resource, withRedis, onEvent, opened, ...own }: Context,
): Promise<LimitOptions & { readonly rateLimiter: RateLimiter }> {
  const open = <Part extends { close?(): Promise<void> }>(part: Part): Part => {
    opened.push(async () => part.close?.());
    return part;
  };
  const rateLimiter =
    own.rateLimiter ?? open(await composeRateLimiter(rateLimit, withRedis, onEvent));
  const listed = own.denial ?? (await composeDenial(denialList, withRedis, onEvent));
  const denial = own.denial ?? (listed && open(listed));
  const counted =
    own.quota ??
    (callQuota && (await composeCallQuota(callQuota, { resource, withRedis, onEvent })));
  const quota = own.quota ?? (counted && open(counted));
  return { rateLimiter, ...(denial && { denial }), ...(quota && { quota }) };
}
