/** The depth of JSON text that `JSON.parse` has accepted: its strings end, and its brackets match. */
import { maximumDepth } from './json-bounds.ts';
import { endOfString } from './json-token.ts';

const quote = 0x22;
const openings = [0x5b, 0x7b];
// Square brackets and braces differ in the bit 0x20.
const opening = 0x7b;
const closing = 0x7d;

/** Whether more containers than the bound are inside each other. Any other text has an undefined result. */
export function isTooDeep(bytes: Uint8Array): boolean {
  // Most texts have few containers.
  return hasMoreThan(maximumDepth, openings, bytes) && isDeep(bytes);
}

/** Whether more bytes than this number are one of the given. The search stops there. */
export function hasMoreThan(
  maximum: number,
  searched: readonly number[],
  bytes: Uint8Array,
): boolean {
  let count = 0;
  for (const byte of searched) {
    for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) {
      count += 1;
      if (count > maximum) return true;
    }
  }
  return false;
}

function isDeep(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === quote) {
      index = endOfString(bytes, view, index + 1) - 1;
    } else if ((byte | 0x20) === opening) {
      depth += 1;
      if (depth > maximumDepth) return true;
    } else if ((byte | 0x20) === closing) {
      depth -= 1;
    }
  }
  return false;
}
