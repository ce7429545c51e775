/** Recognises an introspection response (RFC 7662 §2.2), and tells it from other JSON. */
import type { Claims } from '@sallyport/core';
import type { IntrospectionReading } from '../introspection-client.ts';

const members: readonly string[] = [
  ...['active', 'scope', 'client_id', 'username', 'token_type', 'exp', 'iat', 'nbf', 'sub', 'aud'],
  ...['iss', 'jti'],
];

/**
 * Only the boolean `true` means active. The string "true" is a protocol error.
 *
 * JSON without any member of a response is the answer of something else, such as an error with status 200
 * or a proxy's message. It is no verdict on the token.
 */
export function readIntrospectionResponse(value: unknown): IntrospectionReading {
  if (!isObject(value)) return 'protocol error';
  if (value['active'] === true) return value;
  return members.some((member) => Object.hasOwn(value, member)) ? undefined : 'protocol error';
}

export function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
