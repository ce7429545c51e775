import { isUtf8 } from 'node:buffer';

// What is shorter after decoding says nothing: every short text is the base64 of something.
const fewestBytes = 16;
const deepest = 6;

/**
 * Reads a secret in every way that leads back to what it was made of: as it is, without quotation
 * marks and white space, and decoded from hex or base64, again and again. Encoding a published
 * secret or a password does not make it random.
 *
 * The secret itself comes first.
 */
export function readSecret(secret: Uint8Array): readonly Buffer[] {
  const readings = new Map<string, Buffer>();
  let found: Buffer[] = [Buffer.from(secret)];
  for (let depth = 0; depth <= deepest && found.length > 0; depth += 1) {
    const fresh = found.filter((reading) => !readings.has(reading.toString('latin1')));
    for (const reading of fresh) readings.set(reading.toString('latin1'), reading);
    found = fresh.flatMap(unwrap);
  }
  return [...readings.values()];
}

/** Returns the text of a reading. If it is not UTF-8, each byte becomes one character. */
export function toText(reading: Buffer): string {
  return reading.toString(isUtf8(reading) ? 'utf8' : 'latin1');
}

function unwrap(reading: Buffer): Buffer[] {
  const text = reading.toString('latin1');
  const inner: Buffer[] = [];
  const bare = text.replace(/^[\s\0]+|[\s\0]+$/g, '');
  if (bare !== text) inner.push(Buffer.from(bare, 'latin1'));
  if (/^(["'`]).*\1$/s.test(bare)) inner.push(Buffer.from(bare.slice(1, -1), 'latin1'));
  if (/^(?:[0-9a-f]{2})+$/i.test(bare)) inner.push(Buffer.from(bare, 'hex'));
  // Line breaks: `base64` of the command line wraps its output.
  const joined = bare.replace(/\s+/g, '');
  if (/^[\w+/-]+={0,2}$/.test(joined)) inner.push(Buffer.from(joined, 'base64'));
  return inner.filter(({ length }) => length >= fewestBytes);
}
