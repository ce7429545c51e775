/** Reads in the log of an instance when it limited without Redis. */

/** What is limited. */
export type Limited = 'calls' | 'failures';

/** A time, in milliseconds of `performance.now()` of this process. */
export interface AloneTime {
  readonly from: number;
  readonly to: number;
}

/** @param lines JSON lines, such as those of the reference app. */
export function readAlone(lines: readonly string[], limited: Limited = 'calls'): AloneTime[] {
  const alone: AloneTime[] = [];
  let from: number | undefined;
  for (const line of lines) {
    if (!/"redis_(?:un)?available"/.test(line)) continue;
    if (line.includes('"calls"') !== (limited === 'calls')) continue;
    const { time } = JSON.parse(line) as { readonly time: string };
    const at = Date.parse(time) - performance.timeOrigin;
    if (line.includes('"redis_unavailable"')) from ??= at;
    else if (from !== undefined) {
      // The log has whole milliseconds.
      alone.push({ from, to: at + 1 });
      from = undefined;
    }
  }
  return from === undefined ? alone : [...alone, { from, to: Number.POSITIVE_INFINITY }];
}
