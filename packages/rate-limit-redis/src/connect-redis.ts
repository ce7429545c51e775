import type { ConnectionOptions } from 'node:tls';
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { Redis } from 'ioredis';

/** Options for {@link connectRedis}. */
export interface ConnectRedisOptions {
  /** `redis:` or, with TLS, `rediss:`. May have a user, a password and a database. */
  readonly url: string;
  /** For TLS, such as `{ ca }` where a service has a certification authority of its own. */
  readonly tls?: ConnectionOptions;
}

/** How long the first connection is waited for. */
const firstConnectionMs = 1_000;

const optionChecks: Checks<ConnectRedisOptions> = {
  url: check.text,
  tls: check.optional(check.object),
};

/**
 * Connects a client that fails fast: a command is answered, or rejected, within 100 ms, none waits
 * for a connection, and a lost connection is made anew within about a second.
 *
 * It resolves within a second in any case: a Redis that is away must keep nobody from starting.
 * Whoever calls it ends it, with `disconnect()`.
 *
 * @throws {ConfigError} `rateLimit.redisUrl` when it is none. Nothing of it is shown.
 */
export async function connectRedis(options: ConnectRedisOptions): Promise<Redis> {
  const { url, tls } = checkOptions('redis', options, optionChecks);
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new ConfigError('rateLimit.redisUrl', 'must be a redis:// or rediss:// URL');
  }
  if (protocol === 'redis:' && tls !== undefined) {
    throw new ConfigError('rateLimit.redisUrl', 'must be a rediss:// URL where there is tls');
  }
  const client = new Redis(url, {
    ...(tls !== undefined && { tls }),
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 100,
    connectTimeout: 1_000,
    // What was frozen or cut off in silence is not waited for, but connected to anew.
    socketTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  });
  // The limiter tells of outages. Without a listener ioredis prints every single error.
  client.on('error', () => {});
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMs);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', settle);
    client.once('close', settle);
  });
  return client;
}
