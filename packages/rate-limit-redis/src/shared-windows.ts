import type { RateLimitDecision } from '@sallyport/core';
import { limitKeysOf, probeKeyBeside } from './limit-keys.ts';
import type { RedisClient } from './redis-client.ts';
import { countScript, peekScript, type Script } from './scripts.ts';

/** The limit, as all instances must be told it. */
export interface SharedLimitOptions {
  readonly client: RedisClient;
  readonly maximumAttempts: number;
  readonly windowSeconds: number;
  readonly prefix: string;
}

/** The limit in Redis. Everything that goes wrong rejects. */
export interface SharedLimit {
  peek(clientKey: string): Promise<RateLimitDecision>;
  countFailure(clientKey: string): Promise<RateLimitDecision>;
  /** Writes where a failure of this client would be written. */
  probe(clientKey: string): Promise<void>;
}

/** How many times the limit of a client its /48 has. */
const networkFactor = 16;
/** More than any window has. */
const maximumProbes = 1_000_000;
/** Limits of up to so many are exact; above it, so many entries are enough. */
const exactAttempts = 10;

export function createSharedLimit(options: SharedLimitOptions): SharedLimit {
  const { client, maximumAttempts, windowSeconds, prefix } = options;
  const window = windowSeconds * 1_000_000;
  const ownLimits = [maximumAttempts, networkFactor * maximumAttempts];

  async function run(
    script: Script,
    keys: readonly string[],
    limits: readonly number[],
  ): Promise<readonly Standing[]> {
    const parameters = [
      ...keys,
      formatInteger(window),
      ...limits.flatMap((limit) => [`${limit}`, formatInteger(stepOf(limit, window))]),
    ];
    try {
      return readAnswer(await client.evalsha(script.sha1, keys.length, ...parameters), keys.length);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return readAnswer(await client.eval(script.source, keys.length, ...parameters), keys.length);
    }
  }

  /** @param costs How many failures the decision is about: those are no longer left. */
  async function decide(
    script: Script,
    clientKey: string,
    costs: number,
  ): Promise<RateLimitDecision> {
    const keys = limitKeysOf(clientKey, prefix);
    const limits = ownLimits.slice(0, keys.length);
    const standings = await run(script, keys, limits);
    const all = standings.map((standing, index) => ({ ...standing, limit: limits[index] ?? 0 }));
    const { limit, remaining, wait } = all.reduce((tightest, standing) =>
      standing.wait > tightest.wait || standing.remaining < tightest.remaining
        ? standing
        : tightest,
    );
    return {
      allowed: wait === 0,
      retryAfterSeconds: wait / 1_000_000,
      quota: { limit, remaining: Math.max(0, remaining - costs), windowSeconds },
    };
  }

  return {
    peek: (clientKey) => decide(peekScript, clientKey, 0),
    countFailure: (clientKey) => decide(countScript, clientKey, 1),

    async probe(clientKey) {
      const [key = ''] = limitKeysOf(clientKey, prefix);
      // Within its limit whatever happens: a refused failure would write nothing.
      await run(countScript, [probeKeyBeside(key)], [maximumProbes]);
    },
  };
}

interface Standing {
  readonly remaining: number;
  /** Microseconds. */
  readonly wait: number;
}

/** @throws {TypeError} When it is not what the scripts answer. */
function readAnswer(answer: unknown, keys: number): readonly Standing[] {
  const isComplete = Array.isArray(answer) && answer.length === 2 * keys;
  if (!isComplete || !answer.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new TypeError('the script answered something else');
  }
  return Array.from({ length: keys }, (_, index) => ({
    remaining: answer[2 * index],
    wait: answer[2 * index + 1],
  }));
}

/** Above the limits that are exact, failures of a ninth of the window stop counting together. */
function stepOf(limit: number, window: number): number {
  return limit <= exactAttempts ? 0 : Math.ceil(window / (exactAttempts - 1));
}

const formatInteger = (value: number): string => Math.round(value).toFixed(0);
