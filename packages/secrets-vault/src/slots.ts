/** Lets so much work be under way at once, and the rest wait in line. */
export function createSlots(
  count: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = count;

  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The slot goes from one to the next without being free in between.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
