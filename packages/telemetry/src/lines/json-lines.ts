/** One JSON object per line, written by pino's destination before the call returns. */
import { type DestinationStream, destination } from 'pino';
import type { Scalar } from './log-fields.ts';

/** Writes one line. Throws where that is known to have failed. */
export type WriteLine = (line: Readonly<Record<string, Scalar>>) => void;

/** @param write Takes a line and its line feed. Default: standard output. */
export function createJsonLines(write?: (line: string) => void): WriteLine {
  const broken: { by?: Error } = {};
  const stream = write === undefined ? standardOutput(broken) : { write };
  return (line) => {
    // All of them are scalars: pino's own way to write them, field by field, takes three times as long.
    stream.write(`${JSON.stringify(line)}\n`);
    if (broken.by !== undefined) throw broken.by;
  };
}

/** It drops what it writes to a pipe that nobody reads; a record that is lost must be known. */
function standardOutput(broken: { by?: Error }): DestinationStream {
  const stream = destination({ dest: 1, sync: true });
  stream.on('error', (error: Error) => {
    broken.by = error;
  });
  return stream;
}
