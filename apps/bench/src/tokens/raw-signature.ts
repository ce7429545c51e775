import { constants, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { toDerSignature } from './der-signature.ts';
import type { Issuer } from './issuer.ts';

/** A way to check signatures with nothing but `node:crypto`, over bytes that are ready. */
export interface RawSignatures {
  readonly name: string;
  /**
   * Checks the signatures of these tokens. It reads no claim: it is a floor, and no verifier.
   *
   * @returns Takes the place of a token in the list, in a circle, and throws unless it holds.
   */
  readonly open: (issuer: Issuer, tokens: readonly string[]) => (index: number) => void;
}

/** The fastest calls that we know. */
export const fastest: RawSignatures = {
  name: 'node:crypto alone',
  open: (issuer, tokens) =>
    openSignatures(
      tokens,
      fastestCheck(issuer),
      issuer.algorithm === 'ES256' ? toDerSignature : (signature) => signature,
    ),
};

/** The calls that the documentation of Node.js has for signatures as JWS has them. */
export const documented: RawSignatures = {
  name: 'node:crypto as documented',
  open: (issuer, tokens) =>
    openSignatures(tokens, documentedCheck(issuer), (signature) => signature),
};

type Check = (data: Buffer, signature: Buffer) => boolean;

function openSignatures(
  tokens: readonly string[],
  holds: Check,
  prepare: (signature: Buffer) => Buffer,
): (index: number) => void {
  const parts = tokens.map((token) => {
    const end = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    return { data: Buffer.from(token.slice(0, end)), signature: prepare(signature) };
  });
  return (index) => {
    const part = parts[index % parts.length];
    const good = part !== undefined && holds(part.data, part.signature);
    if (!good) throw new Error('the signature does not hold');
  };
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
};

function documentedCheck(issuer: Issuer): Check {
  const { algorithm, verificationKey: key } = issuer;
  if (algorithm === 'ES256') {
    return (data, signature) =>
      verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  if (algorithm === 'PS256') {
    return (data, signature) => verify('sha256', data, { key, ...pss }, signature);
  }
  return fastestCheck(issuer);
}

function fastestCheck(issuer: Issuer): Check {
  const { algorithm, signingKey, verificationKey: key } = issuer;
  switch (algorithm) {
    case 'RS256':
    case 'ES256':
      return (data, signature) => verify('sha256', data, key, signature);
    case 'PS256': {
      // On the key, and not in an object around it: Node 24 takes a microsecond for a key, and more
      // than ten to find out that an object is none.
      const pssKey = Object.assign(createPublicKey(signingKey), pss);
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
