import type { Meter, ObservableResult } from '@opentelemetry/api';
import type { OperationalEvent } from '../operational-event.ts';
import { metricNames } from './metric-names.ts';

/** What is read when metrics are collected. `undefined`, or throwing, is "not known now". */
export interface Readings {
  /** Seconds since a key set was last loaded. Default: since the last `keys_loaded`. */
  readonly keySetAgeSeconds?: () => number | undefined;
  /** Seconds since the secret was read whose reading is longest ago. Default: from `secret_loaded`. */
  readonly secretAgeSeconds?: () => number | undefined;
  /** Addresses that a limiter holds. */
  readonly limiterKeys?: () => number | undefined;
  /** Callers that a quota of calls holds. */
  readonly quotaCallers?: () => number | undefined;
  /** Whether many introspection requests fail. Default: from `breaker_opened`, `…_closed`. */
  readonly breakerOpen?: () => boolean | undefined;
  /** Part of the look-ups that the cache answered, 0 to 1. */
  readonly cacheHitRatio?: () => number | undefined;
}

/** Gauges that follow events. */
export interface Gauges {
  follow(event: OperationalEvent): void;
  close(): void;
}

// No server has more secrets: further names are not secrets.
const maximumSecrets = 256;

export function createGauges(meter: Meter, readings: Readings, monotonicNow: () => number): Gauges {
  const state: { keysLoadedAt?: number; keySetTtl?: unknown; breakerOpen?: boolean } = {};
  const secretsReadAt = new Map<unknown, number>();
  const closers: (() => void)[] = [];
  const age = (at: number | undefined) =>
    at === undefined ? undefined : (monotonicNow() - at) / 1_000;

  function gauge(name: string, description: string, unit: string, read: () => unknown): void {
    const observable = meter.createObservableGauge(name, { description, unit });
    const observe = (result: ObservableResult) => {
      const value = attempt(read);
      if (typeof value === 'boolean') result.observe(value ? 1 : 0);
      else if (typeof value === 'number' && Number.isFinite(value)) result.observe(value);
    };
    observable.addCallback(observe);
    closers.push(() => observable.removeCallback(observe));
  }

  const {
    keySetAgeSeconds = () => age(state.keysLoadedAt),
    secretAgeSeconds = () =>
      secretsReadAt.size === 0 ? undefined : age(Math.min(...secretsReadAt.values())),
    limiterKeys = () => undefined,
    quotaCallers = () => undefined,
    breakerOpen = () => state.breakerOpen,
    cacheHitRatio = () => undefined,
  } = readings;
  gauge(metricNames.keySetAge, 'Time since the key set was loaded', 's', keySetAgeSeconds);
  gauge(metricNames.keySetTtl, 'Configured time between two loads', 's', () => state.keySetTtl);
  gauge(metricNames.secretAge, 'Time since the oldest secret was read', 's', secretAgeSeconds);
  gauge(metricNames.limiterKeys, 'Addresses in the limiter', '{key}', limiterKeys);
  gauge(metricNames.quotaCallers, 'Callers in the quota of calls', '{caller}', quotaCallers);
  gauge(metricNames.breakerOpen, 'Whether introspection rests', '', breakerOpen);
  gauge(metricNames.cacheHitRatio, 'Look-ups that the cache answered', '1', cacheHitRatio);

  return {
    follow({ type, name, ttlSeconds }) {
      if (type === 'keys_loaded') {
        state.keysLoadedAt = monotonicNow();
        state.keySetTtl = ttlSeconds;
      }
      if (type === 'breaker_opened') state.breakerOpen = true;
      if (type === 'breaker_closed') state.breakerOpen = false;
      if (
        type === 'secret_loaded' &&
        (secretsReadAt.has(name) || secretsReadAt.size < maximumSecrets)
      ) {
        secretsReadAt.set(name, monotonicNow());
      }
    },
    close() {
      for (const close of closers.splice(0)) close();
    },
  };
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
