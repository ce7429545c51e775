import { AuthError } from '@sallyport/core';
import type { KeyQuery, VerificationKey } from '../keys/key-source.ts';
import type { SignedText } from '../token/compact-jws.ts';
import { holdsSignature } from './verify-signature.ts';

/**
 * Creates the refusal of a token with a wrong signature. For a shared secret it says whether the
 * issuer reads the same text as other bytes: decoded from base64, or with a trailing newline.
 */
export function refuseSignature(
  jws: SignedText,
  { algorithm, keyId }: KeyQuery,
  key: VerificationKey,
): AuthError {
  const reason = findReading(jws, algorithm, key) ?? explainKey(key, keyId);
  const detail = `Token signature verification failed; ${reason}`;
  return new AuthError('token_signature_invalid', { detail });
}

function findReading(jws: SignedText, algorithm: string, key: VerificationKey): string | undefined {
  for (const { name, key: other } of key.otherReadings ?? []) {
    const reading = { keyId: undefined, algorithm, key: other, signatureLength: undefined };
    if (holdsSignature(jws, algorithm, reading)) {
      return `the signature is valid for the secret ${name}: issuer and server must decode the secret in the same way`;
    }
  }
  return undefined;
}

function explainKey({ otherReadings }: VerificationKey, keyId: string | undefined): string {
  if (otherReadings !== undefined)
    return 'the issuer signs with another secret, or the token was changed';
  return keyId === undefined
    ? 'the issuer signs with another key, or the token was changed'
    : 'the key id is known: the token was changed, or another issuer uses the same key id';
}
