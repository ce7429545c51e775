/** One JSON object per line. `sonic-boom` writes it before the call returns. */
import sonicBoom from 'sonic-boom';
import type { Scalar } from './log-fields.ts';

/** Writes one line. Throws where that is known to have failed. */
export type WriteLine = (line: Readonly<Record<string, Scalar>>) => void;

/** @param write Takes a line and its line feed. Default: standard output. */
export function createJsonLines(write: (line: string) => void = standardOutput()): WriteLine {
  return (line) => write(`${JSON.stringify(line)}\n`);
}

/** Each call fails after the first that failed: a record that is lost must be known. */
function standardOutput(): (line: string) => void {
  const stream = new sonicBoom.SonicBoom({ fd: 1, sync: true });
  let broken: (Error & { readonly code?: unknown }) | undefined;
  stream.on('error', (error: Error) => {
    broken = error;
  });
  return (line) => {
    // Nobody reads that pipe any more. The stream would keep what it cannot write.
    if (broken?.code !== 'EPIPE') stream.write(line);
    if (broken !== undefined) throw broken;
  };
}
