/** One secret that survives its backend: read ahead of time, kept through an outage. */
import { AuthError, Secret, type SecretLookup } from '@sallyport/core';
import { atMost, untilAborted } from './patience.ts';
import type { GoodReading, Reading } from './reading.ts';
import type { SecretEvent } from './secret-event.ts';
import type { FaultyReading, Remedies } from './secret-fault.ts';

/** Options for {@link createCachedSecret}. */
export interface CachedSecretOptions {
  /** As it is reported. */
  readonly name: string;
  /** Never rejects. */
  readonly read: () => Promise<Reading>;
  /** What is wrong with a value, without a byte of it. */
  readonly findProblem: (secret: Secret) => string | undefined;
  readonly ttlMs: number;
  readonly maximumStaleMs: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly now: () => number;
  /** From 0 to 1, so that many instances do not all read at once. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: (event: SecretEvent) => void;
  /** Is told when another value is in force, and never throws. */
  readonly onChange: (value: SecretInForce, previous: SecretInForce | undefined) => void;
  /** Made when a fault occurs, because the account may be known only then. */
  readonly remedies: () => Remedies;
}

/** A value that can be used. */
export interface SecretInForce {
  readonly secret: Secret;
  readonly version: string;
  /** When the reading that confirmed it began. */
  readonly confirmedAt: number;
}

/** A secret with its memory. */
export interface CachedSecret {
  get(signal: AbortSignal): Promise<SecretLookup>;
  /** Reads it now, whether that is due or not, unless that was done less than 30 seconds ago. */
  reread(signal: AbortSignal): Promise<SecretLookup>;
  /** Reads it when that is due. Never rejects. */
  poll(): Promise<void>;
  /** For how long nothing has to be read. */
  dueInMs(): number;
}

// A value is read again at a moment between these parts of its life.
const jitter = { from: 0.9, to: 1.1 };
// After a failure, one that is in force is read again after this long, or a tenth of its life.
const longestPauseMs = 30_000;
// Without any in force everybody waits for the next attempt: it must not be far.
const pauseWithoutValueMs = 500;
// Who has an old value at hand waits no longer than this for the new one.
const patienceMs = 1_000;
const rereadPauseMs = 30_000;

/** Creates the memory of one secret. Nothing is read before it is asked for. */
export function createCachedSecret(options: CachedSecretOptions): CachedSecret {
  const { name, ttlMs, maximumStaleMs, now, random, wait, report } = options;
  const latestMs = ttlMs * jitter.to;
  let inForce: SecretInForce | undefined;
  let isAbsent = false;
  let lastFault: FaultyReading | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let rereadAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let rereading: Promise<void> | undefined;

  /** At most one reading at a time. Never rejects: how it ended is in the state. */
  function load(): Promise<void> {
    loading ??= settle().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function settle(): Promise<void> {
    const startedAt = now();
    const reading = judge(await options.read());
    answeredAt = now();
    if (!('fault' in reading)) accept(reading, startedAt);
    else if (reading.fault === 'not_found' && usable() === undefined) {
      isAbsent = true;
      lastFault = undefined;
      dueAt = dueAfter(startedAt);
      report({ type: 'secret_not_found', name });
    } else fail(reading);
  }

  function judge(reading: Reading): Reading {
    if ('fault' in reading) return reading;
    const problem = options.findProblem(new Secret(reading.text));
    if (problem === undefined) return reading;
    const { version } = reading;
    report({ type: 'secret_refused', name, version, problem });
    return { fault: 'not_valid', detail: `version ${version}: ${problem}` };
  }

  function accept({ text, version, storedBytes, usedBytes }: GoodReading, startedAt: number): void {
    const previous = inForce;
    const isNew = previous?.version !== version || previous.secret.reveal() !== text;
    inForce = {
      secret: isNew ? new Secret(text) : previous.secret,
      version,
      confirmedAt: startedAt,
    };
    isAbsent = false;
    lastFault = undefined;
    dueAt = dueAfter(startedAt);
    if (isNew && usedBytes !== storedBytes) {
      report({ type: 'secret_trailing_newline', name, version, storedBytes, usedBytes });
    }
    report({ type: 'secret_loaded', name, version, isNew });
    if (isNew) options.onChange(inForce, previous);
  }

  function fail(reading: FaultyReading): void {
    const { fault, detail } = reading;
    lastFault = reading;
    isAbsent = false;
    const remedy = options.remedies()[fault];
    if (remedy !== undefined) report({ type: 'secret_access_denied', name, remedy });
    const current = usable();
    if (current === undefined) {
      dueAt = now() + pauseWithoutValueMs;
      report({ type: 'secret_unavailable', name, fault, detail });
      return;
    }
    dueAt = now() + Math.min(ttlMs / 10, longestPauseMs);
    const ageSeconds = Math.round((now() - current.confirmedAt) / 1_000);
    report({ type: 'secret_stale', name, version: current.version, ageSeconds, fault, detail });
  }

  const dueAfter = (startedAt: number): number =>
    startedAt + ttlMs * (jitter.from + random() * (jitter.to - jitter.from));
  const usable = (): SecretInForce | undefined =>
    inForce !== undefined && now() - inForce.confirmedAt < latestMs + maximumStaleMs
      ? inForce
      : undefined;

  /** What is known now. */
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
    const remedy = fault && options.remedies()[fault];
    return new AuthError('upstream_unavailable', {
      detail: `secret ${name}: ${detail}${remedy === undefined ? '' : ` To allow it: ${remedy}`}`,
      ...(cause !== undefined && { cause }),
    });
  }

  return {
    async get(signal) {
      if (now() < dueAt) return answer();
      const read = load();
      if (usable() === undefined) await untilAborted(read, signal);
      // Nobody has asked for so long that the value may have been withdrawn since. On Cloud Run no
      // timer fires between requests.
      else if (now() - answeredAt >= latestMs) {
        await atMost((over) => wait(patienceMs, over), read, signal);
      }
      return answer();
    },

    async reread(signal) {
      if (rereading === undefined && now() - rereadAt >= rereadPauseMs) {
        rereadAt = now();
        // A reading that is under way may have begun before the change.
        rereading = (loading ?? Promise.resolve()).then(load).finally(() => {
          rereading = undefined;
        });
      }
      if (rereading !== undefined) await untilAborted(rereading, signal);
      return answer();
    },

    async poll() {
      if (now() >= dueAt) await load();
    },

    dueInMs: () => Math.max(0, dueAt - now()),
  };
}
