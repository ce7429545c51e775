/** Parses the bytes of a body. All hosts use it. */
import type { JsonBody } from '../gate/gate-request.ts';
import { maximumNodesOf } from './json-bounds.ts';
import { rememberSource } from './json-source.ts';
import { boundText, hasMoreThan, isTooDeep } from './json-text.ts';

/** Decodes UTF-8 and drops a byte order mark. Throws for other bytes. */
export type DecodeText = (bytes: Uint8Array) => string;

const utf8 = new TextDecoder('utf-8', { fatal: true });

// Up to this size, JSON.parse takes 25 ms at most, since each value has two bytes. A count of the values would cost
// more than that. From here on, V8 keeps texts outside its regular pages, and parsing becomes the larger part.
const maximumUncountedBytes = 131_072;
// Each value but the first stands after one of these. A search for so few costs next to nothing.
const separators = [0x2c, 0x3a, 0x5b, 0x7b];
const fewSeparators = 4_000;

/**
 * Parses the bytes of a body within the bounds: many values are counted before, and the depth of few
 * values afterwards.
 *
 * @param maximumBytes The limit that the bytes were read with.
 * @param decode A host may have a faster decoder. Default: the strict `TextDecoder`.
 */
export function parseJsonBody(
  bytes: Uint8Array,
  maximumBytes: number,
  decode: DecodeText = (text) => utf8.decode(text),
): JsonBody {
  const isFew =
    bytes.length <= maximumUncountedBytes || !hasMoreThan(fewSeparators, separators, bytes);
  const fault = isFew ? undefined : boundText(bytes, maximumNodesOf(maximumBytes));
  if (fault !== undefined) return { ok: false, fault };
  try {
    const text = decode(bytes);
    const value: unknown = JSON.parse(text);
    if (isFew && isTooDeep(bytes)) return { ok: false, fault: 'body_too_deep' };
    rememberSource(value, text);
    return { ok: true, value, isBounded: true };
  } catch {
    return { ok: false, fault: 'body_not_json' };
  }
}

/** Whether a content type names JSON, whatever its parameters are (RFC 6838 §4.2.8: `+json`). */
function isJsonType(contentType: string | undefined): boolean {
  const [essence = ''] = (contentType ?? '').split(';', 1);
  return /^application\/(?:[\w!#$&^.+-]+\+)?json$/i.test(essence.trim());
}

/**
 * What a body parser in front of the gate has left, after it consumed the bytes. Only the value of a
 * JSON parser is accepted: a handler could parse text and buffers differently.
 */
export function takeParsedBody(value: unknown, contentType: string | undefined): JsonBody {
  if (!isJsonType(contentType) || !isPlain(value)) return { ok: false, fault: 'body_consumed' };
  return { ok: true, value };
}

/** An array or a plain object, of this realm or another: no Buffer, no stream, no class. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
