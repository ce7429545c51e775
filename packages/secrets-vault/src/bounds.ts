import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@sallyport/core';
import type { VaultSecretsOptions } from './vault-secrets.ts';

/** When secrets are read, and for how long they are used. */
export interface Bounds {
  readonly ttlMs: number;
  readonly maximumStaleMs: number;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** @throws {ConfigError} When a number is out of range. */
export function readBounds(options: VaultSecretsOptions): Bounds {
  const { cacheTtlSeconds = 300, maximumStaleSeconds = 86_400, timeoutMs = 10_000 } = options;
  assertRange('vault.cacheTtlSeconds', cacheTtlSeconds, 1, 86_400);
  assertRange('vault.maximumStaleSeconds', maximumStaleSeconds, 0, 604_800);
  assertRange('vault.timeoutMs', timeoutMs, 100, 60_000);
  return {
    ttlMs: cacheTtlSeconds * 1_000,
    maximumStaleMs: maximumStaleSeconds * 1_000,
    timeoutMs,
    now: options.now ?? (() => performance.now()),
    random: Math.random,
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
