/** The header of a proof, and the key in it: RFC 9449 §4.2. */
import type { JWK } from 'jose';
import type { KeyKind } from './algorithms.ts';
import { refuseProof } from './proof-fault.ts';
import { decodeCanonically, type JsonObject } from './strict-json.ts';

/** With what a proof says that it is signed. */
export interface ProofHeader {
  readonly algorithm: string;
  /** The members that make a public key, and none besides. */
  readonly publicKey: JWK;
}

// RFC 7518 §6 and draft-ietf-cose-dilithium's `priv`: what only the holder of a key may know.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** @throws {AuthError} `dpop_proof_invalid`. */
export function readProofHeader(
  { typ, alg, jwk, crit }: JsonObject,
  algorithms: ReadonlyMap<string, KeyKind>,
): ProofHeader {
  if (typ !== 'dpop+jwt') refuseProof('typ');
  const kind = typeof alg === 'string' ? algorithms.get(alg) : undefined;
  if (typeof alg !== 'string' || kind === undefined) refuseProof('alg');
  // No extension is understood here (RFC 7515 §4.1.11).
  if (crit !== undefined) refuseProof('crit');
  return { algorithm: alg, publicKey: readPublicKey(jwk, kind) };
}

function readPublicKey(jwk: unknown, { kty, crv, members }: KeyKind): JWK {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) refuseProof('jwk');
  const key = jwk as JsonObject;
  // A private key that is sent in a proof is lost.
  if (privateMembers.some((name) => Object.hasOwn(key, name))) refuseProof('jwk: private key');
  if (key['kty'] !== kty || (crv !== undefined && key['crv'] !== crv)) refuseProof('jwk: kind');
  const publicKey: Record<string, string> = { kty };
  for (const name of members) {
    const value = key[name];
    if (typeof value !== 'string' || value === '') refuseProof(`jwk: ${name}`);
    if (name !== 'crv') decodeCanonically(value, `jwk: ${name}`);
    publicKey[name] = value;
  }
  return publicKey;
}
