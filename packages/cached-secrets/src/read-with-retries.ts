import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from './reading.ts';
import { attemptsFor, type FaultyReading } from './secret-fault.ts';

/** Options for {@link readWithRetries}. */
export interface ReadWithRetriesOptions {
  /** One attempt. It must end when its signal aborts. */
  readonly attempt: (signal: AbortSignal) => Promise<Reading>;
  /** For all attempts together. */
  readonly timeoutMs: number;
  /** Aborts when the provider is closed. */
  readonly signal: AbortSignal;
}

const firstPauseMs = 250;
const closed: Reading = { fault: 'unavailable', detail: 'the provider is closed' };

/**
 * Reads a secret, and retries temporary faults, with one deadline for everything. The deadline also
 * covers work that a request's timeout does not cover, such as the search for credentials.
 *
 * Its timers keep the process alive, because at start-up nothing else does while a caller waits. They
 * end with the deadline or with the signal. Never rejects.
 */
export async function readWithRetries(options: ReadWithRetriesOptions): Promise<Reading> {
  const { attempt, timeoutMs, signal } = options;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const deadline = sleep(timeoutMs, undefined, { signal: ended }).then(
    (): Reading => ({ fault: 'timeout', detail: `no answer within ${timeoutMs} ms` }),
    () => closed,
  );
  try {
    const reading = await Promise.race([repeat(attempt, ended), deadline]);
    return signal.aborted ? closed : reading;
  } finally {
    over.abort();
  }
}

async function repeat(
  attempt: ReadWithRetriesOptions['attempt'],
  signal: AbortSignal,
): Promise<Reading> {
  for (let count = 1; ; count += 1) {
    const reading = await attempt(signal).catch(toFault);
    if (!('fault' in reading) || count >= attemptsFor(reading.fault)) return reading;
    const pauseMs = firstPauseMs * 2 ** (count - 1);
    const hasPaused = await sleep(pauseMs, true, { signal }).catch(() => false);
    if (!hasPaused) return reading;
  }
}

/** An error that the backend did not handle. Only its code is shown: its text may hold a secret. */
function toFault(error: unknown): FaultyReading {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  if (name === 'TimeoutError') return { fault: 'timeout', detail: 'a request was not answered' };
  const isCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,31}$/.test(code);
  return { fault: 'unavailable', detail: isCode ? `it failed: ${code}` : 'it failed' };
}
