/** Parses the bytes of a body. All hosts use it. */
import type { JsonBody } from '../gate/gate-request.ts';
import { maximumNodesOf } from './json-bounds.ts';
import { rememberSource } from './json-source.ts';
import { boundText } from './json-text.ts';

/** Decodes UTF-8 and drops a byte order mark. Throws for other bytes. */
export type DecodeText = (bytes: Uint8Array) => string;

const utf8 = new TextDecoder('utf-8', { fatal: true });

// Up to this size, JSON.parse takes 25 ms at most, and a scan of the text would cost more than it does. From here
// on, V8 keeps texts outside its regular pages, and parsing becomes the larger part.
const maximumUnscannedBytes = 131_072;

/**
 * Bounds the text of a large body before it is parsed. The value of a small one is to be bounded afterwards.
 *
 * @param maximumBytes The limit that the bytes were read with.
 * @param decode A host may have a faster decoder. Default: the strict `TextDecoder`.
 */
export function parseJsonBody(
  bytes: Uint8Array,
  maximumBytes: number,
  decode: DecodeText = (text) => utf8.decode(text),
): JsonBody {
  const isBounded = bytes.length > maximumUnscannedBytes;
  const fault = isBounded ? boundText(bytes, maximumNodesOf(maximumBytes)) : undefined;
  if (fault !== undefined) return { ok: false, fault };
  try {
    const text = decode(bytes);
    const value: unknown = JSON.parse(text);
    rememberSource(value, text);
    return { ok: true, value, isBounded };
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
