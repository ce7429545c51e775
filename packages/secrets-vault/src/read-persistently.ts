import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from './reading.ts';
import { attemptsFor } from './secret-fault.ts';

/** Options for {@link readPersistently}. */
export interface ReadPersistentlyOptions {
  /** One attempt, which ends when its signal aborts. Never rejects. */
  readonly attempt: (signal: AbortSignal) => Promise<Reading>;
  /** For all attempts together. */
  readonly timeoutMs: number;
  /** Aborts when the provider is closed. */
  readonly signal: AbortSignal;
}

const firstPauseMs = 250;
const closed: Reading = { fault: 'unavailable', detail: 'the provider is closed' };

/**
 * Tries again what may pass, within one deadline for everything: the search for credentials, too,
 * which no timeout of a call covers.
 *
 * Its timers keep the process alive, because at start nothing else does while somebody waits. They
 * end with the deadline or with the signal.
 */
export async function readPersistently(options: ReadPersistentlyOptions): Promise<Reading> {
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
  attempt: ReadPersistentlyOptions['attempt'],
  signal: AbortSignal,
): Promise<Reading> {
  for (let count = 1; ; count += 1) {
    const reading = await attempt(signal);
    if (!('fault' in reading) || count >= attemptsFor(reading.fault)) return reading;
    const pauseMs = firstPauseMs * 2 ** (count - 1);
    const hasPaused = await sleep(pauseMs, true, { signal }).catch(() => false);
    if (!hasPaused) return reading;
  }
}
