/** Decodes what a stranger has written, so that no two readers could read it differently. */
import { base64url } from 'jose';
import { refuseProof } from './proof-fault.ts';

/** An object out of a proof. Nothing is known of its members. */
export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const jsonString = /"(?:[^"\\]|\\.)*"/g;

/**
 * @param segment Of a JWT.
 * @throws {AuthError} `dpop_proof_invalid` when it is no canonical base64url of a JSON object, or has a
 *   member twice.
 */
export function parseSegment(segment: string, name: string): JsonObject {
  const text = decodeText(segment, name);
  let members = 0;
  let value: unknown;
  try {
    value = JSON.parse(text, function count(this: unknown, _name, member: unknown) {
      if (!Array.isArray(this)) members += 1;
      return member;
    });
  } catch {
    refuseProof(`${name}: not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuseProof(`${name}: not an object`);
  }
  // Of two members with one name JSON.parse keeps one; the text has a colon for each. The outermost
  // value was counted, too.
  const colons = text.replace(jsonString, '').split(':').length - 1;
  if (members - 1 !== colons) refuseProof(`${name}: duplicate member`);
  return value as JsonObject;
}

function decodeText(segment: string, name: string): string {
  const bytes = decodeCanonically(segment, name);
  try {
    return utf8.decode(bytes);
  } catch {
    refuseProof(`${name}: not UTF-8`);
  }
}

/** Decoders forgive padding, white space and stray bits; encoding again forgives nothing. */
export function decodeCanonically(segment: string, name: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = base64url.decode(segment);
  } catch {
    // Told apart below.
  }
  if (bytes === undefined || base64url.encode(bytes) !== segment) {
    refuseProof(`${name}: not canonical base64url`);
  }
  return bytes;
}
