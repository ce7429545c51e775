/** CASE-07: random secrets as people make them, in every encoding and length. */
import { randomBytes } from 'node:crypto';
import { hmacSecret, type SecretEncoding } from '../../../src/index.ts';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random characters, each as likely as the others. */
function pick(alphabet: string, length: number): string {
  const even = 256 - (256 % alphabet.length);
  const bytes = [...randomBytes(length * 3)].filter((byte) => byte < even).slice(0, length);
  return bytes.map((byte) => alphabet[byte % alphabet.length]).join('');
}

const generators: readonly (readonly [string, SecretEncoding, (length: number) => string])[] = [
  ['raw bytes', 'hex', (length) => randomBytes(length).toString('hex')],
  ['base64', 'utf8', (length) => randomBytes(length).toString('base64')],
  ['base64 that is decoded', 'base64', (length) => randomBytes(length).toString('base64')],
  ['base64url', 'utf8', (length) => randomBytes(length).toString('base64url')],
  ['hex', 'utf8', (length) => randomBytes(length).toString('hex')],
  ['hex of half as many bytes', 'utf8', (length) => randomBytes(length / 2).toString('hex')],
  ['letters and digits', 'utf8', (length) => pick(alphanumeric, length)],
  ['small letters and digits', 'utf8', (length) => pick(alphanumeric.slice(26), length)],
  ['base32', 'utf8', (length) => pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length)],
];

/** Each length in bytes or characters, kind, and the `encoding` option that reads it. */
export const randomSecrets: readonly (readonly [
  number,
  string,
  SecretEncoding,
  (length: number) => string,
])[] = generators.flatMap((row) => [32, 48, 64].map((length) => [length, ...row] as const));

/** The messages of all refusals among `count` secrets. */
export function refuseRandom(
  count: number,
  encoding: SecretEncoding,
  make: () => string,
): string[] {
  const refusals = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    try {
      hmacSecret(make(), { encoding }).open(['HS256']);
    } catch (error) {
      refusals.add(error instanceof Error ? error.message : 'no error');
    }
  }
  return [...refusals];
}
