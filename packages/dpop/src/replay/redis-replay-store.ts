import { type Checks, ConfigError, check, checkOptions, createReporter } from '@sallyport/core';
import { createMemoryReplayStore } from './memory-replay-store.ts';
import type { ReplayStore, UsedProof } from './replay-store.ts';

/** What is needed of a client. Those of ioredis and iovalkey have it, their clusters too. */
export interface RedisClient {
  set(key: string, value: string, px: 'PX', milliseconds: number, nx: 'NX'): Promise<unknown>;
  /** Tells the eviction policy of the server. Without it, the policy is not known. */
  info?(section: 'memory'): Promise<unknown>;
  /** Closes a connection after an invalid answer. `connectRedis` provides it. */
  dropConnection?(): void;
}

/** What becomes of the memory that instances share. */
export type ReplayEvent =
  /** Redis does not answer as it should: from now on each instance remembers for itself. */
  | {
      readonly type: 'redis_unavailable';
      readonly reason: 'timeout' | 'rejected' | 'unexpected_answer';
    }
  /** It does again. */
  | { readonly type: 'redis_available' }
  /**
   * Redis may forget used proofs, or does not say so: set `maxmemory-policy` to `noeviction`, so that a
   * full Redis rejects writes and each instance remembers for itself.
   */
  | {
      readonly type: 'redis_evicts';
      /** Its `maxmemory-policy`, or `unknown`. */
      readonly policy: string;
    };

/** Options for {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
  /** One that fails fast: of `connectRedis` of `@sallyport/rate-limit-redis`. Not closed. */
  readonly client: RedisClient;
  /** What this instance remembers by itself. Default `createMemoryReplayStore()`. */
  readonly fallback?: ReplayStore;
  /**
   * How all names in Redis begin: up to 100 letters, digits and `: . _ -`. Those who share it share
   * the memory. Default `sallyport:dpop:`.
   */
  readonly prefix?: string;
  /** Receives an event when Redis is lost, when it is back, and when it may evict proofs. */
  readonly onEvent?: (event: ReplayEvent) => void;
  /** Clock for trying again, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

const timeoutMs = 100;
const retryEveryMs = 500;
const policyTimeoutMs = 1_000;
// The clocks of instances differ, and for the slowest of them a proof is good for longer.
const slackSeconds = 60;

const optionChecks: Checks<RedisReplayStoreOptions> = {
  client: check.shape('a Redis client', { set: 'function' }),
  fallback: check.optional(check.shape('a replay store', { remember: 'function' })),
  prefix: check.optional(check.text),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/**
 * Remembers proofs in Redis or Valkey, so that one that was used at one instance is known to all. One
 * command decides and writes, under one name with an end.
 *
 * Redis must not evict: its `maxmemory-policy` must be `noeviction`. The store asks for the policy when it
 * is created, and reports `redis_evicts` for every other one.
 *
 * While Redis is slow or away, each instance knows what it has seen itself: a proof that somebody got
 * hold of, with its token and within minutes, is then good once at each of the others. To refuse in
 * its place would let an outage of ours lock out every client.
 *
 * @throws {ConfigError} `dpop.replay.prefix` when it is none.
 */
export function createRedisReplayStore(given: RedisReplayStoreOptions): ReplayStore {
  const options = checkOptions('dpop.replay', given, optionChecks);
  const { client, fallback = createMemoryReplayStore(), prefix = 'sallyport:dpop:' } = options;
  const { monotonicNow = () => performance.now() } = options;
  if (typeof prefix !== 'string' || !/^[\w:.-]{1,100}$/.test(prefix)) {
    throw new ConfigError('dpop.replay.prefix', 'must be 1 to 100 letters, digits and : . _ -');
  }
  let retryAt: number | undefined;
  let isPolicyKnown = false;

  const tell: (event: ReplayEvent) => void = createReporter(options.onEvent);

  /**
   * Asks until there is an answer, and reports once.
   *
   * @param isThere Redis has just answered, so a rejection means that this user may not ask.
   */
  async function checkPolicy(isThere: boolean): Promise<void> {
    if (isPolicyKnown || client.info === undefined) return;
    isPolicyKnown = true;
    const answer = await within(policyTimeoutMs, async () => client.info?.('memory'));
    if (answer === 'timeout' || (answer === 'rejected' && !isThere)) {
      isPolicyKnown = false;
      return;
    }
    const policy = readPolicy(answer);
    if (policy !== 'noeviction') tell({ type: 'redis_evicts', policy });
  }

  /** `undefined` when Redis cannot tell. */
  async function ask({ id, expiresAt }: UsedProof, nowSeconds: number) {
    if (retryAt !== undefined && monotonicNow() < retryAt) return undefined;
    // Others need not wait for the same silence.
    if (retryAt !== undefined) retryAt = monotonicNow() + retryEveryMs;
    const milliseconds = Math.ceil((expiresAt - nowSeconds + slackSeconds) * 1_000);
    const answer = await within(timeoutMs, async () =>
      client.set(prefix + id, '', 'PX', milliseconds, 'NX'),
    );
    if (answer === 'OK' || answer === null) {
      if (retryAt !== undefined) tell({ type: 'redis_available' });
      retryAt = undefined;
      void checkPolicy(true);
      return answer === 'OK';
    }
    if (retryAt === undefined) {
      const reason =
        answer === 'timeout' || answer === 'rejected' ? answer : ('unexpected_answer' as const);
      tell({ type: 'redis_unavailable', reason });
    }
    retryAt = monotonicNow() + retryEveryMs;
    // The next answers on this connection may belong to other commands.
    if (answer !== 'rejected') client.dropConnection?.();
    return undefined;
  }

  void checkPolicy(false);
  return {
    async remember(proof, nowSeconds) {
      // Always, so that this instance knows its own when Redis is lost, or has lost its memory.
      if (!(await fallback.remember(proof, nowSeconds))) return false;
      return (await ask(proof, nowSeconds)) ?? true;
    },
  };
}

function readPolicy(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : '';
  return /^maxmemory_policy:([a-z-]{1,30})\r?$/m.exec(text)?.[1] ?? 'unknown';
}

function within(milliseconds: number, call: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, 'timeout');
    const settle = (answer: unknown): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    call().then(settle, () => settle('rejected'));
  });
}
