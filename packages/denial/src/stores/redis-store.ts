import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { type DenialStore, maximumBytes } from './denial-store.ts';

/** What is needed of a client. Those of ioredis and iovalkey have it, their clusters too. */
export interface DenialRedisClient {
  get(key: string): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
  /** Closes a connection after an invalid answer. `connectRedis` of `@sallyport/rate-limit-redis` provides it. */
  dropConnection?(): void;
}

/** Options for {@link createRedisDenialStore}. */
export interface RedisDenialStoreOptions {
  /** One that fails fast, such as that of `connectRedis`. The store does not close it. */
  readonly client: DenialRedisClient;
  /** The key of the list: 1 to 100 letters, digits and `: . _ -`. Default `sallyport:denial`. */
  readonly key?: string;
}

const optionChecks: Checks<RedisDenialStoreOptions> = {
  client: check.shape('a Redis client', { get: 'function', eval: 'function' }),
  key: check.optional(check.text),
};

// KEYS: the list. ARGV: whether it must exist, what it must be, and what it becomes.
const replaceScript = `
local current = redis.call('GET', KEYS[1])
if ARGV[1] == '0' then
  if current then return 0 end
elseif current ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3])
return 1
`;

/**
 * Keeps the list in Redis or Valkey, under one key without expiry.
 *
 * Redis must be persistent: after a loss of its memory there is no list, and new instances answer 503 until
 * somebody creates one. A Redis that evicts keys must evict only keys with an expiry (`volatile-*`, `noeviction`).
 *
 * @throws {ConfigError} When the key is not valid.
 */
export function createRedisDenialStore(given: RedisDenialStoreOptions): DenialStore {
  const { client, key = 'sallyport:denial' } = checkOptions('denial.redis', given, optionChecks);
  if (!/^[\w:.-]{1,100}$/.test(key)) {
    throw new ConfigError('denial.redis.key', 'must be 1 to 100 letters, digits and : . _ -');
  }

  function unexpected(): never {
    // The next answers on this connection may belong to other commands.
    client.dropConnection?.();
    throw new TypeError('unexpected answer');
  }

  return {
    name: `Redis, key ${key}`,
    refusesOlder: true,

    async read() {
      const answer = await client.get(key);
      if (answer === null) return undefined;
      if (typeof answer !== 'string') return unexpected();
      if (Buffer.byteLength(answer) > maximumBytes) throw new RangeError('too many bytes');
      return answer;
    },

    async replace(expected, next) {
      const conditions = [expected === undefined ? '0' : '1', expected ?? '', next];
      const answer = await client.eval(replaceScript, 1, key, ...conditions);
      return answer === 1 || (answer === 0 ? false : unexpected());
    },
  };
}
