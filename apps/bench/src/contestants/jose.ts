import { type CryptoKey, importJWK, jwtVerify } from 'jose';
import { algorithms, type Issuer } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

export const jose: Contestant = {
  name: 'jose',
  algorithms,

  async open(issuer) {
    const key = await importKey(issuer);
    const options = { issuer: issuerName, audience, algorithms: [issuer.algorithm] };
    return (token) => jwtVerify(token, key, options);
  },
};

async function importKey({ algorithm, jwk, keyText }: Issuer): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  // A secret given as bytes would be imported again for each token.
  if (algorithm === 'HS256') {
    return crypto.subtle.importKey('raw', Buffer.from(keyText), hmac, false, ['verify']);
  }
  const key = await importJWK({ ...jwk, kty: `${jwk.kty}` }, algorithm);
  if (key instanceof Uint8Array) throw new TypeError('a public key was read as a secret');
  return key;
}
