/** Reads what a child process writes, and pauses it when it writes much that nobody asked for. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { ChildListener, ChildOptions } from './child-process.ts';
import { createLineReader } from './line-reader.ts';

// What a line costs besides its bytes: 100,000 short lines are more work than one long one.
const lineFee = 1_024;

export function readOutput(
  child: ChildProcessWithoutNullStreams,
  { maximumLineBytes }: ChildOptions,
  listener: ChildListener,
  spend: (bytes: number) => number,
): void {
  let unasked = 0;
  const read = createLineReader(maximumLineBytes, {
    onLine(line) {
      if (!listener.onLine(line)) unasked += line.length + lineFee;
    },
    onLongLine(ends) {
      unasked += maximumLineBytes;
      listener.onLongLine(ends);
    },
  });
  child.stdout.on('data', (chunk: Buffer) => {
    read(chunk);
    if (unasked === 0) return;
    const pauseMs = spend(unasked);
    unasked = 0;
    if (pauseMs === 0) return;
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), pauseMs).unref();
  });
}
