/** Bytes that are in use, those outside V8's heap included. */
async function bytesInUse(collect: () => void): Promise<number> {
  for (let pass = 0; pass < 4; pass += 1) {
    collect();
    // What is finalized in between is free only at the next pass.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What was filled, and how many bytes more are in use as long as it is kept. */
export interface Retained {
  readonly kept: unknown;
  readonly bytes: number;
}

/** Fills a little before, and throws that away, so that no compiled code is counted. */
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
