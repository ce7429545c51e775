import { hash } from 'node:crypto';
import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { StoredKey } from '../records/key-record.ts';
import { within } from '../timeout.ts';
import type { ApiKeyStore } from './key-store.ts';
import type { RedisKeyClient } from './redis-client.ts';
import {
  noteOtherType,
  readCount,
  readFlag,
  readHash,
  readOptionalText,
  readPage,
  reasonOf,
} from './redis-replies.ts';
import { addScript, revokeScript } from './redis-scripts.ts';

/** Options for {@link createRedisKeyStore}. */
export interface RedisKeyStoreOptions {
  /**
   * Of `connectRedis` of `@sallyport/rate-limit-redis`, or your own: an ioredis or iovalkey client, or a cluster.
   * Not closed.
   */
  readonly client: RedisKeyClient;
  /** The public URL of the MCP endpoint. Servers of several resources can share one Redis. */
  readonly resource: string;
  /** How all names in Redis begin: up to 100 letters, digits and `: . _ -`. Default `sallyport:keys:`. */
  readonly prefix?: string;
  /** Longest time for one answer of Redis, in seconds: 0.01 to 1. Default 0.5. */
  readonly timeoutSeconds?: number;
}

const optionChecks: Checks<RedisKeyStoreOptions> = {
  client: check.shape('a Redis client', {
    hmget: 'function',
    hget: 'function',
    hset: 'function',
    hdel: 'function',
    hscan: 'function',
    eval: 'function',
  }),
  resource: check.text,
  prefix: check.optional(check.text),
  timeoutSeconds: check.optional(check.number),
};

const pageSize = 100;

/**
 * Keeps records of keys in Redis or Valkey, for any number of instances. All times in it are those of the writer.
 *
 * It does not make Redis durable: a Redis that loses writes loses revocations. The README says how to set it up.
 *
 * @throws {ConfigError} `apiKeyRedis.prefix` or `apiKeyRedis.timeoutSeconds` when it is out of its range.
 */
export function createRedisKeyStore(given: RedisKeyStoreOptions): ApiKeyStore {
  const options = checkOptions('apiKeyRedis', given, optionChecks);
  const { client, resource, prefix = 'sallyport:keys:', timeoutSeconds = 0.5 } = options;
  if (!/^[\w:.-]{1,100}$/.test(prefix)) {
    throw new ConfigError('apiKeyRedis.prefix', 'must be 1 to 100 letters, digits and : . _ -');
  }
  if (!(timeoutSeconds >= 0.01 && timeoutSeconds <= 1)) {
    throw new ConfigError(
      'apiKeyRedis.timeoutSeconds',
      'must be a number of seconds from 0.01 to 1',
    );
  }
  // A cluster keeps names with the same braces in one place, so that one script may use all of them.
  const place = `${prefix}{${hash('sha256', resource).slice(0, 16)}}`;
  const nameOf = (digest: string) => `${place}:key:${digest}`;
  const [ids, used] = [`${place}:ids`, `${place}:used`];

  async function ask<Answer>(
    call: () => Promise<unknown>,
    read: (answer: unknown) => Answer,
  ): Promise<Answer> {
    try {
      return read(await within(call(), timeoutSeconds * 1_000));
    } catch (error) {
      const reason = reasonOf(error);
      if (needsNewConnection.has(reason)) client.dropConnection?.();
      throw new AuthError('upstream_unavailable', {
        detail: `API keys: Redis failed (${reason})`,
        cause: error,
      });
    }
  }

  const find = (digest: string) =>
    ask(
      () => client.hmget(nameOf(digest), 'record', 'revokedAt', 'endsAt').catch(noteOtherType),
      readHash,
    );

  const digestOf = (id: string) => ask(() => client.hget(ids, id), readOptionalText);

  /** Its record is gone, 30 days after the key expired. */
  async function forget(id: string): Promise<void> {
    for (const name of [ids, used]) await ask(() => client.hdel(name, id), readCount);
  }

  return {
    name: 'redis',
    isLocal: false,
    find,

    async list() {
      const found: StoredKey[] = [];
      let cursor = '0';
      do {
        const page = await ask(() => client.hscan(ids, cursor, 'COUNT', pageSize), readPage);
        cursor = page.cursor;
        for (const [id, digest] of page.entries) {
          const key = await find(digest);
          const usedOn = await ask(() => client.hget(used, id), readOptionalText);
          if (key === undefined) await forget(id);
          else if ('record' in key) found.push({ ...key, ...(usedOn !== undefined && { usedOn }) });
        }
      } while (cursor !== '0');
      return found;
    },

    async add(record, replaced) {
      const old = replaced && (await digestOf(replaced.id));
      if (replaced !== undefined && old === undefined) {
        throw new AuthError('upstream_unavailable', {
          detail: `API keys: Redis has no key ${replaced.id}`,
        });
      }
      const keys = [ids, nameOf(record.digest), ...(old === undefined ? [] : [nameOf(old)])];
      const lifetime = record.expiresAt - record.createdAt;
      const words = [record.id, record.digest, JSON.stringify(record), `${lifetime}`];
      const ending = replaced === undefined ? [] : [`${replaced.endsAt}`];
      const isAdded = await ask(
        () => client.eval(addScript, keys.length, ...keys, ...words, ...ending),
        readFlag,
      );
      if (!isAdded) {
        const detail = 'API keys: nothing was added: the key to replace was revoked meanwhile';
        throw new AuthError('upstream_unavailable', { detail });
      }
    },

    async revoke(id, at) {
      const digest = await digestOf(id);
      if (digest === undefined) return false;
      return ask(() => client.eval(revokeScript, 1, nameOf(digest), `${at}`), readFlag);
    },

    async touch(id, day) {
      await ask(() => client.hset(used, id, day), readCount);
    },
  };
}

// Those of a server that is not Redis, has another role, or answers another command.
const needsNewConnection: ReadonlySet<string> = new Set([
  ...['unexpected_answer', 'timeout', 'ERR', 'MOVED', 'READONLY'],
]);
