/** Finds the ends of Redis replies (RESP2) in a stream of bytes, within bounds. */

/** What is wrong with a stream of replies. A closed list. */
type ReplyFault = 'not_a_reply' | 'too_large' | 'too_deep' | 'too_slow' | 'not_asked_for';

/** Reads the bytes of one connection. */
export interface ReplyScanner {
  /**
   * @param outstanding How many commands still wait for a reply, before these bytes.
   * @returns `undefined` when these bytes may be handed on. After a fault it must not be called again.
   */
  read(bytes: Uint8Array, outstanding: number): ReplyFault | undefined;
}

// The longest reply that is asked for is `INFO`, of about 10 kB.
const longestLine = 1_024;
const longestBulk = 262_144;
const longestArray = 1_024;
const deepest = 4;
const slowestMs = 1_000;

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const length = /^(?:-1|\d{1,7})$/;
const integer = /^[+-]?\d{1,19}$/;

/** @param now Monotonic clock, in milliseconds from any start. */
export function createReplyScanner(monotonicNow: () => number): ReplyScanner {
  // The number of missing elements of each open array, outermost first.
  const open: number[] = [];
  let line = '';
  let bulkLeft = 0;
  let startedAt: number | undefined;
  let replies = 0;

  /** One value is complete, and so may be the arrays around it. */
  function complete(): void {
    while (open.length > 0) {
      const left = (open.pop() ?? 0) - 1;
      if (left > 0) {
        open.push(left);
        return;
      }
    }
    replies += 1;
    startedAt = undefined;
  }

  function readLine(): ReplyFault | undefined {
    const type = line[0];
    const rest = line.slice(1);
    line = '';
    if (type === '+' || type === '-' || (type === ':' && integer.test(rest))) {
      complete();
      return undefined;
    }
    if ((type !== '$' && type !== '*') || !length.test(rest)) return 'not_a_reply';
    const size = Number(rest);
    if (size > (type === '$' ? longestBulk : longestArray)) return 'too_large';
    if (type === '$' && size >= 0) bulkLeft = size + 2;
    else if (type === '$' || size <= 0) complete();
    else if (open.length >= deepest) return 'too_deep';
    else open.push(size);
    return undefined;
  }

  /** @returns Where it stopped reading, or what is wrong. */
  function readBulk(bytes: Uint8Array, from: number): number | ReplyFault {
    const to = Math.min(bytes.length, from + bulkLeft);
    const ends = [carriageReturn, lineFeed];
    for (let index = Math.max(from, from + bulkLeft - 2); index < to; index += 1) {
      if (bytes[index] !== ends[2 - (from + bulkLeft - index)]) return 'not_a_reply';
    }
    bulkLeft -= to - from;
    if (bulkLeft === 0) complete();
    return to;
  }

  /** @returns Where it stopped reading, or what is wrong. */
  function readLinePart(bytes: Uint8Array, from: number): number | ReplyFault {
    const end = bytes.indexOf(lineFeed, from);
    const to = end === -1 ? bytes.length : end + 1;
    if (line.length + to - from > longestLine) return 'too_large';
    line += Buffer.from(bytes.subarray(from, to)).toString('latin1');
    if (end === -1) return to;
    if (!line.endsWith('\r\n')) return 'not_a_reply';
    line = line.slice(0, -2);
    return readLine() ?? to;
  }

  return {
    read(bytes, outstanding) {
      replies = 0;
      for (let index = 0; index < bytes.length; ) {
        startedAt ??= monotonicNow();
        const next = bulkLeft > 0 ? readBulk(bytes, index) : readLinePart(bytes, index);
        if (typeof next === 'string') return next;
        index = next;
        if (replies > outstanding) return 'not_asked_for';
      }
      // The start of an unexpected reply is a fault as well.
      if (startedAt !== undefined && replies >= outstanding) return 'not_asked_for';
      return startedAt !== undefined && monotonicNow() - startedAt > slowestMs
        ? 'too_slow'
        : undefined;
    },
  };
}
