/** Writes lines to a child process: those of one turn of the event loop with one system call. */
import type { Writable } from 'node:stream';

/** The input of a child process. */
export interface LineWriter {
  /** @returns `false` when the child does not read and too much waits already. */
  write(line: string): boolean;
  /** Writes what waits, and ends the input. */
  end(): void;
}

const maximumQueuedBytes = 4 * 1_048_576;

/** @param onFull Called when the child reads more slowly than lines come. */
export function createLineWriter(input: Writable, onFull: () => void): LineWriter {
  let queued = '';

  function flush(): void {
    const lines = queued;
    queued = '';
    if (lines !== '' && input.writable && !input.write(lines)) onFull();
  }

  return {
    write(line) {
      if (!input.writable || input.writableLength + queued.length > maximumQueuedBytes) {
        return false;
      }
      // It runs once the sockets have been read that are readable now.
      if (queued === '') setImmediate(flush);
      queued += `${line}\n`;
      return true;
    },

    end() {
      flush();
      input.end();
    },
  };
}
