/** The gate in front of the signature: a token that two readers could read differently ends here. */
import { isUtf8 } from 'node:buffer';
import { AuthError } from '@sallyport/core';
import { findJsonFault } from './json-scan.ts';

/** A JSON object from a token. Its members are a stranger's until the signature holds. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JWS in compact serialisation (RFC 7515 §3.1), taken apart. Nothing of it is verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** What the signature is over. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

const maximumLength = 8_192;
const maximumDepth = 32;

// What Cloud Run puts in the place of a signature when its own IAM has consumed the token.
const removedByCloudRun = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Takes a token apart, strictly: three segments, canonical base64url, UTF-8 without a byte order
 * mark, JSON objects without duplicate members, bounded in size and depth. Linear in the length of
 * the token, and constant for one that is too long or encrypted.
 *
 * It does not look at what the members say.
 *
 * @throws {AuthError} `token_malformed`.
 */
export function parseCompactJws(token: string): CompactJws {
  if (token.length > maximumLength) throw malformed(`longer than ${maximumLength} characters`);
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  // A JWE has four dots (RFC 7516 §9). It is not looked into.
  if (first < 1 || second < first + 2 || second === token.length - 1) throw malformed('segments');
  if (token.includes('.', second + 1)) throw malformed('more than three segments');

  const encodedSignature = token.slice(second + 1);
  if (encodedSignature === removedByCloudRun) throw malformed('cloud_run_iam_stripped_signature');
  return {
    header: parseObject(decode(token.slice(0, first), 'header'), 'header'),
    payload: parseObject(decode(token.slice(first + 1, second), 'payload'), 'payload'),
    signingInput: token.slice(0, second),
    signature: decode(encodedSignature, 'signature'),
  };
}

function decode(segment: string, name: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  // Decoders forgive padding, white space and stray bits; encoding again forgives nothing.
  if (bytes.toString('base64url') !== segment) throw malformed(`${name}: not canonical base64url`);
  return bytes;
}

function parseObject(bytes: Buffer, name: string): JsonObject {
  if (!isUtf8(bytes)) throw malformed(`${name}: not UTF-8`);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    // Refuses a byte order mark as well: it is no white space of JSON.
    value = JSON.parse(text);
  } catch {
    throw malformed(`${name}: not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${name}: not an object`);
  }
  const fault = findJsonFault(text, maximumDepth);
  if (fault !== undefined) throw malformed(`${name}: ${fault}`);
  return value as JsonObject;
}

function malformed(detail: string): AuthError {
  return new AuthError('token_malformed', { detail });
}
