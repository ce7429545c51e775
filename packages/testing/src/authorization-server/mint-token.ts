import {
  type CompactJWSHeaderParameters,
  CompactSign,
  type CryptoKey,
  type JWK,
  type KeyObject,
} from 'jose';

/** Options for {@link mintToken}. */
export interface MintTokenOptions {
  /** A private key, or the bytes of an HMAC secret. */
  readonly key: CryptoKey | KeyObject | JWK | Uint8Array;
  /** The claims, verbatim: nothing is added, and nothing is checked. `undefined` is left out. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The protected header. `alg` must be one that the key can do. */
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string };
}

/**
 * Signs a JWT with exactly these claims and this header.
 *
 * It makes no sense of the claims: an expired, a future or a nonsensical token is minted as well.
 *
 * @example
 * ```ts
 * const token = await mintToken({ key, claims: { sub: 'developer' }, header: { alg: 'RS256' } });
 * ```
 */
export async function mintToken({ key, claims, header }: MintTokenOptions): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  // JSON drops what is undefined, where jose would refuse a `kid` of undefined.
  const protectedHeader: CompactJWSHeaderParameters = JSON.parse(JSON.stringify(header));
  return new CompactSign(payload).setProtectedHeader(protectedHeader).sign(key);
}
