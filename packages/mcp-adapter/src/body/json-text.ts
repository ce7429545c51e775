/**
 * Bounds JSON text. The scan before it is parsed follows the grammar of RFC 8259 and stops at the first
 * byte that breaks it: a body that is not JSON costs no more than one that is.
 */
import { type BoundsFault, maximumDepth } from './json-bounds.ts';
import { endOfScalar, endOfString, endOfWhiteSpace } from './json-token.ts';

const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBrace = 0x7d;

// What a byte outside strings begins. 0: nothing in JSON.
const space = 1;
const scalar = 2;
const string = 3;
const comma = 4;
const colon = 5;
const opening = 6;
const closing = 7;

/** By byte. */
const kinds = new Uint8Array(256);
for (const [kind, characters] of [
  [space, ' \t\n\r'],
  [scalar, '-0123456789tfn'],
  [string, '"'],
  [comma, ','],
  [colon, ':'],
  [opening, '[{'],
  [closing, ']}'],
] as const) {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}

// What may come next.
const value = 0;
const valueOrEnd = 1;
const nameOrEnd = 2;
const name = 3;
const afterName = 4;
const afterValue = 5;

/**
 * Counts the values, member names and depth of JSON text.
 *
 * `JSON.parse` still decides what is JSON: the scan does not check control characters and escapes in strings.
 */
export function boundText(
  bytes: Uint8Array,
  maximumNodes: number,
): BoundsFault | 'body_not_json' | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  const containers = new Uint8Array(maximumDepth + 1);
  let nodes = 1;
  let depth = 0;
  let expected = value;
  let index = markLength(bytes);

  while (index < length) {
    const byte = bytes[index] as number;
    index += 1;
    switch (kinds[byte]) {
      case space:
        index = endOfWhiteSpace(bytes, view, index);
        break;
      case scalar:
        if (expected > valueOrEnd) return 'body_not_json';
        index = endOfScalar(bytes, view, index);
        if (index === -1) return 'body_not_json';
        expected = afterValue;
        break;
      case string:
        if (expected > name) return 'body_not_json';
        index = endOfString(bytes, view, index);
        expected = expected > valueOrEnd ? afterName : afterValue;
        break;
      case comma:
        if (expected !== afterValue || depth === 0) return 'body_not_json';
        nodes += 1;
        expected = containers[depth] === openBrace ? name : value;
        break;
      case colon:
        if (expected !== afterName) return 'body_not_json';
        nodes += 1;
        expected = value;
        break;
      case opening:
        if (expected > valueOrEnd) return 'body_not_json';
        if (depth === maximumDepth) return 'body_too_deep';
        nodes += 1;
        depth += 1;
        containers[depth] = byte;
        expected = byte === openBracket ? valueOrEnd : nameOrEnd;
        break;
      case closing:
        // Each closing byte is its opening byte plus 2. No container is open at depth 0.
        if (containers[depth] !== byte - 2) return 'body_not_json';
        if (expected !== afterValue && expected !== valueOrEnd && expected !== nameOrEnd) {
          return 'body_not_json';
        }
        depth -= 1;
        expected = afterValue;
        break;
      default:
        return 'body_not_json';
    }
    if (nodes > maximumNodes) return 'body_too_complex';
  }
  return expected === afterValue && depth === 0 ? undefined : 'body_not_json';
}

/** Decoders drop a byte order mark, so the scan starts after it. */
function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

const quote = 0x22;
const openings = [openBracket, openBrace];

/**
 * Whether more containers than the bound are inside each other.
 *
 * @param bytes Text that `JSON.parse` has accepted: its strings end, and its brackets match.
 */
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

/** Square brackets and braces differ in the bit 0x20. */
function isDeep(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === quote) {
      index = endOfString(bytes, view, index + 1) - 1;
    } else if ((byte | 0x20) === openBrace) {
      depth += 1;
      if (depth > maximumDepth) return true;
    } else if ((byte | 0x20) === closeBrace) {
      depth -= 1;
    }
  }
  return false;
}
