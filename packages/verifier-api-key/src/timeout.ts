/** Waits for an answer, and rejects when there is none in time: a store may never answer. */
export function within<Answer>(answer: Promise<Answer>, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Command timed out')), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
