/** One question about a token, from its place in the queue to its answer. */
import { AuthError, isAuthError } from '@sallyport/core';
import type { ClientAccount } from './client-account.ts';
import type { Clock } from './clock.ts';

/** Who asks, and what the guard knows of the client. */
export interface Asker {
  /** `undefined`: all such callers are one client, which may use the whole capacity. */
  readonly client: string | undefined;
  /** How many more questions may fail; 0 for a client over its limit. */
  readonly failuresLeft: number;
  /** The server called this token active before: no stranger can make one up. */
  readonly isProven: boolean;
}

/** How a question ended: accepted, counted against the client, or neither. */
export type Outcome = 'accepted' | 'failed' | 'neither';

/** What is asked. */
export interface Question<T> {
  /** Rejects when there is no answer. Its signal aborts when the time is over. */
  readonly send: (signal: AbortSignal) => Promise<T>;
  /** Must not throw. */
  readonly judge: (answer: T) => Outcome;
}

/** `overdue`: it gave its place to another question, and its own time limit is not over. */
type QuestionState = 'waiting' | 'sent' | 'overdue' | 'over';

/** A question that was handed in. */
export interface Ticket<T> {
  /** Rejects with an {@link AuthError}. */
  readonly answer: Promise<T>;
  readonly state: QuestionState;
  /** Takes a waiting question out of the queue. One that was sent goes on. */
  withdraw(): void;
}

/** What the scheduler does with a question. */
export interface Entry {
  readonly state: QuestionState;
  readonly asker: Asker;
  readonly account: ClientAccount;
  /** `account.failures` when the question came. */
  readonly failuresBefore: number;
  start(): void;
  fail(error: AuthError): void;
}

/** What the questions of one scheduler share. */
export interface EntryOptions {
  readonly clock: Clock;
  /** Time for one question in all, once it is sent. */
  readonly timeoutMs: number;
  /** After so long it gives its place to another question. */
  readonly overdueMs: number;
  /** The state has changed; `before` is what it was. */
  readonly onChange: (entry: Entry, before: QuestionState) => void;
  /** It was sent, and has ended. */
  readonly onEnd: (isAnswered: boolean) => void;
}

export function createEntry<T>(
  { asker, account }: Pick<Entry, 'asker' | 'account'>,
  { send, judge }: Question<T>,
  { clock, timeoutMs, overdueMs, onChange, onEnd }: EntryOptions,
): Entry & Ticket<T> {
  const answer = Promise.withResolvers<T>();
  // Nobody may be waiting any more.
  answer.promise.catch(() => {});
  const abort = new AbortController();
  let state: QuestionState = 'waiting';
  let cancelTimers = () => {};

  function change(next: QuestionState): void {
    const before = state;
    state = next;
    if (next === 'sent') account.enter(asker.isProven);
    if (before === 'sent') account.leave(asker.isProven);
    onChange(entry, before);
  }

  /** An overdue question was charged before its end, as if there were no answer. */
  function settleCharge(isAnswered: boolean): void {
    if (state === 'sent' && !isAnswered) account.charge(1, clock.monotonicNow());
    if (state === 'overdue' && isAnswered) account.charge(-1, clock.monotonicNow());
  }

  function end(isAnswered: boolean, tell: () => void): void {
    if (state === 'over') return;
    cancelTimers();
    settleCharge(isAnswered);
    tell();
    if (state !== 'waiting') onEnd(isAnswered);
    change('over');
  }

  const entry: Entry & Ticket<T> = {
    asker,
    account,
    failuresBefore: account.failures,
    answer: answer.promise,

    get state() {
      return state;
    },

    start() {
      change('sent');
      const cancelOverdue = clock.after(overdueMs, () => {
        account.charge(1, clock.monotonicNow());
        change('overdue');
      });
      const cancelEnd = clock.after(timeoutMs, () =>
        entry.fail(unavailable(`no answer within ${timeoutMs / 1_000} s`)),
      );
      cancelTimers = () => {
        cancelOverdue();
        cancelEnd();
      };
      send(abort.signal).then(
        (value) =>
          end(true, () => {
            account.settle(judge(value));
            answer.resolve(value);
          }),
        (error: unknown) => entry.fail(toAuthError(error)),
      );
    },

    fail(error) {
      end(false, () => {
        abort.abort();
        answer.reject(error);
      });
    },

    withdraw() {
      if (state === 'waiting') entry.fail(unavailable('the client has disconnected'));
    },
  };
  return entry;
}

function toAuthError(error: unknown): AuthError {
  if (isAuthError(error)) return error;
  return new AuthError('upstream_unavailable', { cause: error, detail: 'unexpected failure' });
}

/** @param retryAfterMs Default: what core answers. */
export function unavailable(detail: string, retryAfterMs?: number): AuthError {
  return new AuthError('upstream_unavailable', {
    detail: `introspection: ${detail}`,
    ...(retryAfterMs !== undefined && { retryAfterSeconds: retryAfterMs / 1_000 }),
  });
}
