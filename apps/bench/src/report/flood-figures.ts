/** The result of the process that floods a limiter. */
export interface FloodFigures {
  /** Microseconds that 99 of 100 operations took at most. */
  readonly p99: number;
  /** Bytes that the limiter keeps after the flood. */
  readonly bytes: number;
}

/** The task of that process. */
export interface FloodTask {
  readonly limiter: string;
  readonly addresses: number;
}

/** @throws {TypeError} When the text is something else. */
export function parseFloodFigures(text: string): FloodFigures {
  const { p99, bytes }: Partial<Record<keyof FloodFigures, unknown>> = JSON.parse(text);
  if (typeof p99 === 'number' && typeof bytes === 'number') return { p99, bytes };
  throw new TypeError('the process that floods a limiter gave no figures');
}
