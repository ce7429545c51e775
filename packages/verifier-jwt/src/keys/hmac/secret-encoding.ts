import { ConfigError } from '@sallyport/core';

/** How the text of a shared secret encodes its bytes. */
export type SecretEncoding = 'utf8' | 'base64' | 'base64url' | 'hex';

/** Every encoding, for the run-time check of the option. */
export const secretEncodings: readonly SecretEncoding[] = ['utf8', 'base64', 'base64url', 'hex'];

/**
 * Decodes a secret strictly: a text that another decoder could read as other bytes is refused.
 *
 * @throws {ConfigError} When the text is not in the encoding.
 */
export function decodeSecret(text: string, encoding: SecretEncoding): Buffer {
  const bytes = Buffer.from(text, encoding);
  // Node skips what it cannot read, or stops there, and takes both alphabets for base64.
  if (bytes.toString(encoding) !== canonical(text, encoding)) {
    throw new ConfigError(
      'jwt.keys',
      `the HMAC secret is not in ${encoding}: only ${bytes.length} bytes could be decoded from its ${Buffer.byteLength(text)} bytes of text`,
    );
  }
  return bytes;
}

/** The text as Node writes it. */
function canonical(text: string, encoding: SecretEncoding): string {
  switch (encoding) {
    case 'base64':
      // Many tools leave the padding out.
      return text.includes('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=');
    case 'base64url':
      // Some tools write it here, too.
      return text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
    case 'hex':
      return text.toLowerCase();
    default:
      return text;
  }
}
