import { hash } from 'node:crypto';
import { publishedDigestLength, publishedDigests } from './published-digests.ts';

/**
 * Whether a secret stands in documentation, tutorials, default configurations or a public list:
 * as it is, or as the text in hex or base64 that stands for its bytes.
 */
export function isPublishedSecret(secret: Buffer): boolean {
  if (isListed(secret)) return true;
  const hex = secret.toString('hex');
  const base64 = secret.toString('base64');
  const encoded = [hex, hex.toUpperCase(), base64, toUuid(hex), secret.toString('base64url')];
  if (base64.endsWith('=')) encoded.push(base64.replace(/=+$/, ''));
  return encoded.some((text) => isListed(text));
}

/** A UUID without its hyphens is still the same 16 bytes. */
function toUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Looks the digest up in the sorted list (binary search). */
function isListed(secret: Buffer | string): boolean {
  const digest = hash('sha256', secret, 'base64url').slice(0, publishedDigestLength);
  let low = 0;
  let high = publishedDigests.length / publishedDigestLength;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle * publishedDigestLength;
    const found = publishedDigests.slice(start, start + publishedDigestLength);
    if (found === digest) return true;
    if (found < digest) low = middle + 1;
    else high = middle;
  }
  return false;
}
