import { constants, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { toDerSignature } from './der-signature.ts';
import type { Issuer } from './issuer.ts';

/** What `node:crypto` takes for the signature, over bytes that are ready and in its own form. */
export const rawName = 'node:crypto alone';

/**
 * Checks the signatures of these tokens. It reads no claim: it is the floor, and no verifier.
 *
 * @returns Takes the place of a token in the list, in a circle, and throws unless it holds.
 */
export function openRawSignatures(
  issuer: Issuer,
  tokens: readonly string[],
): (index: number) => void {
  const parts = tokens.map((token) => {
    const end = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    return {
      data: Buffer.from(token.slice(0, end)),
      signature: issuer.algorithm === 'ES256' ? toDerSignature(signature) : signature,
    };
  });
  const holds = rawCheck(issuer);
  return (index) => {
    const part = parts[index % parts.length];
    const good = part !== undefined && holds(part.data, part.signature);
    if (!good) throw new Error('the signature does not hold');
  };
}

function rawCheck(issuer: Issuer): (data: Buffer, signature: Buffer) => boolean {
  const { algorithm, signingKey, verificationKey: key } = issuer;
  switch (algorithm) {
    case 'RS256':
    case 'ES256':
      return (data, signature) => verify('sha256', data, key, signature);
    case 'PS256': {
      // On the key, and not in an object around it: Node 24 takes a microsecond for a key, and more
      // than ten to find out that an object is none.
      const pssKey = Object.assign(createPublicKey(signingKey), {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
      return (data, signature) => verify('sha256', data, pssKey, signature);
    }
    case 'EdDSA':
      return (data, signature) => verify(null, data, key, signature);
    case 'HS256':
      return (data, signature) => {
        const expected = createHmac('sha256', key).update(data).digest();
        return expected.length === signature.length && timingSafeEqual(expected, signature);
      };
  }
}
