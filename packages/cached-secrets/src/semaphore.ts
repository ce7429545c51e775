/** Runs at most `count` tasks at once. The others wait in line. */
export function createSemaphore(
  count: number,
): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = count;

  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The permit goes straight to the next task, so no newcomer can take it in between.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
