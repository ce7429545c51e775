/** The result of the process that measures memory, in bytes. */
export interface MemoryFigures {
  readonly ours: number;
  readonly fastJwt: number;
  readonly limiter: number;
}

export const tokensKept = 10_000;
export const limiterKeys = 100_000;
export const failuresPerKey = 10;

/** @throws {TypeError} When the text is something else. */
export function parseMemoryFigures(text: string): MemoryFigures {
  const figures: Partial<Record<keyof MemoryFigures, unknown>> = JSON.parse(text);
  const { ours, fastJwt, limiter } = figures;
  if (typeof ours === 'number' && typeof fastJwt === 'number' && typeof limiter === 'number') {
    return { ours, fastJwt, limiter };
  }
  throw new TypeError('the process that measures memory gave no figures');
}
