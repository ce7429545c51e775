import { createHash } from 'node:crypto';
import type { AuthorizationRule, CallQuotaReadings } from '@sallyport/core';
import { createMemoryCallQuota } from '@sallyport/rate-limit';
import type { CallQuotaSettings } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { rateLimitRedisUrl } from '../variables/server-variables.ts';
import type { WithRedis } from './redis-connections.ts';

interface Context {
  readonly resource: string;
  readonly withRedis: WithRedis;
  readonly onEvent: ConfigListener;
}

/** A quota that says how many callers it remembers. */
export type ReadableQuota = AuthorizationRule & { readings(): CallQuotaReadings };

/** @throws {ConfigError} When a package is not installed. */
export async function composeCallQuota(
  settings: CallQuotaSettings,
  { resource, withRedis, onEvent }: Context,
): Promise<ReadableQuota> {
  const { calls, windowSeconds, tools, countDiscovery, redisUrl: url } = settings;
  const fallback = createMemoryCallQuota({
    ...(calls !== undefined && { calls, windowSeconds }),
    tools: Object.fromEntries(
      Object.entries(tools).map(([name, { windowSeconds: seconds = 60, ...limit }]) => [
        name,
        { ...limit, windowSeconds: seconds },
      ]),
    ),
    countDiscovery,
  });
  if (url === undefined) return fallback;
  // Other servers may count in the same Redis: each has a quota of its own.
  const digest = createHash('sha256').update(resource).digest('hex').slice(0, 16);
  const prefix = `sallyport:calls:${digest}:`;
  return withRedis({ url, variable: rateLimitRedisUrl }, (client, library) =>
    library.createRedisCallQuota({ client, fallback, prefix, onEvent }),
  );
}
