/** What a line of a child process holds, and what the two ends of a line that is too long tell. */
import type { LineEnds } from '../process/line-reader.ts';
import { parseLine } from './exact-line.ts';
import { isObject, type JsonObject, member } from './messages.ts';

export function parseMessages(line: string): unknown {
  // An error of the parser costs more than 20 messages: most junk ends here.
  if (!line.startsWith('{') && !line.startsWith('[')) return undefined;
  try {
    return parseLine(line);
  } catch {
    return undefined;
  }
}

export function isMessage(value: unknown): value is JsonObject {
  return isObject(value) && member(value, 'jsonrpc') === '2.0';
}

/** JSON libraries write the id first or last. */
export function idIn({ start, end }: LineEnds): number | undefined {
  const found =
    /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d+)\s*,/.exec(start) ??
    /^\s*\{\s*"id"\s*:\s*(\d+)\s*,/.exec(start) ??
    /,\s*"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(end);
  return found === null ? undefined : Number(found[1]);
}

/** Junk is no answer, and neither is a notification. */
export function couldBeAnswer({ start }: LineEnds): boolean {
  return /^\s*\{\s*"/.test(start) && !/"method"/.test(start);
}
