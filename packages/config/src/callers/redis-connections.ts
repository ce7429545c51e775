/** Connections to Redis, for everything that several instances share. */
import type { Environment, Secret } from '@sallyport/core';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import type { Variable } from '../variables/variable.ts';

type Library = typeof import('@sallyport/rate-limit-redis');
type Client = Awaited<ReturnType<Library['connectRedis']>>;

interface RedisNeed {
  readonly url: Secret;
  /** The variable that has the URL. Errors name it. */
  readonly variable: Variable<string | undefined>;
  /** Longest time that a command may take. Default 0.1. */
  readonly timeoutSeconds?: number;
}

/**
 * Makes a part of a gate with a connection. Parts with the same URL and timeout share one. The last of them to be
 * closed closes it, and so does a part that cannot be made.
 *
 * @throws {ConfigError} When the package is not installed.
 */
export type WithRedis = <Part extends object>(
  need: RedisNeed,
  make: (client: Client, library: Library) => Part | Promise<Part>,
) => Promise<Part & Closable>;

interface Closable {
  close(): Promise<void>;
}

interface Connection {
  readonly client: Client;
  readonly library: Library;
  uses: number;
}

export function createRedisConnections(
  environment: Environment,
  onEvent: ConfigListener,
): WithRedis {
  const open = new Map<string, Promise<Connection>>();

  async function connect({ url, variable, timeoutSeconds = 0.1 }: RedisNeed): Promise<Connection> {
    const library = await loadPackage(
      '@sallyport/rate-limit-redis',
      variable.name,
      () => import('@sallyport/rate-limit-redis'),
    );
    const options = { url: url.reveal(), timeoutSeconds, environment, onEvent };
    return { client: await library.connectRedis(options), library, uses: 0 };
  }

  return async <Part extends object>(
    need: RedisNeed,
    make: (client: Client, library: Library) => Part | Promise<Part>,
  ) => {
    const place = JSON.stringify([need.url.reveal(), need.timeoutSeconds]);
    const connecting = open.get(place) ?? connect(need);
    open.set(place, connecting);
    const connection = await connecting;
    connection.uses += 1;
    const release = (): void => {
      connection.uses -= 1;
      if (connection.uses > 0) return;
      open.delete(place);
      connection.client.disconnect();
    };
    try {
      const part: Part & Partial<Closable> = await make(connection.client, connection.library);
      return {
        ...part,

        async close() {
          await part.close?.();
          release();
        },
      };
    } catch (error) {
      release();
      throw error;
    }
  };
}
