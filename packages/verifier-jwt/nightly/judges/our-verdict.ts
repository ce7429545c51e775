/**
 * The parts of the verifier that a vector can reach. Vectors sign any text, and tokens hold a JSON object. So these
 * functions call what `createJwtVerifier` and `verifyJws` call, without the claims.
 */
import { createSecretKey } from 'node:crypto';
import {
  asymmetricAlgorithms,
  ConfigError,
  isAuthError,
  type VerifyContext,
} from '@sallyport/core';
import { hmacSecret, publicKey, type VerifyJwsOptions, verifyJws } from '../../src/index.ts';
import { readKeySet } from '../../src/keys/key-set.ts';
import type { KeyQuery, VerificationKey } from '../../src/keys/key-source.ts';
import { holdsSignature } from '../../src/signature/verify-signature.ts';
import {
  parseCompactJws,
  parseSegment,
  readSignedText,
  type SignedText,
  splitCompactJws,
} from '../../src/token/compact-jws.ts';
import { readKeyQuery } from '../../src/token/validate-header.ts';

/** A JWK as a file has it. */
export type Jwk = Readonly<Record<string, unknown>>;

const algorithms: readonly string[] = [...asymmetricAlgorithms.keys()];
const hmacAlgorithms = ['HS256', 'HS384', 'HS512'];

/** A message and its signature, in hex. */
export interface SignedBytes {
  readonly message: string;
  readonly signature: string;
}

/** Whether a signature over any bytes holds for a public key. A key that is too weak holds nothing. */
export function holdsForPublicKey(pem: string, algorithm: string, signed: SignedBytes): boolean {
  return unlessRefused(() => {
    const found = publicKey(pem).open([algorithm]).find({ keyId: undefined, algorithm }, context);
    return holdsSignature(toText(signed), algorithm, found as VerificationKey);
  });
}

/** Whether a code over any bytes holds for a secret. The strength of the secret is not looked at. */
export function holdsForSecret(hex: string, algorithm: string, signed: SignedBytes): boolean {
  const key = createSecretKey(Buffer.from(hex, 'hex'));
  const known = { keyId: undefined, algorithm, key, signatureLength: undefined };
  return holdsSignature(toText(signed), algorithm, known);
}

/**
 * Whether the form, the header and the signature of a JWS are accepted for the public keys of a set. If the payload is
 * a JSON object, `verifyJws` must say the same.
 *
 * @param allowed Default every algorithm for public keys.
 */
export async function acceptsWithKeySet(
  token: string,
  keys: readonly Jwk[],
  allowed: readonly string[] = algorithms,
): Promise<boolean> {
  const find = (query: KeyQuery) => readKeySet({ keys }, allowed).find(query);
  const accepts = acceptsForm(token, allowed, find);
  if (holdsJson(token) && accepts !== (await acceptsWithVerifyJws(token, keys, allowed))) {
    throw new Error(`verifyJws does not agree with its parts about ${token.slice(0, 40)}`);
  }
  return accepts;
}

/** The same for one shared secret. A secret that is short or can be guessed accepts nothing. */
export function acceptsWithSecret(token: string, secret: string, algorithm: string): boolean {
  if (!hmacAlgorithms.includes(algorithm)) return false;
  return unlessRefused(() => {
    const ring = hmacSecret(secret, { encoding: 'base64url' }).open([algorithm]);
    return acceptsForm(token, [algorithm], (query) => ring.find(query, context));
  });
}

/** RFC 7520 §3.5. Sallyport refuses secrets that are published, because everybody can sign with them. */
export function isSecretOfRfc7520({ kid }: Jwk): boolean {
  return kid === '018c0ae5-4d9b-471b-bfd6-eef314bc7037';
}

/** How many keys of a set are good enough to be used. */
export function countUsableKeys(keys: readonly Jwk[]): number {
  return readKeySet({ keys }, algorithms).size;
}

const context: VerifyContext = {
  nowSeconds: 0,
  signal: new AbortController().signal,
  allowRemote: false,
};

function acceptsForm(
  token: string,
  allowed: readonly string[],
  find: (query: KeyQuery) => unknown,
): boolean {
  return unlessRefused(() => {
    const signed = readForm(token);
    const query = readKeyQuery(signed.header, allowed);
    const key = find(query) as VerificationKey | undefined;
    return key !== undefined && holdsSignature(signed, query.algorithm, key);
  });
}

/** Reads a JWS as a token is read, except that its payload can be any bytes. */
function readForm(token: string): SignedText & { readonly header: Jwk } {
  try {
    return parseCompactJws(token);
  } catch (error) {
    const detail = isAuthError(error) ? (error.detail ?? '') : '';
    if (!/^payload: (?:not JSON|not UTF-8|not an object)/.test(detail)) throw error;
    const segments = splitCompactJws(token);
    return { header: parseSegment(segments.header, 'header'), ...readSignedText(token, segments) };
  }
}

function holdsJson(token: string): boolean {
  return unlessRefused(() => parseCompactJws(token) !== undefined);
}

async function acceptsWithVerifyJws(
  token: string,
  keys: readonly Jwk[],
  allowed: readonly string[],
): Promise<boolean> {
  try {
    await verifyJws(token, { keys }, { algorithms: allowed } as VerifyJwsOptions);
    return true;
  } catch (error) {
    if (isAuthError(error)) return false;
    throw error;
  }
}

/** `false` for a refusal. Any other error is a defect, and ends the run. */
function unlessRefused(run: () => boolean): boolean {
  try {
    return run();
  } catch (error) {
    if (isAuthError(error) || error instanceof ConfigError) return false;
    throw error;
  }
}

function toText({ message, signature }: SignedBytes): SignedText {
  return {
    signingInput: Buffer.from(message, 'hex').toString('latin1'),
    signature: Buffer.from(signature, 'hex'),
  };
}
