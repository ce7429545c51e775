/** What the types must refuse. The type check fails where one of these compiles. */
import type {
  HmacKeySource,
  JwtVerifierOptions,
  PublicKeySource,
  SinglePublicKeySource,
} from '../src/index.ts';
import { localJwks, rotating } from '../src/index.ts';

declare const publicKeys: PublicKeySource;
declare const secret: HmacKeySource;
declare const publicKeyAtHand: SinglePublicKeySource;
const claims = { issuer: 'https://auth.example.com', audience: 'https://mcp.example.com/mcp' };

export const options: JwtVerifierOptions[] = [
  { ...claims, keys: publicKeys, algorithms: ['RS256', 'ES256'] },
  { ...claims, keys: secret, algorithms: ['HS256'] },
  // @ts-expect-error public keys with an HMAC algorithm (RFC 8725 §2.1)
  { ...claims, keys: publicKeys, algorithms: ['HS256'] },
  // @ts-expect-error both kinds in one verifier
  { ...claims, keys: publicKeys, algorithms: ['RS256', 'HS256'] },
  // @ts-expect-error a secret with a public-key algorithm
  { ...claims, keys: secret, algorithms: ['RS256'] },
  { ...claims, keys: rotating({ keys: publicKeyAtHand }), algorithms: ['RS256'] },
  { ...claims, keys: rotating({ keys: secret }), algorithms: ['HS256'] },
  // @ts-expect-error a public key that rotates, with an HMAC algorithm
  { ...claims, keys: rotating({ keys: publicKeyAtHand }), algorithms: ['HS256'] },
  // @ts-expect-error a secret that rotates, with a public-key algorithm
  { ...claims, keys: rotating({ keys: secret }), algorithms: ['RS256'] },
  // @ts-expect-error none is no algorithm
  { ...claims, keys: publicKeys, algorithms: ['none'] },
  // @ts-expect-error no algorithm at all
  { ...claims, keys: publicKeys, algorithms: [] },
  // @ts-expect-error no audience
  { issuer: claims.issuer, keys: publicKeys, algorithms: ['RS256'] },
  // @ts-expect-error no issuer
  { audience: claims.audience, keys: publicKeys, algorithms: ['RS256'] },
];

export const replacements: (() => void)[] = [
  () => rotating({ keys: secret }).replace(secret),
  () => rotating({ keys: publicKeyAtHand }).replace(publicKeyAtHand),
  // @ts-expect-error a public key in place of a secret
  () => rotating({ keys: secret }).replace(publicKeyAtHand),
  // @ts-expect-error a secret in place of a public key
  () => rotating({ keys: publicKeyAtHand }).replace(secret),
  // @ts-expect-error a set of keys rotates by itself
  () => rotating({ keys: localJwks({ keys: [] }) }),
];
