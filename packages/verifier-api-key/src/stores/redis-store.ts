import { hash } from 'node:crypto';
import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  isAuthError,
} from '@sallyport/core';
import { isStoredKey, type StoredKey, type UnreadableKey } from '../records/key-record.ts';
import type { ApiKeyStore } from './key-store.ts';
import type { RedisKeyClient } from './redis-client.ts';
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
      if (isAuthError(error) && error.code !== 'upstream_unavailable') throw error;
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
      await ask(() => client.eval(addScript, keys.length, ...keys, ...words, ...ending), readDone);
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

/** A client of one's own may never answer. */
function within<Answer>(answer: Promise<Answer>, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Command timed out')), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

// Those of a server that is not Redis, has another role, or answers another command.
const needsNewConnection: ReadonlySet<string> = new Set([
  ...['unexpected_answer', 'timeout', 'ERR', 'MOVED', 'READONLY'],
]);

/** A word about what went wrong. No text of others gets further than its first word. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError || isAuthError(error)) return 'unexpected_answer';
  if (!(error instanceof Error)) return 'connection';
  if (error.message === 'Command timed out') return 'timeout';
  return /^[A-Z]{3,20}(?= |$)/.exec(error.message)?.[0] ?? 'connection';
}

const otherType = Symbol('the value of another program');

function noteOtherType(error: unknown): typeof otherType {
  if (reasonOf(error) === 'WRONGTYPE') return otherType;
  throw error;
}

/** One record that somebody broke must not look like an outage of Redis. */
function readHash(answer: unknown): StoredKey | UnreadableKey | undefined {
  if (answer === otherType) return { unreadable: 'Redis has something else in place of a record' };
  if (!Array.isArray(answer) || answer.length !== 3) throw unexpected();
  const [record, revokedAt, endsAt]: readonly (string | undefined)[] = answer.map(readOptionalText);
  // What is left of a record that somebody removed is no key.
  if (record === undefined) return undefined;
  const key = {
    record: parse(record),
    ...(revokedAt !== undefined && { revokedAt: Number(revokedAt) }),
    ...(endsAt !== undefined && { endsAt: Number(endsAt) }),
  };
  return isStoredKey(key) ? key : { unreadable: 'Redis has a record that cannot be read' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Page {
  readonly cursor: string;
  readonly entries: readonly (readonly [id: string, digest: string])[];
}

function readPage(answer: unknown): Page {
  const [cursor, flat]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (typeof cursor !== 'string' || !Array.isArray(flat) || flat.length % 2 === 1) {
    throw unexpected();
  }
  const texts = flat.map(readText);
  const entries = texts.flatMap((text, index) =>
    index % 2 === 0 ? [[text, texts[index + 1] ?? ''] as const] : [],
  );
  return { cursor, entries };
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw unexpected();
  return value;
}

function readOptionalText(value: unknown): string | undefined {
  return value === null ? undefined : readText(value);
}

function readCount(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw unexpected();
  return Number(value);
}

function readFlag(value: unknown): boolean {
  return readCount(value) === 1;
}

function readDone(value: unknown): void {
  if (!readFlag(value)) throw unexpected();
}

function unexpected(): TypeError {
  return new TypeError('Redis answered something else');
}
