/** Other bytes that an issuer may read from the text of a shared secret. */
import { createSecretKey, type KeyObject } from 'node:crypto';

/** Another key that the same text could stand for. No token is ever accepted because of it. */
export interface OtherReading {
  /** Follows "the signature is valid for the secret". */
  readonly name: string;
  readonly key: KeyObject;
}

// A shorter key could match by accident.
const fewestBytes = 16;

/**
 * Lists them. The list is short: each costs one HMAC for every token with a wrong signature.
 *
 * @param given The secret as it was given, with the white space around it.
 * @param bytes The bytes that the text encodes in this verifier.
 */
export function listOtherReadings(given: string, bytes: Buffer): readonly OtherReading[] {
  const text = given.trim();
  const candidates: readonly (readonly [string, Buffer])[] = [
    ['with a trailing newline', Buffer.from(`${text}\n`)],
    ['with a trailing newline of Windows', Buffer.from(`${text}\r\n`)],
    ['with the white space around it', Buffer.from(given)],
    ['in quotation marks', Buffer.from(`"${text}"`)],
    ['as text, and not decoded', Buffer.from(text)],
    ['without its padding', Buffer.from(text.replace(/=+$/, ''))],
    ...(/^[\w+/-]+={0,2}$/.test(text)
      ? [['decoded from base64', Buffer.from(text, 'base64')] as const]
      : []),
    ...(/^(?:[0-9a-f]{2})+$/i.test(text)
      ? [['decoded from hex', Buffer.from(text, 'hex')] as const]
      : []),
    ['encoded as base64', Buffer.from(bytes.toString('base64'))],
    ['encoded as hex', Buffer.from(bytes.toString('hex'))],
  ];
  const seen = new Set([bytes.toString('latin1')]);
  return candidates.flatMap(([name, reading]) => {
    const id = reading.toString('latin1');
    if (reading.length < fewestBytes || seen.has(id)) return [];
    seen.add(id);
    return [{ name, key: createSecretKey(reading) }];
  });
}
