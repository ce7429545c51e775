import { AuthError } from '@sallyport/core';

/** Many who want to know the same ask once (INT-17). */
export interface SharedQuestions<T> {
  /**
   * @param ask Called by the first. Its signal aborts when nobody waits any more.
   * @throws {AuthError} `upstream_unavailable` once the caller's own signal aborts.
   */
  share(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts all that is under way. */
  close(): void;
}

interface Question<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export function createSharedQuestions<T>(): SharedQuestions<T> {
  const questions = new Map<string, Question<T>>();

  function open(key: string, ask: (signal: AbortSignal) => Promise<T>): Question<T> {
    const abort = new AbortController();
    const answer = ask(abort.signal).finally(() => {
      if (questions.get(key) === question) questions.delete(key);
    });
    // Whoever has left does not look at how it ended.
    answer.catch(() => {});
    const question: Question<T> = { answer, abort, waiting: 0 };
    questions.set(key, question);
    return question;
  }

  return {
    async share(key, signal, ask) {
      const question = questions.get(key) ?? open(key, ask);
      question.waiting += 1;
      const gone = Promise.withResolvers<never>();
      const leave = () =>
        gone.reject(new AuthError('upstream_unavailable', { detail: 'the client has gone' }));
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([question.answer, gone.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
        question.waiting -= 1;
        if (question.waiting === 0) {
          // What has its answer is in there no more. Else the next to come asks anew instead of joining
          // what was given up.
          if (questions.get(key) === question) {
            questions.delete(key);
            question.abort.abort();
          }
        }
      }
    },

    close() {
      for (const { abort } of questions.values()) abort.abort();
    },
  };
}
