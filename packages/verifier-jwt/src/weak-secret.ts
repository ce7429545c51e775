/**
 * Whether a shared secret can be guessed. Whoever guesses it signs tokens, and they try offline:
 * one token is enough. A key for HMAC is never a password (RFC 8725 §3.5).
 *
 * Random text passes whatever its alphabet: each rule is met by fewer than one in a hundred million
 * outputs of `openssl rand -hex` or `-base64` that are long enough for HS256.
 */
import { hash } from 'node:crypto';
import { publishedSecrets } from './published-secrets.ts';

/** What is wrong with a secret; `undefined` when nothing is. */
export type SecretWeakness =
  | 'published as an example: everybody knows it'
  | 'made of too few different characters'
  | 'the same text over and over'
  | 'a sequence of characters'
  | 'made of words'
  | undefined;

const fewestDifferentCharacters = 7;

/** @param text Long enough for its algorithm. */
export function findSecretWeakness(text: string): SecretWeakness {
  if (publishedSecrets.has(hash('sha256', text, 'hex').slice(0, 16))) {
    return 'published as an example: everybody knows it';
  }
  if (new Set(text).size < fewestDifferentCharacters) return 'made of too few different characters';
  if (isRepeated(text)) return 'the same text over and over';
  if (isSequence(text)) return 'a sequence of characters';
  return isWords(text) ? 'made of words' : undefined;
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

// What people write where a secret should be. One in random text is no sign of anything; when they
// make up much of a text, it is.
const words =
  /super|secret|keys?|that|this|long|enough|your|token|jwt|json|web|sign|auth|pass|word|phrase|change|default|example|replace|with|insecure|secure|test|demo|admin|user|development|production|staging|please|really|very|string|char(?:acter)?s?|random|strong|least|must|bits?|bytes?|safe|private|public|service|server|client|app|api|for|the|and|not|use|own|here|qwerty|asdf|letmein|access|refresh|hello|world|some|thing|my/gi;

function isWords(text: string): boolean {
  if (/^([a-z]+|[A-Z]+)$/.test(text.replace(/[-_. !?]/g, ''))) return true;
  const written = [...text.matchAll(words)].reduce((sum, [word]) => sum + word.length, 0);
  return written >= 0.4 * text.length;
}
