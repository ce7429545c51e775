/** Runs tasks one after the other. */
export interface OneAtATime<T> {
  /** Joins the work under this key that has not begun yet, or adds one. */
  run(key: string, work: () => Promise<T>): Promise<T>;
}

/**
 * File operations block a thread of the process's pool of four, for as long as a mount stalls (CASE-64). One
 * at a time leaves the other threads to everybody else.
 */
export function createOneAtATime<T>(): OneAtATime<T> {
  const waiting = new Map<string, Promise<T>>();
  let last: Promise<unknown> = Promise.resolve();

  return {
    run(key, work) {
      const joined = waiting.get(key);
      if (joined !== undefined) return joined;
      const turn = last.then(() => {
        waiting.delete(key);
        return work();
      });
      waiting.set(key, turn);
      last = turn.catch(() => {});
      return turn;
    },
  };
}
