/**
 * Whether a shared secret can be guessed. An attacker who guesses it can sign tokens, and attackers guess
 * offline: one token is enough. A key for HMAC is never a password (RFC 8725 §3.5).
 *
 * Random secrets pass in every encoding: each rule is met by fewer than one in a hundred million
 * that are long enough for HS256.
 */
import { isDigestOfWord } from './digest-of-word.ts';
import { isPublishedSecret } from './published-secrets.ts';
import { readSecret, toText } from './unwrap-secret.ts';
import { isWritten } from './written-text.ts';

/** What is wrong with a secret; `undefined` when nothing is. */
export type SecretWeakness =
  | 'published as an example: everybody knows it'
  | 'the hash of a common word'
  | 'a UUID, which is an identifier and not a key (RFC 9562 §8)'
  | 'made of too few different characters'
  | 'the same text over and over'
  | 'a sequence of characters'
  | 'made of words'
  | undefined;

const fewestDifferentCharacters = 7;

/** @param secret Long enough for its algorithm. */
export function findSecretWeakness(secret: string | Uint8Array): SecretWeakness {
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret;
  for (const reading of readSecret(bytes)) {
    const weakness = weaknessOf(reading);
    if (weakness !== undefined) return weakness;
  }
  return undefined;
}

function weaknessOf(reading: Buffer): SecretWeakness {
  if (isPublishedSecret(reading)) return 'published as an example: everybody knows it';
  if (isDigestOfWord(reading)) return 'the hash of a common word';
  const text = toText(reading);
  if (isUuid(text)) return 'a UUID, which is an identifier and not a key (RFC 9562 §8)';
  if (new Set(text).size < fewestDifferentCharacters) return 'made of too few different characters';
  if (isRepeated(text)) return 'the same text over and over';
  if (isSequence(text)) return 'a sequence of characters';
  return isWritten(text) ? 'made of words' : undefined;
}

/** A UUID of any version. A random one has 122 bits, and HS256 asks for 256 (RFC 7518 §3.2). */
function isUuid(text: string): boolean {
  return /^(?:urn:uuid:)?[{(]?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[})]?$/i.test(text);
}

/** Whether a text begins anew after at most half of it. */
function isRepeated(text: string): boolean {
  for (let period = 1; period * 2 <= text.length; period += 1) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

/** `abcdef`, `012345`, `zzz`: three quarters of the characters are next to the one before. */
function isSequence(text: string): boolean {
  let neighbours = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (Math.abs(text.charCodeAt(index) - text.charCodeAt(index - 1)) <= 1) neighbours += 1;
  }
  return neighbours >= 0.75 * (text.length - 1);
}
