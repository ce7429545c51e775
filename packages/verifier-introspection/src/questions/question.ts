/** One question about a token, from its place in the queue to its answer. */
import { AuthError, isAuthError } from '@sallyport/core';
import type { ClientAccount } from './client-account.ts';
import type { Clock } from './clock.ts';

/** The client of a question, and what the guard knows about it. */
export interface Asker {
  /** `undefined`: all such callers are one client, which may use the whole capacity. */
  readonly client: string | undefined;
  /** How many more questions may fail; 0 for a client over its limit. */
  readonly failuresLeft: number;
  /** The server reported this token as active before. A stranger cannot have such a token. */
  readonly isProven: boolean;
}

/** How a question ended: accepted, counted against the client, or neither. */
export type Outcome = 'accepted' | 'failed' | 'neither';

/** One question for the scheduler. */
export interface Question<T> {
  /** Rejects when there is no answer. The signal aborts at the time limit. */
  readonly send: (signal: AbortSignal) => Promise<T>;
  /** Must not throw. */
  readonly judge: (answer: T) => Outcome;
}

/** `overdue`: the question gave its place to another one, and still waits for its answer. */
type QuestionState = 'waiting' | 'sent' | 'overdue' | 'over';

/** A submitted question. */
export interface Ticket<T> {
  /** Rejects with an {@link AuthError}. */
  readonly answer: Promise<T>;
  readonly state: QuestionState;
  /** Removes a waiting question from the queue. A question that was sent continues. */
  withdraw(): void;
}

/** A question, as the scheduler sees it. */
export interface Entry {
  readonly state: QuestionState;
  readonly asker: Asker;
  readonly account: ClientAccount;
  /** `account.failures` when the question came. */
  readonly failuresBefore: number;
  start(): void;
  fail(error: AuthError): void;
}

/** Options that all questions of a scheduler share. */
export interface EntryOptions {
  readonly clock: Clock;
  /** Time limit of a question, from the moment at which it is sent. */
  readonly timeoutMs: number;
  /** Time after which a question gives its place to another one. */
  readonly overdueMs: number;
  /** Receives each change of the state. `before` is the previous state. */
  readonly onChange: (entry: Entry, before: QuestionState) => void;
  /** Receives the end of a question that was sent. */
  readonly onEnd: (isAnswered: boolean) => void;
}

export function createEntry<T>(
  { asker, account }: Pick<Entry, 'asker' | 'account'>,
  { send, judge }: Question<T>,
  { clock, timeoutMs, overdueMs, onChange, onEnd }: EntryOptions,
): Entry & Ticket<T> {
  const answer = Promise.withResolvers<T>();
  // All callers may have left.
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

  /** An overdue question was already counted as unanswered. */
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
