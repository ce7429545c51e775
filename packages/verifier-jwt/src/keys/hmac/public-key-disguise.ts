/** A public key where a secret should be: everybody who knows it could sign (RFC 8725 §2.1). */
import { createPublicKey, X509Certificate } from 'node:crypto';

/** Whether a text is a key, a certificate or a JWK, whole or after other text. */
export function isPublicKeyText(text: string): boolean {
  if (text.includes('-----BEGIN') || /^ssh-|^ecdsa-sha2-/.test(text)) return true;
  return text.startsWith('{') && /"kty"|"keys"/.test(text);
}

/** Whether bytes are what stands between the lines of PEM. */
export function isPublicKeyDer(bytes: Buffer): boolean {
  return (
    canRead(() => createPublicKey({ key: bytes, format: 'der', type: 'spki' })) ||
    canRead(() => createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' })) ||
    canRead(() => new X509Certificate(bytes))
  );
}

function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
