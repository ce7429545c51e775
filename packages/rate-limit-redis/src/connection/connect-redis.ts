import type { ConnectionOptions } from 'node:tls';
import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type Environment,
  type EventListener,
} from '@sallyport/core';
import { Redis } from 'ioredis';
import { assertTimeout } from '../timeout.ts';
import { guardConnection } from './guard-connection.ts';

/** Options for {@link connectRedis}. */
export interface ConnectRedisOptions {
  /** `redis:` or, with TLS, `rediss:`. May have a user, a password and a database. */
  readonly url: string;
  /** For TLS, such as `{ ca }` where a service has a certification authority of its own. */
  readonly tls?: ConnectionOptions;
  /** Where the program runs. In production a password without TLS is reported. Default: no report. */
  readonly environment?: Environment;
  /** Longest time that a command may take, in seconds: 0.01 to 5. Default 0.1. */
  readonly timeoutSeconds?: number;
  /** Receives what an operator should know. Default: nothing is reported. */
  readonly onEvent?: EventListener<RedisConnectionEvent>;
}

/** What an operator should know of the connection. */
export type RedisConnectionEvent =
  /** The password crosses the network in clear text: use `rediss:`. */
  { readonly type: 'redis_password_unencrypted' };

/** How long the first connection is waited for. */
const firstConnectionMs = 1_000;

const thisMachine = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

const optionChecks: Checks<ConnectRedisOptions> = {
  url: check.text,
  tls: check.optional(check.recordOf(check.optional(check.anything))),
  environment: check.optional(check.environment),
  timeoutSeconds: check.optional(check.number),
  onEvent: check.optional(check.callback),
};

/**
 * Connects a client that fails fast: a command is answered, or rejected, within 100 ms, none waits
 * for a connection, and a lost connection is made anew within about a second. After an unexpected reply
 * the connection is closed.
 *
 * It resolves within a second, so a server can start while Redis is down.
 * The caller ends the client, with `disconnect()`.
 *
 * @throws {ConfigError} `redis.timeoutSeconds` when it is out of its range. `rateLimit.redisUrl` when it is not such a URL, or when its
 *   query sets options of the client. The message shows the names of those options, and nothing else of the URL.
 */
export async function connectRedis(
  given: ConnectRedisOptions,
): Promise<Redis & { dropConnection(): void }> {
  const options = checkOptions('redis', given, optionChecks);
  const { url, tls, environment, timeoutSeconds = 0.1 } = options;
  assertTimeout('redis.timeoutSeconds', timeoutSeconds);
  const parsed = parseRedisUrl(url);
  if (parsed.protocol === 'redis:' && tls !== undefined) {
    throw new ConfigError('rateLimit.redisUrl', 'must be a rediss:// URL where there is tls');
  }
  const isOpen = parsed.protocol === 'redis:' && !thisMachine.test(parsed.hostname);
  if (environment?.isProduction && isOpen && parsed.password !== '') {
    createReporter(options.onEvent)({ type: 'redis_password_unencrypted' });
  }
  const client = new Redis(url, {
    ...(tls !== undefined && { tls }),
    protocol: 2,
    // A Redis that is loading rejects commands, which the limiter retries sooner than the client.
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: timeoutSeconds * 1_000,
    connectTimeout: 1_000,
    // What was frozen or cut off in silence is not waited for, but connected to anew.
    socketTimeout: Math.max(1_000, timeoutSeconds * 1_000),
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  });
  // The limiter tells of outages. Without a listener ioredis prints every single error.
  client.on('error', () => {});
  guardConnection(client);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMs);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', settle);
    client.once('close', settle);
  });
  return Object.assign(client, {
    dropConnection: () => void client.stream?.destroy(),
  });
}

/** The client prefers options in the query to ours. */
function parseRedisUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:') {
    throw new ConfigError('rateLimit.redisUrl', 'must be a redis:// or rediss:// URL');
  }
  const names = [...url.searchParams]
    .filter(([name, value]) => name !== 'family' || !/^[046]$/.test(value))
    .map(([name]) => (/^[A-Za-z]{1,40}$/.test(name) ? name : 'an option without a name'));
  if (names.length > 0) {
    const list = [...new Set(names)].join(', ');
    throw new ConfigError(
      'rateLimit.redisUrl',
      `must not set options of the client in its query (${list}): remove them`,
    );
  }
  return url;
}
