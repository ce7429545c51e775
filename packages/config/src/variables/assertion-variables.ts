/** Variables about the assertions that `sallyport run` signs for a server that speaks HTTP. */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { prefix, secretText, type Variable } from './variable.ts';

/** The key that signs. */
export const assertionKey: Variable<string | undefined> = {
  ...secretText('ASSERTION_KEY', {
    meaning:
      'Signs who is calling, for the server behind `sallyport run --upstream`. Default: random, for one process',
  }),
  allowed: 'a private key of the curve P-256, as PEM or as a JWK',
  schema: () => z.string().refine((text) => isP256(text, createPrivateKey)),
  // Files with a key end with a line break.
  isExact: false,
  secretNames: [],
};

/** Keys that verify besides. */
export const assertionPublishedKeys: Variable<readonly string[]> = {
  name: `${prefix}ASSERTION_PUBLISHED_KEYS`,
  meaning:
    'Keys that the server behind the gate accepts besides: the next one before it signs, and the last one after',
  allowed: 'public keys of the curve P-256, as PEM, one after another',
  schema: () =>
    z
      .string()
      .transform(splitPem)
      .refine((keys) => keys.length > 0 && keys.every((key) => isP256(key, createPublicKey))),
  fallback: [],
  cure: '',
  // An operator may put a private key there by mistake.
  isSecret: true,
  isOpaque: true,
  isClosed: false,
  isExact: false,
  secretNames: [],
};

type Parse = (key: string | { readonly key: JsonWebKey; readonly format: 'jwk' }) => KeyObject;

function isP256(text: string, parse: Parse): boolean {
  try {
    const key = text.startsWith('{')
      ? parse({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' })
      : parse(text);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    // What the parser says may quote the key.
    return false;
  }
}

/** A text that is more than PEM has no such parts. */
function splitPem(text: string): readonly string[] {
  const form = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;
  return text.replace(form, '').trim() === '' ? (text.match(form) ?? []) : [];
}
