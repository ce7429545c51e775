import type { WriteStream } from 'node:tty';

/** On a terminal, one line that changes. Elsewhere, one line for each new measurement, without its rounds. */
export interface Progress {
  show(what: string): void;
  end(): void;
}

type Output = Pick<WriteStream, 'isTTY' | 'write'>;

export function createProgress(output: Output): Progress {
  let last = '';
  return {
    show(what) {
      if (output.isTTY) {
        output.write(`\r\u001b[K${what}`);
        return;
      }
      const heading = what.replace(/[:,]? ?round \d+ of \d+$/, '');
      if (heading !== last) output.write(`${heading}\n`);
      last = heading;
    },
    end() {
      if (output.isTTY) output.write('\r\u001b[K');
    },
  };
}
