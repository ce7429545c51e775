/** Parses tokens strictly. A token that two parsers could read differently is refused. */
import { isUtf8 } from 'node:buffer';
import { AuthError, assertTokenSize } from '@sallyport/core';
import { findJsonFault } from './json-fault.ts';

/** A JSON object from a token. Do not trust its members before the signature is verified. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JWS in compact serialisation (RFC 7515 §3.1), cut at its dots. Nothing of it is decoded. */
export interface Segments {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** A JWS, taken apart. Nothing of it is verified. */
export interface CompactJws extends SignedText {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** What a signature is over, and the signature. */
export interface SignedText {
  readonly signingInput: string;
  readonly signature: Buffer;
}

const maximumDepth = 32;

// What Cloud Run puts in the place of a signature when its own IAM has consumed the token.
const removedByCloudRun = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Takes a token apart, strictly: three segments, canonical base64url, UTF-8 without a byte order
 * mark, JSON objects without duplicate members, at most 8,192 bytes and bounded in depth. Linear in the
 * length of the token, and constant for one that is too long or encrypted.
 *
 * It does not validate what the members say.
 *
 * @throws {AuthError} `token_malformed`.
 */
export function parseCompactJws(token: string): CompactJws {
  assertTokenSize(token);
  const segments = splitCompactJws(token);
  return {
    header: parseSegment(segments.header, 'header'),
    payload: parseSegment(segments.payload, 'payload'),
    ...readSignedText(token, segments),
  };
}

/**
 * Cuts a token at its two dots. Its length is checked before.
 *
 * @throws {AuthError} `token_malformed` when there are not three segments.
 */
export function splitCompactJws(token: string): Segments {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  // A JWE has four dots (RFC 7516 §9). It is not looked into.
  if (first < 1 || second < first + 2 || second === token.length - 1) throw malformed('segments');
  if (token.includes('.', second + 1)) throw malformed('more than three segments');
  const signature = token.slice(second + 1);
  if (signature === removedByCloudRun) throw malformed('cloud_run_iam_stripped_signature');
  return { header: token.slice(0, first), payload: token.slice(first + 1, second), signature };
}

/** @throws {AuthError} `token_malformed` when the signature is not canonical base64url. */
export function readSignedText(token: string, { signature }: Segments): SignedText {
  return {
    signingInput: token.slice(0, token.length - signature.length - 1),
    signature: decode(signature, 'signature'),
  };
}

/**
 * Decodes the JSON object in a segment.
 *
 * @throws {AuthError} `token_malformed`.
 */
export function parseSegment(segment: string, name: 'header' | 'payload'): JsonObject {
  const bytes = decode(segment, name);
  if (!isUtf8(bytes)) throw malformed(`${name}: not UTF-8`);
  let value: unknown;
  try {
    // Refuses a byte order mark as well: JSON has no such white space.
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformed(`${name}: not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${name}: not an object`);
  }
  const fault = findJsonFault(bytes, value, maximumDepth);
  if (fault !== undefined) throw malformed(`${name}: ${fault}`);
  return value as JsonObject;
}

function decode(segment: string, name: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  // Decoders forgive padding, white space and stray bits; encoding again forgives nothing.
  if (bytes.toString('base64url') !== segment) throw malformed(`${name}: not canonical base64url`);
  return bytes;
}

function malformed(detail: string): AuthError {
  return new AuthError('token_malformed', { detail });
}
