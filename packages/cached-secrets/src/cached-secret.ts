/** One secret with its cache: it is read ahead of time, and kept through an outage. */
import { AuthError, Secret, type SecretLookup } from '@sallyport/core';
import { type Reading, readText, type SecretText } from './reading.ts';
import type { SecretEvent } from './secret-event.ts';
import { type FaultyReading, isTemporary, type SecretFault } from './secret-fault.ts';
import { waitAtMost, waitUntilAborted } from './wait-for-reading.ts';

/** Options for {@link createCachedSecret}. */
export interface CachedSecretOptions {
  /** As events show it. */
  readonly name: string;
  /** Never rejects. */
  readonly read: () => Promise<Reading>;
  /** What is wrong with a value, without a byte of it. */
  readonly findProblem: (secret: Secret) => string | undefined;
  readonly ttlMs: number;
  readonly maximumStaleMs: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly monotonicNow: () => number;
  /** From 0 to 1, so that many instances do not all read at once. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: (event: SecretEvent) => void;
  /** Called when another value is in use. Never throws. */
  readonly onChange: (value: SecretInUse, previous: SecretInUse | undefined) => void;
  /** Asked after the fault occurred, because a backend may know the account only then. */
  readonly remedyFor: (fault: SecretFault) => string | undefined;
}

/** The last good value. */
interface SecretInUse {
  readonly secret: Secret;
  readonly version: string;
  /** When the reading that confirmed it began. */
  readonly confirmedAt: number;
}

/** A secret with its cache. */
export interface CachedSecret {
  get(signal: AbortSignal): Promise<SecretLookup>;
  /** Reads it now, due or not, unless that was done less than 30 seconds ago. */
  reread(signal: AbortSignal): Promise<SecretLookup>;
  /** Reads it if it is due. Never rejects. */
  poll(): Promise<void>;
  /** Time until it is due. */
  dueInMs(): number;
}

// A value is due between these parts of its time to live.
const jitter = { from: 0.9, to: 1.1 };
// After a failure, a value in use is due after this long, or a tenth of its time to live.
const maximumPauseMs = 30_000;
// Without a value, every caller waits for the next attempt, so it must come soon.
const pauseWithoutValueMs = 500;
// A caller that can have the old value waits no longer than this for the new one.
const refreshWaitMs = 1_000;
const rereadPauseMs = 30_000;

/** Creates the cache of one secret. It reads nothing until it is asked. */
export function createCachedSecret(options: CachedSecretOptions): CachedSecret {
  const { name, ttlMs, maximumStaleMs, monotonicNow, random, wait, report, remedyFor } = options;
  const latestMs = ttlMs * jitter.to;
  let inUse: SecretInUse | undefined;
  let isAbsent = false;
  let lastFault: FaultyReading | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let rereadAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let rereading: Promise<void> | undefined;

  /** At most one reading at a time. Never rejects: the state tells how it ended. */
  function load(): Promise<void> {
    loading ??= readOnce().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function readOnce(): Promise<void> {
    const startedAt = monotonicNow();
    const reading = check(await options.read());
    answeredAt = monotonicNow();
    if (!('fault' in reading)) accept(reading, startedAt);
    else if (reading.fault === 'not_found' && usable() === undefined) {
      isAbsent = true;
      lastFault = undefined;
      dueAt = dueAfter(startedAt);
      report({ type: 'secret_not_found', name });
    } else fail(reading);
  }

  function check(stored: Reading): SecretText | FaultyReading {
    const reading = 'fault' in stored ? stored : readText(stored);
    if ('fault' in reading) return reading;
    const problem = options.findProblem(new Secret(reading.text));
    if (problem === undefined) return reading;
    const { version } = reading;
    report({ type: 'secret_refused', name, version, problem });
    return { fault: 'not_valid', detail: `version ${version}: ${problem}` };
  }

  function accept({ text, version, storedBytes, usedBytes }: SecretText, startedAt: number): void {
    const previous = inUse;
    const isNew = previous?.version !== version || previous.secret.reveal() !== text;
    inUse = { secret: isNew ? new Secret(text) : previous.secret, version, confirmedAt: startedAt };
    isAbsent = false;
    lastFault = undefined;
    dueAt = dueAfter(startedAt);
    if (isNew && usedBytes !== storedBytes) {
      report({ type: 'secret_trailing_newline', name, version, storedBytes, usedBytes });
    }
    report({ type: 'secret_loaded', name, version, isNew });
    if (isNew) options.onChange(inUse, previous);
  }

  function fail(reading: FaultyReading): void {
    const { fault, detail } = reading;
    lastFault = reading;
    isAbsent = false;
    const remedy = remedyFor(fault);
    if (remedy !== undefined) report({ type: 'secret_access_denied', name, remedy });
    const current = usable();
    if (current === undefined) {
      dueAt = monotonicNow() + pauseWithoutValueMs;
      report({ type: 'secret_unavailable', name, fault, detail });
      return;
    }
    dueAt = monotonicNow() + Math.min(ttlMs / 10, maximumPauseMs);
    const ageSeconds = Math.round((monotonicNow() - current.confirmedAt) / 1_000);
    report({ type: 'secret_stale', name, version: current.version, ageSeconds, fault, detail });
  }

  const dueAfter = (startedAt: number): number =>
    startedAt + ttlMs * (jitter.from + random() * (jitter.to - jitter.from));
  const usable = (): SecretInUse | undefined =>
    inUse !== undefined && monotonicNow() - inUse.confirmedAt < latestMs + maximumStaleMs
      ? inUse
      : undefined;

  function answer(): SecretLookup {
    const current = usable();
    if (current !== undefined) {
      return { found: true, secret: current.secret, version: current.version };
    }
    if (isAbsent) return { found: false };
    throw toError(lastFault);
  }

  function toError(reading: FaultyReading | undefined): AuthError {
    const { detail = 'it was not read yet', fault, cause } = reading ?? {};
    const remedy = fault && remedyFor(fault);
    return new AuthError('upstream_unavailable', {
      detail: `secret ${name}: ${detail}${remedy === undefined ? '' : ` To allow it: ${remedy}`}`,
      ...(cause !== undefined && { cause }),
      ...(fault !== undefined && isTemporary(fault) && { retryAfterSeconds: 1 }),
    });
  }

  return {
    async get(signal) {
      if (monotonicNow() < dueAt) return answer();
      const reading = load();
      if (usable() === undefined) await waitUntilAborted(reading, signal);
      // After a long idle time the value may have been withdrawn. On Cloud Run no timer fires between
      // requests, so only a reading can tell.
      else if (monotonicNow() - answeredAt >= latestMs) {
        await waitAtMost((over) => wait(refreshWaitMs, over), reading, signal);
      }
      return answer();
    },

    async reread(signal) {
      if (rereading === undefined && monotonicNow() - rereadAt >= rereadPauseMs) {
        rereadAt = monotonicNow();
        // A reading that is under way may have begun before the change.
        rereading = (loading ?? Promise.resolve()).then(load).finally(() => {
          rereading = undefined;
        });
      }
      if (rereading !== undefined) await waitUntilAborted(rereading, signal);
      return answer();
    },

    async poll() {
      if (monotonicNow() >= dueAt) await load();
    },

    dueInMs: () => Math.max(0, dueAt - monotonicNow()),
  };
}
