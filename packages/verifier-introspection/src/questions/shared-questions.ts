import { AuthError } from '@sallyport/core';
import type { Ticket } from './question.ts';

/** Callers of one client with one token share a question (INT-17). */
export interface SharedQuestions<T> {
  /**
   * Joins the question under way, or submits one.
   *
   * If all callers leave while the question waits, the question leaves the queue. Once the question is sent, the caller that caused it stays until the answer, so
   * that a refusal is counted against it. All other callers leave at once.
   *
   * @throws {AuthError} `upstream_unavailable` for a caller that leaves.
   */
  share(key: string, signal: AbortSignal, submit: () => Ticket<T>): Promise<T>;
}

interface Shared<T> {
  readonly ticket: Ticket<T>;
  /** The first one is the cause of the question. */
  readonly callers: Set<object>;
}

export function createSharedQuestions<T>(): SharedQuestions<T> {
  const questions = new Map<string, Shared<T>>();

  /** An overdue question may never be answered, so a new caller submits another one. */
  function find(key: string): Shared<T> | undefined {
    const question = questions.get(key);
    return question?.ticket.state === 'waiting' || question?.ticket.state === 'sent'
      ? question
      : undefined;
  }

  function open(key: string, submit: () => Ticket<T>): Shared<T> {
    const question: Shared<T> = { ticket: submit(), callers: new Set() };
    questions.set(key, question);
    const forget = () => {
      if (questions.get(key) === question) questions.delete(key);
    };
    question.ticket.answer.then(forget, forget);
    return question;
  }

  return {
    async share(key, signal, submit) {
      if (signal.aborted) throw gone();
      const { ticket, callers } = find(key) ?? open(key, submit);
      const caller = {};
      callers.add(caller);
      const left = Promise.withResolvers<never>();
      const leave = () => {
        const [cause] = callers;
        if (ticket.state !== 'waiting' && caller === cause) return;
        callers.delete(caller);
        left.reject(gone());
        if (callers.size === 0) ticket.withdraw();
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([ticket.answer, left.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}

function gone(): AuthError {
  return new AuthError('upstream_unavailable', { detail: 'the client has disconnected' });
}
