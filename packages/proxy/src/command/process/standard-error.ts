/** Turns the standard error of a child process into few, clean lines. */
import { createLineReader } from './line-reader.ts';

const maximumLineBytes = 16_384;
const linesPerWindow = 50;
const windowMs = 10_000;

/** Options for {@link createErrorReader}. */
export interface ErrorReaderOptions {
  readonly redact: (line: string) => string;
  /** @param dropped How many lines were dropped since the last one. */
  readonly onLine: (line: string, dropped: number) => void;
  /** Clock, in milliseconds. */
  readonly monotonicNow: () => number;
}

/** Makes the function that takes the chunks. It passes on at most 50 lines in 10 seconds. */
export function createErrorReader({
  redact,
  onLine,
  monotonicNow,
}: ErrorReaderOptions): (chunk: Buffer) => void {
  let windowEnd = Number.NEGATIVE_INFINITY;
  let passed = 0;
  let dropped = 0;

  function pass(line: string): void {
    const now = monotonicNow();
    if (now >= windowEnd) {
      windowEnd = now + windowMs;
      passed = 0;
    }
    passed += 1;
    if (passed > linesPerWindow) {
      dropped += 1;
      return;
    }
    onLine(redact(line), dropped);
    dropped = 0;
  }

  return createLineReader(maximumLineBytes, {
    onLine: pass,
    onLongLine: ({ start }) => pass(start),
  });
}
