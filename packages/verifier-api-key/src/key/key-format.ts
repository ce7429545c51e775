/** The form of a key: what scanners find, and what a slip of the hand does not survive. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What every key begins with. No token of an authorization server does. */
const keyPrefix = 'sallyport_';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 62 ** 43 is more than 2 ** 256, and 62 ** 6 is more than 2 ** 32.
const secretDigits = 43;
const checksumDigits = 6;
const keyForm = new RegExp(`^${keyPrefix}[0-9A-Za-z]{${secretDigits + checksumDigits}}$`);

/** Makes a key: the prefix, 256 random bits in base 62, and the CRC-32 of both. */
export function makeKey(random: (bytes: number) => Uint8Array = randomBytes): string {
  const bits = Buffer.from(random(32)).toString('hex');
  const body = keyPrefix + writeSecret(BigInt(`0x${bits}`));
  return body + checksumOf(body);
}

/** Whether a token is meant as a key, whatever follows the prefix. */
export function looksLikeKey(token: string): boolean {
  return token.startsWith(keyPrefix);
}

/** Whether a token has the form of a key, and its checksum. It says nothing about who made it. */
export function isKey(token: string): boolean {
  if (!keyForm.test(token)) return false;
  return token.endsWith(checksumOf(token.slice(0, -checksumDigits)));
}

function checksumOf(body: string): string {
  let text = '';
  for (let rest = crc32(body); text.length < checksumDigits; rest = Math.floor(rest / 62)) {
    text = digits.charAt(rest % 62) + text;
  }
  return text;
}

function writeSecret(bits: bigint): string {
  let text = '';
  for (let rest = bits; text.length < secretDigits; rest /= 62n) {
    text = digits.charAt(Number(rest % 62n)) + text;
  }
  return text;
}
