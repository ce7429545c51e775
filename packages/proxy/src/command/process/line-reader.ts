/** Splits the output of a child process into lines of a bounded length. */

/** What is kept of a line that is too long. */
export interface LineEnds {
  readonly start: string;
  readonly end: string;
}

/** Who takes the lines. */
export interface LineListener {
  /** Called without the line feed. Empty lines are dropped. */
  onLine(line: string): void;
  /** Called once the too long line is over. */
  onLongLine(ends: LineEnds): void;
}

const lineFeed = 0x0a;
const keptBytes = 256;

/**
 * Makes the function that takes the chunks.
 *
 * @param maximumBytes A longer line is never held in memory: 256 bytes of both its ends are.
 */
export function createLineReader(
  maximumBytes: number,
  { onLine, onLongLine }: LineListener,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;
  let start = '';
  let isLong = false;

  function keep(part: Buffer): void {
    if (part.length === 0) return;
    length += part.length;
    parts.push(part);
    if (length <= maximumBytes) return;
    const all = Buffer.concat(parts);
    if (!isLong) start = all.toString('latin1', 0, keptBytes);
    isLong = true;
    // A copy, since a slice would keep the whole chunk alive.
    parts = [Buffer.from(all.subarray(-keptBytes))];
  }

  function finish(): void {
    const [first = Buffer.alloc(0)] = parts;
    const bytes = parts.length > 1 ? Buffer.concat(parts) : first;
    const wasLong = isLong;
    parts = [];
    length = 0;
    isLong = false;
    if (wasLong) {
      onLongLine({ start, end: bytes.toString('latin1') });
      return;
    }
    const line = bytes.toString('utf8').trim();
    if (line !== '') onLine(line);
  }

  return (chunk) => {
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(lineFeed, from);
      if (to === -1) break;
      keep(chunk.subarray(from, to));
      finish();
      from = to + 1;
    }
    keep(chunk.subarray(from));
  };
}
