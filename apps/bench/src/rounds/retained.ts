/** Bytes in use, including those outside the heap of V8. */
async function bytesInUse(collect: () => void): Promise<number> {
  for (let pass = 0; pass < 4; pass += 1) {
    collect();
    // What is finalized in between is free only at the next pass.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A filled object, and the bytes that it retains. */
export interface Retained {
  readonly kept: unknown;
  readonly bytes: number;
}

/** Fills a small object first and drops it, so that compiled code is not counted. */
export async function bytesRetained(
  collect: () => void,
  fill: (scale: 'little' | 'all') => Promise<unknown>,
): Promise<Retained> {
  await fill('little');
  const before = await bytesInUse(collect);
  const kept = await fill('all');
  const after = await bytesInUse(collect);
  return { kept, bytes: after - before };
}
