/** The options that every backend with a cache shares. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checks, ConfigError, check, type Secret } from '@sallyport/core';
import type { SecretEvent } from './secret-event.ts';

/** When secrets are read, for how long they are used, and who is told. */
export interface CacheOptions {
  /** Age at which a value is read again, plus or minus a tenth: 1 to 86,400 seconds. Default 300. */
  readonly cacheTtlSeconds?: number;
  /**
   * For how much longer the last good value is used while no new one can be read: 0 to 604,800
   * seconds. Default 86,400.
   */
  readonly maximumStaleSeconds?: number;
  /**
   * Time for one reading with its login and all its attempts: 0.1 to 60 seconds. Default 10. Each request
   * has a third of it.
   */
  readonly timeoutSeconds?: number;
  /**
   * Throws when a value cannot be used. A new version that it refuses replaces nothing. Only the text
   * of a `ConfigError` is shown. Default: every value can be used.
   */
  readonly validate?: (name: string, secret: Secret) => void;
  /** Receives what happens to the secrets. What it throws is ignored. Default: none. */
  readonly onEvent?: (event: SecretEvent) => void;
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
  /**
   * Timer of watched secrets, and of callers that have an old value and wait for the new one. It
   * rejects when the signal aborts. The default keeps no process alive.
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Checks of {@link CacheOptions}, for the table of a backend's own options. */
export const cacheOptionChecks: Checks<CacheOptions> = {
  cacheTtlSeconds: check.optional(check.number),
  maximumStaleSeconds: check.optional(check.number),
  timeoutSeconds: check.optional(check.number),
  validate: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
  wait: check.optional(check.callback),
};

/** {@link CacheOptions} with their defaults. */
export interface CacheSettings {
  readonly ttlMs: number;
  readonly maximumStaleMs: number;
  /** For one reading with all its attempts. */
  readonly timeoutMs: number;
  /** For one request of a reading. */
  readonly requestTimeoutMs: number;
  readonly monotonicNow: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Validates the ranges of the options, and adds the defaults.
 *
 * @param subject Stands before the option in messages: `gcp` for `gcp.timeoutSeconds`.
 * @throws {ConfigError} When a number is out of range.
 */
export function readCacheSettings(subject: string, options: CacheOptions): CacheSettings {
  const { cacheTtlSeconds = 300, maximumStaleSeconds = 86_400, timeoutSeconds = 10 } = options;
  assertRange(`${subject}.cacheTtlSeconds`, cacheTtlSeconds, 1, 86_400);
  assertRange(`${subject}.maximumStaleSeconds`, maximumStaleSeconds, 0, 604_800);
  assertRange(`${subject}.timeoutSeconds`, timeoutSeconds, 0.1, 60);
  const timeoutMs = Math.round(timeoutSeconds * 1_000);
  return {
    ttlMs: cacheTtlSeconds * 1_000,
    maximumStaleMs: maximumStaleSeconds * 1_000,
    timeoutMs,
    requestTimeoutMs: Math.ceil(timeoutMs / 3),
    monotonicNow: options.monotonicNow ?? (() => performance.now()),
    wait:
      options.wait ??
      ((milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false })),
  };
}

function assertRange(option: string, value: number, minimum: number, maximum: number): void {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    throw new ConfigError(option, `must be a number from ${minimum} to ${maximum}`);
  }
}
