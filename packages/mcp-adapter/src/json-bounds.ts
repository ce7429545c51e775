/**
 * Bounds on the work that one JSON body may cause. Without them, 1 MiB of `{"a":0},{"b":0},…` takes
 * `JSON.parse` more than 100 ms, and schema validators overflow on deep nesting.
 */

/** Why a body is refused before anything walks over it. */
export type BoundsFault = 'body_too_deep' | 'body_too_complex';

/** Far more than any tool takes. Schema validators recurse, and overflow at some thousands. */
export const maximumDepth = 100;

// Values and member names. At this number, the worst shape costs JSON.parse about 30 ms.
const leastMaximumNodes = 50_000;
const bytesPerNode = 20;

/** How many values and member names a body may hold: one for 20 bytes, and never below 50,000. */
export function maximumNodesOf(maximumBodyBytes: number): number {
  return Math.max(leastMaximumNodes, Math.floor(maximumBodyBytes / bytesPerNode));
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;

/**
 * Counts nodes and depth in JSON text, before it is parsed. It checks no grammar: text that is not
 * JSON gets some count, and `JSON.parse` refuses it afterwards.
 */
export function boundText(bytes: Uint8Array, maximumNodes: number): BoundsFault | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let nodes = 1;
  let depth = 0;
  for (let index = markLength(bytes); index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (isFiller(byte)) {
      index = endOfFiller(view, index + 1) - 1;
      continue;
    }
    if (byte === quote) {
      index = endOfString(bytes, index + 1);
    } else if (byte === comma || byte === colon) {
      nodes += 1;
    } else if (opens(byte)) {
      nodes += 1;
      depth += 1;
    } else if (closes(byte)) {
      depth -= 1;
    } else {
      const skipped = bytesAfter(byte);
      // `JSON.parse` stops here, and what it has read until here is within the bounds.
      if (skipped === undefined) return undefined;
      index += skipped;
    }
    if (depth > maximumDepth) return 'body_too_deep';
    if (nodes > maximumNodes) return 'body_too_complex';
  }
  return undefined;
}

/** Decoders drop a byte order mark. The other bytes of it are no JSON. */
function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** How many bytes belong to the literal or sign that begins so. `undefined` where no JSON does. */
function bytesAfter(byte: number): number | undefined {
  if (byte === 0x74 || byte === 0x6e) return 'rue'.length;
  if (byte === 0x66) return 'alse'.length;
  // In a number: e, E and +.
  return byte === 0x65 || byte === 0x45 || byte === 0x2b ? 0 : undefined;
}

/** White space, digits and the signs of numbers: most of what is not in a string. */
const isFiller = (byte: number) => byte < quote || (byte > comma && byte < colon);
const opens = (byte: number) => byte === 0x5b || byte === 0x7b;
const closes = (byte: number) => byte === 0x5d || byte === 0x7d;

/**
 * The index from which a byte may be no filler. It looks at four bytes at a time: one by one, 1 MiB of
 * white space would take several times as long as `JSON.parse` takes.
 */
function endOfFiller(view: DataView, start: number): number {
  const last = view.byteLength - 4;
  let index = start;
  while (index <= last && areFiller(view.getInt32(index))) index += 4;
  return index;
}

/** {@link isFiller} for the four bytes of a word at once. Each sum sets the high bits that it asks for. */
function areFiller(word: number): boolean {
  const fromQuote = (word + 0x5e5e5e5e) | 0;
  const afterComma = (word + 0x53535353) | 0;
  const fromColon = (word + 0x46464646) | 0;
  return (((fromQuote & ~afterComma) | fromColon | word) & 0x80808080) === 0;
}

/** The index of the closing quote. Searching is much faster than looking at every byte. */
function endOfString(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(quote, start);
  if (end === -1) return bytes.length;
  if (bytes[end - 1] !== backslash) return end;
  for (let index = start; index < bytes.length; index += 1) {
    if (bytes[index] === quote) return index;
    if (bytes[index] === backslash) index += 1;
  }
  return bytes.length;
}

/**
 * The same bounds for a value that a body parser in front of the gate has made. It stops at the first
 * fault, and recurses no deeper than the bound.
 */
export function boundValue(value: unknown, maximumNodes: number): BoundsFault | undefined {
  let nodes = 0;

  function visit(current: unknown, depth: number): BoundsFault | undefined {
    nodes += 1;
    if (nodes > maximumNodes) return 'body_too_complex';
    if (typeof current !== 'object' || current === null) return undefined;
    if (depth === maximumDepth) return 'body_too_deep';
    return Array.isArray(current) ? visitArray(current, depth) : visitObject(current, depth);
  }

  // By index: a copy of half a million elements would cost as much as parsing them.
  function visitArray(array: readonly unknown[], depth: number): BoundsFault | undefined {
    for (let index = 0; index < array.length; index += 1) {
      const fault = visit(array[index], depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  function visitObject(object: object, depth: number): BoundsFault | undefined {
    for (const name in object) {
      nodes += 1;
      const fault = visit((object as Record<string, unknown>)[name], depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  return visit(value, 0);
}
