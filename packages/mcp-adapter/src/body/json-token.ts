/**
 * Where a token of JSON text ends. Each function takes the index after the first byte of the token, and
 * returns the index after the last one. They look at four or eight bytes at a time where they can: one by one,
 * long tokens would take longer than `JSON.parse`.
 *
 * No read is beyond the end of the bytes: V8 makes every later read of such a function slow.
 */

const quote = 0x22;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;
const lowerE = 0x65;

// A search costs about as much as a look at this many bytes.
const nearBytes = 64;

/** The end of a string. The length of the text where no quote closes it. */
export function endOfString(bytes: Uint8Array, view: DataView, start: number): number {
  const { length } = bytes;
  let index = start;
  while (index < length) {
    const far = Math.min(index + nearBytes, length);
    while (index + 4 <= far && isPlain(view.getInt32(index, true))) index += 4;
    while (index < far) {
      const byte = bytes[index];
      index += 1;
      if (byte === quote) return index;
      if (byte === backslash) index += 1;
    }
    if (index >= length) return length;
    const end = bytes.indexOf(quote, index);
    if (end === -1) return length;
    if (!isEscaped(bytes, index, end)) return end + 1;
    index = end + 1;
  }
  return length;
}

/** Whether none of four bytes is a quote or a backslash: whether neither XOR has a byte of zeros. */
function isPlain(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const zeros = ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return (zeros & 0x80808080) === 0;
}

/** Whether an odd number of backslashes stands between the start and the index. */
function isEscaped(bytes: Uint8Array, start: number, index: number): boolean {
  let first = index;
  while (first > start && bytes[first - 1] === backslash) first -= 1;
  return (index - first) % 2 === 1;
}

/**
 * Returns where white space ends. Other control characters count as white space here: `JSON.parse` refuses
 * them later.
 */
export function endOfWhiteSpace(bytes: Uint8Array, view: DataView, start: number): number {
  const { length } = bytes;
  let index = start;
  while (index + 8 <= length && areWhite(view, index)) index += 8;
  while (index < length && (bytes[index] as number) <= 0x20) index += 1;
  return index;
}

/** Whether eight bytes are white. The sums set the high bit of each byte from 0x21 on. */
function areWhite(view: DataView, index: number): boolean {
  const first = view.getInt32(index, true);
  const second = view.getInt32(index + 4, true);
  return (((first + 0x5f5f5f5f) | first | (second + 0x5f5f5f5f) | second) & 0x80808080) === 0;
}

/** The end of a number or literal. -1 where there is none. */
export function endOfScalar(bytes: Uint8Array, view: DataView, start: number): number {
  const first = bytes[start - 1] as number;
  if (first === zero) return endOfFraction(bytes, view, start);
  if (first > nine) return endOfLiteral(bytes, view, start);
  if (first !== minus) return endOfFraction(bytes, view, endOfDigits(bytes, view, start));
  if (!isDigitAt(bytes, start)) return -1;
  const isZero = bytes[start] === zero;
  return endOfFraction(bytes, view, isZero ? start + 1 : endOfDigits(bytes, view, start));
}

function endOfLiteral(bytes: Uint8Array, view: DataView, start: number): number {
  if (start + 3 > bytes.length) return -1;
  const word = view.getInt32(start - 1);
  // true, null
  if (word === 0x74727565 || word === 0x6e756c6c) return start + 3;
  // fals, e
  if (word !== 0x66616c73 || start + 3 === bytes.length) return -1;
  return bytes[start + 3] === lowerE ? start + 4 : -1;
}

/** What may follow the whole part of a number. */
function endOfFraction(bytes: Uint8Array, view: DataView, start: number): number {
  if (start >= bytes.length) return start;
  const byte = bytes[start] as number;
  if (byte === point) {
    if (!isDigitAt(bytes, start + 1)) return -1;
    return endOfExponent(bytes, view, endOfDigits(bytes, view, start + 1));
  }
  return byte > nine ? endOfExponent(bytes, view, start) : start;
}

function endOfExponent(bytes: Uint8Array, view: DataView, start: number): number {
  // E and e differ in the bit 0x20.
  if (start >= bytes.length || ((bytes[start] as number) | 0x20) !== lowerE) return start;
  const next = start + 1;
  const isSigned = next < bytes.length && (bytes[next] === plus || bytes[next] === minus);
  const digits = isSigned ? next + 1 : next;
  return isDigitAt(bytes, digits) ? endOfDigits(bytes, view, digits) : -1;
}

function isDigitAt(bytes: Uint8Array, index: number): boolean {
  if (index >= bytes.length) return false;
  const byte = bytes[index] as number;
  return byte >= zero && byte <= nine;
}

function endOfDigits(bytes: Uint8Array, view: DataView, start: number): number {
  const { length } = bytes;
  let index = start;
  while (index + 4 <= length && areDigits(view.getInt32(index, true))) index += 4;
  while (isDigitAt(bytes, index)) index += 1;
  return index;
}

/** The sums set the high bit of each byte from 0 on, and of each byte after 9. */
const areDigits = (word: number) =>
  ((~(word + 0x50505050) | (word + 0x46464646) | word) & 0x80808080) === 0;
