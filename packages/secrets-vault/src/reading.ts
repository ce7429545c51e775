import type { FaultyReading } from './secret-fault.ts';

/** A text secret. */
export interface GoodReading {
  /** Without a newline at its end. */
  readonly text: string;
  /** The number of the version. */
  readonly version: string;
  readonly storedBytes: number;
  readonly usedBytes: number;
}

/** What came of an attempt. */
export type Reading = GoodReading | FaultyReading;
