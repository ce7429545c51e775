/** Opens streams that end when their token could no longer open them. */
import type { Guard, GuardRequest, Operation, Principal } from '@sallyport/core';
import type { OpenStreams } from './open-streams.ts';
import { createStreamLease, type StreamLease, type StreamLeaseOptions } from './stream-lease.ts';

/** What a stream was opened with. */
export interface TokenStream {
  readonly credentials: GuardRequest;
  readonly principal: Principal;
  readonly operation: Operation;
}

/** What all streams of one gate share. */
export interface TokenStreams {
  readonly guard: Guard;
  readonly streams: OpenStreams;
  readonly checkSeconds: number;
  readonly now: () => number;
}

/** @returns `undefined`: the caller has too many streams. */
export function openTokenStream(
  shared: TokenStreams,
  stream: TokenStream,
): StreamLease | undefined {
  const lease = shared.streams.open(callerOf(stream.principal), leaseOptions(shared, stream));
  if (lease !== undefined) {
    stream.credentials.signal.addEventListener('abort', () => lease.release(), { once: true });
  }
  return lease;
}

/**
 * Opens the answer to a call, which both SDK lines write as a stream. It does not count for the limit, and
 * `endStreams` does not end it. A call that takes less than `checkSeconds` always finishes.
 */
export function openCallAnswer(shared: TokenStreams, stream: TokenStream): StreamLease {
  const { watch } = createStreamLease({ ...leaseOptions(shared, stream), isPatient: true });
  return { isOfCall: true, watch, release() {} };
}

function leaseOptions(
  { guard, checkSeconds, now }: TokenStreams,
  { credentials, principal, operation }: TokenStream,
): StreamLeaseOptions {
  const caller = callerOf(principal);
  return {
    expiresAt: principal.expiresAt,
    checkSeconds,
    now,
    onRefusal: (end) => guard.watch?.(principal, operation, credentials, end),

    async check() {
      const found = await guard.recheck(credentials, principal);
      if (!found.ok) return found.refusal.status === 401 ? 'ended' : 'undecided';
      if (callerOf(found.principal) !== caller) return 'ended';
      return guard.permits(found.principal.scopes, operation) ? found.principal : 'ended';
    },
  };
}

/** Identifies the caller of a stream. A refreshed token has the same value. */
function callerOf({ issuer, subject, clientId }: Principal): string {
  return JSON.stringify([issuer, subject, clientId]);
}
