export type { AsymmetricAlgorithm, HmacAlgorithm } from './algorithms.ts';
export { isAsymmetricAlgorithm, isHmacAlgorithm } from './algorithms.ts';
export type { JsonObject } from './compact-jws.ts';
export type { DiscoverJwksOptions } from './discover-jwks.ts';
export { discoverJwks } from './discover-jwks.ts';
export type { TokenProfile } from './header.ts';
export { hmacSecret } from './hmac-secret.ts';
export type { JwtClaimOptions, JwtVerifierOptions } from './jwt-verifier.ts';
export { createJwtVerifier } from './jwt-verifier.ts';
export type {
  HmacKeySource,
  KeyQuery,
  KeyRing,
  PublicKeySource,
  VerificationKey,
} from './key-source.ts';
export { localJwks } from './local-jwks.ts';
export { publicKey } from './public-key.ts';
export type { FetchedKeysOptions, RemoteJwksOptions } from './remote-jwks.ts';
export { remoteJwks } from './remote-jwks.ts';
export type { VerifiedJws, VerifyJwsOptions } from './verify-jws.ts';
export { verifyJws } from './verify-jws.ts';
